/** Why a tail ends: what the log shows is not what it has signed, or is not shown. */
export type TailReason =
  /** A leaf stands under the own address, and the map does not show it. */
  | 'leaf_hidden'
  /** A map root that no replay gives: somebody was shown another history. */
  | 'map_root_not_from_replay'
  /** The key log was another one between two index leaves. */
  | 'keys_root_not_from_replay'
  | 'keys_rolled_back'
  | 'genesis_twice'
  | 'genesis_missing'
  /** The following may be a broken line as well. */
  | 'index_leaf_malformed'
  | 'leaf_malformed'
  | 'entries_not_of_head'
  | 'entries_missing'
  | 'entries_malformed';

export class TailRefused extends Error {
  override readonly name = 'TailRefused';
  readonly reason: TailReason;
  /** Of the index leaf that it was found at; null where it is about the log as a whole. */
  readonly indexPosition: number | null;
  readonly indexLeaf: Uint8Array | null;

  constructor(
    reason: TailReason,
    options: ErrorOptions & { readonly indexPosition?: number; readonly indexLeaf?: Uint8Array } = {},
  ) {
    super(`the key log is not what it has signed: ${reason}`, options);
    this.reason = reason;
    this.indexPosition = options.indexPosition ?? null;
    this.indexLeaf = options.indexLeaf ?? null;
  }
}
