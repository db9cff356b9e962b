/** What a server gives to show the newest head of both logs. All of it is untrusted. */
export interface HeadAnswer {
  /** The index log's checkpoint as a whole signed note with its cosignatures. */
  readonly indexCheckpoint: Uint8Array;
  /** The last entry of the index log (`encodeIndexLeaf`): map root and the key log's checkpoint. */
  readonly indexLeaf: Uint8Array;
  /** Of that entry, at index size - 1, in that checkpoint. */
  readonly indexInclusion: readonly Uint8Array[];
  /** From the client's last head to this one; empty where it has none. */
  readonly indexConsistency: readonly Uint8Array[];
  readonly keysConsistency: readonly Uint8Array[];
}

export interface TreeHead {
  readonly size: number;
  /** 32 bytes. */
  readonly rootHash: Uint8Array;
}

/** What a client keeps of the last head that it verified, in its vault. */
export interface StoredHead {
  readonly index: TreeHead;
  readonly keys: TreeHead;
}
