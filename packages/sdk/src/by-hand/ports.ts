/** What sealing files by hand needs from the machine it runs on. host-node implements it for Node. */
import type { ChunkCipher, Engine } from '@latchkey/crypto';

/** Bytes to read. `sizeBytes` is null where nobody knows it beforehand (a pipe). */
export interface ByteSource {
  readonly sizeBytes: number | null;
  stream(): AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** Present where any range can be read (a regular file). */
  readonly readAt?: (offset: number, lengthBytes: number) => Promise<Uint8Array<ArrayBuffer>>;
}

/** Bytes to write, in order. The caller commits or discards the sink: a half-written file never shows. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** Moves a payload from a source to a sink; a host may do it with several threads when both are files. */
export interface PayloadMover {
  seal(job: PayloadJob): Promise<void>;
  open(job: PayloadJob): Promise<void>;
}

export interface PayloadJob {
  readonly payloadKey: Uint8Array;
  /** First byte of the chunks in the source (open) or the plaintext (seal). */
  readonly sourceOffset: number;
  readonly source: ByteSource;
  readonly sink: ByteSink;
  readonly onProgress?: (plaintextBytes: number) => void;
}

export interface ByHandHost {
  readonly engine: Engine;
  readonly chunks: ChunkCipher;
  readonly payloads?: PayloadMover;
}
