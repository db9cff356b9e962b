/** Every way in which this room refuses. Errors of crypto and of the host pass through by their codes. */
export type SdkErrorCode =
  /** A seal without recipients and without a passphrase. */
  | 'recipients_missing'
  /** The stop signal was raised. */
  | 'stopped';

export class SdkError extends Error {
  override readonly name = 'SdkError';
  readonly code: SdkErrorCode;

  constructor(code: SdkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
