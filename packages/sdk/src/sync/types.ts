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
  /** The newest `v` of this record's kind that the caller understands: a newer record is refused, not overwritten. */
  readonly knows?: number;
}

/** What stands in the record, byte for byte, under the newest epoch; where it is under that already, nothing is done. */
export interface SealAgain {
  readonly id: Uint8Array;
  readonly change: 'seal-again';
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
  /** Heads that the server showed and no device made: left aside, and worth telling. */
  readonly forgedHeads: number;
}

/** How far a log has come, and what it held. */
export interface LogTip {
  /** 16 bytes. */
  readonly space: Uint8Array;
  readonly size: number;
  /** RFC 6962, 32 bytes. */
  readonly root: Uint8Array;
}

/** What a device vouches for: a note in the vault. */
export interface NotedTip extends LogTip {
  readonly device: Uint8Array;
  /** Since 1970-01-01T00Z, by that device's clock. */
  readonly hour: number;
}

/** Of the head that speaks of the most changes: what a person compares who joins with a new device. */
export interface NewestState {
  readonly device: Uint8Array;
  readonly size: number;
  /** Since 1970-01-01T00Z, by that device's clock. */
  readonly hour: number;
}

/** Everything that others change in a space, for one who follows it. */
export interface ChangesWatch {
  /** Records that changed since the last time, or since the watch began; whichever call caught up with them. */
  take(): readonly Uint8Array[];
  end(): void;
}

/** A server shows less of a space, or something else, than this device has seen of it. */
export interface Setback {
  /** How many changes this device has seen. */
  readonly seen: number;
  /** How many the server has. */
  readonly shown: number;
  /** Of the newest head that it shows, since 1970-01-01T00Z; null where there is none. */
  readonly shownHour: number | null;
}

/** A record as this device had it before it began again. */
export interface AsideRecord {
  /** 16 bytes. */
  readonly id: Uint8Array;
  readonly version: number;
  /** Of the record on the server now; 0 where it has none. */
  readonly shownVersion: number;
  readonly body: RecordBody | null | 'unreadable';
}

/** A space of one member: vault or mailbox. */
export interface Space {
  readonly id: Uint8Array;
  /**
   * Fetches what is new, checks it against this device's last root and every head it knows, and keeps it.
   *
   * @param expected what devices noted (`notedHeads`); those of other spaces are left aside
   * @throws SdkError `space_rolled_back`, `space_forked`, `space_altered`, `epoch_unknown`; what the wire throws
   */
  catchUp(expected?: readonly NotedTip[]): Promise<CaughtUp>;
  /**
   * For whoever must miss no change: what `catchUp` tells, it tells one caller once, and a call that fails later, or one
   * that catches up by the way (`write`, `noteFiled`), tells nobody.
   */
  watchChanges(): ChangesWatch;
  /**
   * From what was caught up. Null where there is no such record; a deleted one has a null body.
   *
   * @throws SdkError `record_newer` where this version cannot read it, `epoch_unknown`
   */
  read(id: Uint8Array): Promise<OpenedRecord | null>;
  /** From what was caught up; of one kind where given. Deleted ones and those that only a newer version reads are left out. */
  entries(kind?: string): AsyncIterable<OpenedRecord>;
  /**
   * Writes all edits together, with a head, and keeps them. On a conflict it catches up and asks the edits again. More
   * than 256 records, or 8 MiB of them, are several batches in order, each all or nothing.
   *
   * A lost answer is looked up in the log. Where that fails too (`server_unreachable`), call again with the same array
   * of edits: what was written after all is found and not written twice.
   *
   * @throws SdkError `record_newer`, `record_too_large`, `space_busy`, what `catchUp` throws; RefusedError `quota_full`
   */
  write(edits: readonly (RecordEdit | SealAgain)[]): Promise<void>;
  /** The version-1 record of this body, sealed for `arrivals/file`, which puts it if it is absent. Then `noteFiled`. */
  sealNew(id: Uint8Array, body: RecordBody): Promise<{ readonly epoch: number; readonly sealed: Uint8Array }>;
  /** Ids of records that are sealed under an older epoch than the newest, deleted ones too. */
  staleRecords(): AsyncIterable<Uint8Array>;
  /** After `arrivals/file`: catches up, and writes this device's head. */
  noteFiled(): Promise<CaughtUp>;
  /**
   * Whether the server has gone back; null where its history goes on from what this device has seen.
   *
   * @throws SdkError `epoch_unknown`; what the wire throws
   */
  setback(): Promise<Setback | null>;
  /**
   * Only with the owner's word. Puts aside what this device has and takes the server's history as it is.
   *
   * @returns by record id in hex, the number of its newest change on the server
   */
  beginAgain(): Promise<ReadonlyMap<string, number>>;
  aside(): AsyncIterable<AsideRecord>;
  forgetAside(): Promise<void>;
  /** The newest place that this device has checked. */
  tip(): Promise<LogTip>;
  /** Null in a space that no device has written to. */
  newestState(): Promise<NewestState | null>;
  /** 16 bytes: HMAC of the space's own naming key, so that two devices give one thing one record id. */
  nameRecord(label: string, bytes: Uint8Array): Promise<Uint8Array>;
}
