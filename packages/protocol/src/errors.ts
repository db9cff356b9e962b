/** Every way in which this room refuses input. The codes are stable; messages are for people and may change. */
export type ProtocolErrorCode =
  | 'address_malformed'
  | 'address_not_canonical'
  | 'statement_too_large'
  | 'statement_kind_unknown'
  | 'statement_malformed'
  | 'statement_inconsistent'
  | 'statement_not_canonical';

/** Broken or hostile input. No message holds an address or anything else of the input. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
