/** Spaces of sealed records, as the rest of the sdk uses them (docs/spec/07-spaces.md). */

/** A record's content. `kind` and `v` say how to read it; fields of newer versions are kept byte for byte. */
export interface RecordBody {
  readonly kind: string;
  readonly v: number;
  readonly [field: string]: unknown;
}

export interface OpenedRecord {
  /** 16 bytes. */
  readonly id: Uint8Array;
  readonly version: number;
  /** Null where the record is deleted. */
  readonly body: RecordBody | null;
}

/** One record's next content, from what it is now (null: absent or deleted). */
export interface RecordEdit {
  readonly id: Uint8Array;
  /** Called again with the newer content after a conflict. Null deletes; `keep` changes nothing. */
  readonly change: (current: RecordBody | null) => RecordBody | null | 'keep';
}

export interface SpaceKeyring {
  readonly space: Uint8Array;
  /** The epoch that new records are sealed under. */
  readonly epoch: number;
  /** Secrets of all epochs, 32 bytes each. */
  readonly secrets: ReadonlyMap<number, Uint8Array>;
}

export interface CaughtUp {
  /** Records that changed since this device last looked, newest versions only. */
  readonly changed: readonly Uint8Array[];
  /** Size of the change log. */
  readonly size: number;
}

/** A space of one member: vault or mailbox. */
export interface Space {
  readonly id: Uint8Array;
  /**
   * Fetches what is new, checks it against this device's last root and every head it knows, and keeps it.
   *
   * @throws SdkError `space_rolled_back`, `space_forked`, `space_altered`; what the wire throws
   */
  catchUp(): Promise<CaughtUp>;
  /** From what was caught up. Null where there is no such record; a deleted one has a null body. */
  read(id: Uint8Array): Promise<OpenedRecord | null>;
  /** From what was caught up, deleted ones left out; of one kind where given. */
  entries(kind?: string): AsyncIterable<OpenedRecord>;
  /**
   * Writes all edits together, with a head, and keeps them. On a conflict it catches up and asks the edits again.
   * Repeating after a lost answer is safe.
   */
  write(edits: readonly RecordEdit[]): Promise<void>;
  /**
   * The version-1 record of this body, sealed for `arrivals/file` (which puts it if it is absent). `noteFiled` then
   * takes over what the server answered by catching up.
   */
  sealNew(id: Uint8Array, body: RecordBody): Promise<{ readonly epoch: number; readonly sealed: Uint8Array }>;
  /** 16 bytes: HMAC of the space's own naming key, so that two devices give one thing one record id. */
  nameRecord(label: string, bytes: Uint8Array): Promise<Uint8Array>;
}
