/** One signature line of a note: who says to have signed, and the bytes. Nothing about it is checked yet. */
export interface NoteSignature {
  /** Not empty, without Unicode white space and `+`. */
  readonly keyName: string;
  /** The four bytes of the key id as an unsigned big-endian number. */
  readonly keyId: number;
  /** What follows the key id: the signature proper, at least one byte. */
  readonly signature: Uint8Array;
}

/** A signed note (C2SP signed-note): a text and the lines under it, in their order. */
export interface Note {
  /** Ends with a newline, which is signed too; the blank line after it is not part of the text. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}
