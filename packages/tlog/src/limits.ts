/** A statement of 1 MiB and more signature lines than any note of ours carries (docs/spec/03-signed-notes.md, "Limits"). */
export const MAX_NOTE_BYTES: number = 2 * 1024 * 1024;

/** C2SP signed-note asks for at least 16; 100 is what the reference implementation takes. */
export const MAX_NOTE_SIGNATURES: number = 100;

/** An ML-DSA-44 key takes 1,780 characters; names take the rest. */
export const MAX_VERIFIER_KEY_CHARS: number = 4096;

/** A path in a tree of at most 2^63 leaves; the witness protocol's limit (C2SP tlog-witness, "add-checkpoint"). */
export const MAX_PROOF_HASHES: number = 63;

/** The text of a checkpoint: far more than an origin and a few extension lines need. */
export const MAX_CHECKPOINT_CHARS: number = 16 * 1024;

/** Hashes of a full tile and entries of a full bundle (C2SP tlog-tiles, "Merkle Tree"). */
export const TILE_WIDTH: number = 256;

/** The length of an entry in a bundle is a uint16 (C2SP tlog-tiles, "Log entries"). */
export const MAX_ENTRY_BYTES: number = 0xffff;

/** A path of 63 hashes, a checkpoint with a hundred post-quantum signatures, and extra data. */
export const MAX_TLOG_PROOF_BYTES: number = 1024 * 1024;

/** The same without extra data: what a witness reads at most (C2SP tlog-witness, "add-checkpoint"). */
export const MAX_ADD_CHECKPOINT_BYTES: number = 512 * 1024;

/** Two hundred post-quantum keys and their names. */
export const MAX_POLICY_CHARS: number = 512 * 1024;

/** Of logs, of witnesses and of groups each; C2SP tlog-policy, "Implementation limits", asks for 32. */
export const MAX_POLICY_LINES: number = 64;
