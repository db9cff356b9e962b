/** A statement of 1 MiB and more signature lines than any note of ours carries (docs/spec/03-signed-notes.md, "Limits"). */
export const MAX_NOTE_BYTES: number = 2 * 1024 * 1024;

/** C2SP signed-note asks for at least 16; 100 is what the reference implementation takes. */
export const MAX_NOTE_SIGNATURES: number = 100;

/** An ML-DSA-44 key takes 1,780 characters; names take the rest. */
export const MAX_VERIFIER_KEY_CHARS: number = 4096;
