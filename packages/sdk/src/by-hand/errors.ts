/** Every way in which this room refuses. Errors of crypto (`CryptoErrorCode`) and of the host pass through by code. */
export type SdkErrorCode =
  /** A seal without recipients and without a passphrase. */
  | 'recipients_missing'
  /** The stop signal was raised. */
  | 'stopped'
  /** An identity file with a line that is neither identity, comment nor empty, or with no identity at all. */
  | 'identity_file_malformed'
  /** The source cannot be read a second time, and this needs it. */
  | 'source_not_rereadable';

export class SdkError extends Error {
  override readonly name = 'SdkError';
  readonly code: SdkErrorCode;

  constructor(code: SdkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
