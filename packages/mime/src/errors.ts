/** Every way in which this room refuses. The codes are stable; messages are for people and may change. */
export type MimeErrorCode =
  /** What was read is no message that we take. */
  | 'message_malformed'
  /** More bytes, parts, levels or header than the limits allow. */
  | 'message_too_large'
  /** What was to be written cannot stand in a message: a line break in a header, a malformed address or type. */
  | 'field_unfit';

/** No message holds anything of the input. */
export class MimeError extends Error {
  override readonly name = 'MimeError';
  readonly code: MimeErrorCode;

  constructor(code: MimeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
