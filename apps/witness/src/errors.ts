/** What stops a command. Refusals to callers over HTTP are answers (http/answer.ts). */
export type WitnessErrorCode =
  | 'argument_invalid'
  | 'key_missing'
  | 'key_exists'
  | 'key_malformed'
  | 'logs_malformed'
  | 'state_missing'
  | 'state_damaged'
  | 'state_in_use'
  | 'url_refused'
  | 'log_unreachable'
  | 'log_answer_malformed'
  | 'port_taken';

export class WitnessError extends Error {
  override readonly name = 'WitnessError';
  readonly code: WitnessErrorCode;

  constructor(code: WitnessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
