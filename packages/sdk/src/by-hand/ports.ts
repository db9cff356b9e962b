/** What sealing files by hand needs from the machine it runs on. host-node implements it for Node. */
import type { ChunkCipher, Encapsulations, Engine } from '@latchkey/crypto';

/** Anything with `aborted`, an AbortSignal among others. It is looked at between pieces of work. */
export interface StopSignal {
  readonly aborted: boolean;
}

/** Bytes to read. `sizeBytes` is null where nobody knows it beforehand (a pipe). */
export interface ByteSource {
  readonly sizeBytes: number | null;
  /**
   * From the first byte. A piece is good until the next one is asked for: its memory may be used again then.
   * May be called once where `readAt` is missing, else as often as one likes.
   */
  stream(): AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** Present where any range can be read (a regular file). Shorter than asked only at the end. */
  readonly readAt?: (offset: number, lengthBytes: number) => Promise<Uint8Array<ArrayBuffer>>;
}

/** Bytes to write, in order. Nothing shows under the final name before `commit`. */
export interface ByteSink {
  /** Settles when there is room for more: awaiting it is the back pressure. `bytes` may be reused afterwards. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes what was written last and show. Called once, after the last write. */
  commit(): Promise<void>;
  /** Takes away what can be taken away. Safe to call twice and after a failed commit. */
  discard(): Promise<void>;
}

/** What stands before the first chunk in a sealed file, and the bytes the mover is to handle. */
export interface PayloadJob {
  /** 32 bytes, HKDF of file key and payload nonce. */
  readonly payloadKey: Uint8Array;
  readonly source: ByteSource;
  /** First byte of the plaintext (seal) or of chunk 0 (open) in the source. */
  readonly sourceOffset: number;
  readonly sink: ByteSink;
  readonly onProgress?: (plaintextBytes: number) => void;
  readonly signal?: StopSignal;
}

/** `not_taken`: this job is not for this mover, which has then read and written nothing. */
export type PayloadOutcome =
  | { readonly outcome: 'moved'; readonly plaintextBytes: number }
  | { readonly outcome: 'stopped' }
  | { readonly outcome: 'not_taken' };

/**
 * Moves a whole payload faster than the generic way, where it can: host-node does it with several threads when
 * both ends are regular files. Throws what `openPayload` of crypto throws for a payload that is not whole.
 */
export interface PayloadMover {
  seal(job: PayloadJob): Promise<PayloadOutcome>;
  open(job: PayloadJob): Promise<PayloadOutcome>;
}

export interface ByHandHost {
  readonly engine: Engine;
  readonly chunks: ChunkCipher;
  readonly payloads?: PayloadMover;
  /** Where there are threads for it: begins at once with encapsulations to all these keys, or null where they are few. */
  encapsulateAhead?(publicKeys: readonly Uint8Array[]): Encapsulations | null;
}
