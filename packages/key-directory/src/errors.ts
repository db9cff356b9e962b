/** Every way in which this room refuses input. The codes are stable; messages are for people and may change. */
export type KeyDirectoryErrorCode =
  | 'leaf_malformed'
  | 'index_leaf_malformed'
  | 'policy_unfit'
  | 'genesis_missing'
  | 'genesis_twice'
  | 'log_full'
  | 'argument_invalid';

/** Broken or hostile input, or a caller's mistake. What a verifier finds in an answer is a value, never an error. */
export class KeyDirectoryError extends Error {
  override readonly name = 'KeyDirectoryError';
  readonly code: KeyDirectoryErrorCode;

  constructor(code: KeyDirectoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
