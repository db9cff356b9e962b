/**
 * Why an answer of a directory is refused: one stable code for each lie that can be told at this level
 * (docs/spec/12-key-directory.md, "Refusals", says which lie each stands for).
 */
export type RefusalReason =
  // Rule 1: the head.
  | 'index_checkpoint_malformed'
  | 'keys_checkpoint_malformed'
  | 'index_leaf_malformed'
  | 'origin_foreign'
  | 'extension_line'
  | 'log_signature_missing'
  | 'signature_wrong'
  | 'signature_repeated'
  | 'witnesses_too_few'
  | 'auditor_missing'
  | 'head_stale'
  | 'head_ahead_of_time'
  | 'index_rolled_back'
  | 'keys_rolled_back'
  // Rule 2: consistency.
  | 'index_forked'
  | 'keys_forked'
  | 'index_inconsistent'
  | 'keys_inconsistent'
  // Rule 3: the look-up.
  | 'index_leaf_not_last'
  | 'vrf_wrong'
  | 'positions_malformed'
  | 'map_proof_wrong'
  | 'history_lost'
  | 'history_shortened'
  | 'history_rewritten'
  | 'leaves_missing'
  | 'leaf_malformed'
  | 'leaf_of_another_label'
  | 'leaf_not_in_log'
  | 'genesis_missing'
  | 'genesis_twice'
  | 'opening_missing'
  | 'commitment_wrong'
  // Rule 7: an index leaf against a replay.
  | 'map_root_not_from_replay'
  | 'keys_root_not_from_replay';

export type Rule = 1 | 2 | 3 | 7;

/** A value, not an error: that a server lies is expected. Nothing of a refused answer may be used. */
export interface Refusal {
  readonly refused: true;
  /** Of docs/spec/12-key-directory.md, "Rules". */
  readonly rule: Rule;
  readonly reason: RefusalReason;
}

export function refuse(rule: Rule, reason: RefusalReason): Refusal {
  return { refused: true, rule, reason };
}
