/** What stands in a message, as it is written and as it is read. */

export interface Mailbox {
  /** `local@domain`, printable ASCII. */
  readonly address: string;
  /** Display name. */
  readonly name?: string;
}

/** What the HTML shows by `cid:`. */
export interface InlinePart {
  /** Without angle brackets. */
  readonly contentId: string;
  /** Media type without parameters. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A message to be written. There is no Bcc: whoever is not named is nowhere in it. */
export interface MessageFields {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly subject: string;
  /** Plain text; line breaks of any kind. One at the end counts as none. */
  readonly text: string;
  readonly html?: string;
  readonly inline?: readonly InlinePart[];
  /** Since 1970-01-01T00:00:00Z. */
  readonly dateSeconds: number;
  /** With angle brackets, as are the two below. */
  readonly messageId: string;
  readonly inReplyTo?: string;
  readonly references?: readonly string[];
}
