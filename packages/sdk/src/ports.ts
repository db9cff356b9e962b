/**
 * What a client needs from the machine it runs on (door `@latchkey/sdk/ports`). host-node implements it for Node,
 * the web app for browsers; tests use the memory implementations beside them.
 */
import type { LoginClient } from '@latchkey/crypto/login-client';
import type { Route, RequestOf, ResponseOf, ROUTES } from '@latchkey/protocol/wire';
import type { ByHandHost, ByteSink, ByteSource, StopSignal } from './by-hand/ports.ts';

export type { ByHandHost, ByteSink, ByteSource, LoginClient, StopSignal };

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z, as this machine believes. */
  nowMs(): number;
  /** Settles after this time, or soon after the signal is raised. Never rejects. */
  sleep(ms: number, signal?: StopSignal): Promise<void>;
}

/** Which right a call brings. */
export type Rights = { readonly session: string } | { readonly pass: string } | null;

export interface CallOptions {
  readonly rights?: Rights;
  readonly signal?: StopSignal;
}

export interface JsonCallOptions extends CallOptions {
  /** Small items that go behind the JSON, which says how long they are. Of `deliver`. */
  readonly items?: readonly Uint8Array[];
}

/** Half-open range of bytes; without `to` it goes to the end. */
export interface ByteRange {
  readonly from: number;
  readonly to?: number;
}

export interface BlobBody {
  /** Of the whole blob, as the server says. */
  readonly totalBytes: number;
  /** SHA-256 of the bytes asked for, where the server says it: against damage on the way, not against the server. */
  readonly hash?: Uint8Array;
  /** At most the bytes asked for; a server that sends more is refused with `answer_malformed`. May be called once. */
  stream(): AsyncIterable<Uint8Array>;
}

/**
 * One server, by the rows of the route table. Every answer is checked against its schema and limits.
 *
 * All methods throw SdkError `server_unreachable`, `answer_malformed`, `stopped`, and RefusedError (`server_refused`).
 */
export interface Wire {
  readonly origin: string;
  call<R extends Route>(route: R, request: RequestOf<R>, options?: JsonCallOptions): Promise<ResponseOf<R>>;
  /**
   * Raw bytes up, with their hash in a header. Of `holdsPut` and `uploadsPart`.
   *
   * @param options `bodyHash`: SHA-256 of the body, where the caller has it; the server refuses a wrong one
   */
  put<R extends Route>(
    route: R,
    request: RequestOf<R>,
    body: Uint8Array<ArrayBuffer>,
    options?: CallOptions & { readonly bodyHash?: Uint8Array },
  ): Promise<ResponseOf<R>>;
  /** Raw bytes down. Of `holdsRead` and `arrivalItem`. */
  read<R extends Route>(
    route: R,
    request: RequestOf<R>,
    options?: CallOptions & { range?: ByteRange },
  ): Promise<BlobBody>;
  /** Live events after a number, until the connection ends or the signal is raised. */
  events(after: number, options: CallOptions): AsyncIterable<ResponseOf<(typeof ROUTES)['eventsStream']>>;
}

/** Names of the small files that a profile holds. */
export type ProfileFile =
  /** Address, server, account secret, device, session. Never the root. */
  | 'account'
  /** The vault root while the account is unlocked. */
  | 'unlocked'
  /** A registration or change of latches that is not finished. */
  | 'pending'
  /** What this device has seen of spaces, arrivals and events. */
  | 'seen'
  /** Hourly heads of the key log that this device was shown. Public, and no secret. */
  | 'hours';

/** This device's own small secrets. Readable by their owner alone; every write is atomic and lasts. */
export interface Profile {
  read(file: ProfileFile): Promise<Uint8Array | null>;
  write(file: ProfileFile, bytes: Uint8Array): Promise<void>;
  remove(file: ProfileFile): Promise<void>;
  /** Runs `work` while no other process uses this profile for writing. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

/** A record as the server gave it. */
export interface CachedRecord {
  readonly record: Uint8Array;
  readonly version: number;
  readonly epoch: number;
  /** Empty where only the log's line has come so far, as of a version that a later line replaces. */
  readonly sealed: Uint8Array;
}

/** Where this device stands in a space's change log. */
export interface CachedLog {
  /** Number of changes seen. */
  readonly size: number;
  /** Hashes of the perfect subtrees, largest first, 32 bytes each, joined: all that an RFC 6962 tree needs to grow. */
  readonly peaks: Uint8Array;
  /** How many records here have no bytes yet. 0 but in the middle of catching up. */
  readonly awaited: number;
}

/**
 * Sealed records of this account, kept on the device so that only news is fetched. Everything in it is ciphertext or a
 * hash, and can be thrown away: it is fetched again.
 */
export interface RecordCache {
  log(space: Uint8Array): Promise<CachedLog | null>;
  /**
   * All together or nothing: records put over older versions, and the new place in the log. Older versions than those
   * that are here, and a place before the one that is here, are left out: another process may have been further.
   */
  apply(space: Uint8Array, news: { readonly records: readonly CachedRecord[]; readonly log: CachedLog }): Promise<void>;
  read(space: Uint8Array, record: Uint8Array): Promise<CachedRecord | null>;
  /** In the order of their record ids. A snapshot: changes made meanwhile do not disturb it. */
  all(space: Uint8Array): AsyncIterable<CachedRecord>;
  forget(space: Uint8Array): Promise<void>;
  /** Leaves nothing behind, not even an empty file. */
  forgetAll(): Promise<void>;
}

/** Everything that a client with an account needs. */
export interface ClientHost extends ByHandHost {
  readonly clock: Clock;
  /** OPAQUE's client half; host-node runs it in a thread of its own. */
  readonly login: LoginClient;
  readonly profile: Profile;
  readonly cache: RecordCache;
  /** @throws SdkError `server_insecure` for http to anything but this machine */
  connect(origin: string): Wire;
}
