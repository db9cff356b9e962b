/**
 * Encrypting and decrypting runs of whole age chunks (C2SP age, "Payload").
 *
 * A run is a number of consecutive chunks of one payload. A host with worker threads gives a cipher that
 * takes several runs at once; `chunkCipher(engine)` is the plain one that every engine has.
 */
import type { Awaitable } from '../engine/engine.ts';

export interface Run {
  /** The 32-byte payload key, HKDF of file key and payload nonce. */
  readonly payloadKey: Uint8Array;
  /** Number of the first chunk of this run, from 0. */
  readonly firstChunk: number;
  /** Whole chunks; the caller gives this array up (it may be transferred to another thread): but see `borrows`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** True where the last chunk of this run ends the payload. Only then may it be short. */
  readonly final: boolean;
}

export interface OpenedRun {
  /** Plaintext of the chunks before the first one that did not open. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** True where every chunk of the run opened. */
  readonly whole: boolean;
  /**
   * Ciphertext of the first chunk that did not open; absent where all did. With it the caller can tell a payload
   * that was cut short or added to from one that was changed.
   */
  readonly badChunk?: Uint8Array<ArrayBuffer>;
}

/** Bytes that were given up for their hash. */
export interface HashedBytes {
  /** SHA-256. */
  readonly hash: Uint8Array;
  /** The same bytes in the same memory, perhaps as another array. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Consecutive chunks of which somebody has signed the hash. */
export interface HashedPart extends Run {
  /** SHA-256 of `bytes`, as it must be. */
  readonly hash: Uint8Array;
}

export interface ChunkCipher {
  /** How many chunks a run should have for this cipher to be at its best. */
  readonly chunksPerRun: number;
  /** How many runs to keep under way. */
  readonly runsInFlight: number;
  /**
   * True where runs are only read: by `sealRun` before it returns, by `openRun` before its promise settles. Then a run
   * may lie in memory that is used again afterwards. Absent: the array is given up.
   */
  readonly borrows?: boolean;
  /** The same for the runs of one payload, where taking a key in costs time; their own `payloadKey` is not looked at. */
  underKey?(payloadKey: Uint8Array): Awaitable<ChunkCipher>;
  sealRun(run: Run): Awaitable<Uint8Array<ArrayBuffer>>;
  openRun(run: Run): Awaitable<OpenedRun>;
  /** Where there are threads for it. The array is given up, and its memory comes back. */
  hash?(bytes: Uint8Array<ArrayBuffer>): Awaitable<HashedBytes>;
  /**
   * Where there are threads for it: compares the hash, then opens all chunks where they lie. The array is given up with
   * all its memory; the plaintext comes back at the array's place. Null where the hash is another one or a chunk does not open; then
   * nothing of it comes back.
   */
  openPart?(part: HashedPart): Awaitable<Uint8Array<ArrayBuffer> | null>;
}
