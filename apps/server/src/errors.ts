/** What stops the server or a command of the operator. Refusals to clients are `Refused` (store/refused.ts). */
export type ServerErrorCode =
  | 'config_malformed'
  | 'data_newer'
  | 'data_in_use'
  | 'data_missing'
  | 'data_damaged'
  | 'port_taken'
  | 'host_refused'
  | 'account_unknown'
  | 'argument_invalid'
  | 'output_exists'
  | 'backup_damaged'
  | 'recipient_missing';

export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
