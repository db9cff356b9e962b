/** One recipient stanza of an age header (C2SP age, "Recipient stanza"). */
export interface Stanza {
  /** At least one; each of one or more printable ASCII characters without space. */
  readonly args: readonly string[];
  readonly body: Uint8Array;
}
