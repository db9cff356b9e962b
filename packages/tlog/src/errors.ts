/** Every way in which this room refuses input. The codes are stable; messages are for people and may change. */
export type TlogErrorCode =
  | 'note_malformed'
  | 'note_too_large'
  | 'note_signatures_too_many'
  | 'verifier_key_malformed'
  | 'verifiers_ambiguous'
  | 'checkpoint_malformed'
  | 'cosignature_malformed'
  | 'tile_path_malformed'
  | 'tile_wrong'
  | 'entry_bundle_malformed'
  | 'proof_malformed'
  | 'policy_malformed'
  | 'add_checkpoint_malformed'
  | 'argument_invalid';

/** Broken or hostile input, or a caller's mistake. What `verifyNote` finds is a value, never an error. */
export class TlogError extends Error {
  override readonly name = 'TlogError';
  readonly code: TlogErrorCode;

  constructor(code: TlogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
