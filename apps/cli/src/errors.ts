import type { ExitName } from './exit-codes.ts';

/** What this room itself refuses; errors of the sdk and of host-node are told by `explain-error.ts`. */
export type CliErrorCode =
  | 'arguments_wrong'
  | 'secret_in_arguments'
  | 'passphrase_with_recipients'
  | 'recipient_file_malformed'
  | 'file_not_found'
  | 'file_not_readable'
  | 'file_not_text'
  | 'output_exists'
  | 'file_not_writable'
  | 'identity_malformed'
  | 'file_is_sealed'
  | 'identity_missing'
  | 'not_for_me'
  | 'passphrase_missing'
  | 'passphrase_not_repeated'
  | 'passphrase_source_malformed'
  | 'no_terminal'
  | 'binary_to_terminal'
  | 'interrupted'
  | 'terminated'
  | 'self_test_failed'
  | 'message_empty'
  | 'sender_unverified'
  | 'session_not_found'
  | 'contact_unknown'
  | 'keys_refused'
  | 'words_differ'
  | 'key_log_doubtful'
  | 'evidence_not_found'
  | 'evidence_incomplete'
  | 'evidence_refused'
  | 'key_log_refused'
  | 'contact_card_refused'
  | 'policy_kept'
  | 'nothing_came'
  | 'setback_not_accepted';

/** `message` is one sentence that says what is wrong; `advice` says what to do. Neither repeats a secret. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly exit: ExitName;
  readonly advice: string;

  constructor(code: CliErrorCode, exit: ExitName, told: { readonly message: string; readonly advice: string }) {
    super(told.message);
    this.code = code;
    this.exit = exit;
    this.advice = told.advice;
  }
}

export function usageError(message: string, advice: string): CliError {
  return new CliError('arguments_wrong', 'usage', { message, advice });
}
