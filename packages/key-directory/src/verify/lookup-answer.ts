/** What a server gives for one label against one head. All of it is untrusted. */
export interface LookupAnswer {
  /** 80 bytes. */
  readonly vrfProof: Uint8Array;
  /** Of all versions of the label in the key log; empty where it has none. */
  readonly positions: readonly number[];
  /** Against the head's map root, present or absent. */
  readonly mapProof: Uint8Array;
  /** The newest versions without a gap, the newest last; how many is `positions.length` less what the client knows. */
  readonly leaves: readonly LookupLeaf[];
}

export interface LookupLeaf {
  /** 66 bytes. */
  readonly leaf: Uint8Array;
  /** In the key log's checkpoint of the head, at the position of its version. */
  readonly inclusion: readonly Uint8Array[];
  /** Null where the server has deleted what was said. */
  readonly opened: LookupOpening | null;
}

export interface LookupOpening {
  /** 16 bytes. */
  readonly opening: Uint8Array;
  readonly note: Uint8Array;
}
