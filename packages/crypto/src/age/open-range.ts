/** Opening any range of a payload (C2SP age, "Payload": seeking). */
import type { Engine } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import type { ChunkCipher } from './chunk-cipher.ts';
import { chunkCipher } from './engine-chunk-cipher.ts';
import { inOrder } from './in-order.ts';
import { payloadKeyOf } from './payload-key.ts';
import {
  CHUNK_BYTES,
  CHUNK_PLAINTEXT_BYTES,
  NONCE_BYTES,
  chunkCountOf,
  chunkOffsetOf,
  plaintextSizeOf,
} from './payload-size.ts';

/** A payload, nonce included, of which any part can be read. */
export interface PayloadReader {
  readonly sizeBytes: number;
  /**
   * Exactly `lengthBytes` from `offset`; fewer only where the payload has become shorter. A fresh array, or the beginning
   * of `memory`, where the caller has some that is large enough and the reader makes use of it.
   */
  readAt(offset: number, lengthBytes: number, memory?: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

export interface OpenSeekableOptions {
  /** 16 bytes. */
  readonly fileKey: Uint8Array;
  readonly reader: PayloadReader;
  readonly cipher?: ChunkCipher;
}

/** A payload whose end has been verified, and with it its size. */
export interface SeekablePayload {
  readonly plaintextSizeBytes: number;
  readonly reader: PayloadReader;
  readonly cipher: ChunkCipher;
  /** 32 bytes; the caller zeroes them when done. */
  readonly payloadKey: Uint8Array;
}

/**
 * Verifies that the last chunk is a final one. Only then is the size known, and ranges may be opened.
 * @throws CryptoError payload_truncated, payload_damaged, argument_invalid
 */
export async function openSeekable(engine: Engine, options: OpenSeekableOptions): Promise<SeekablePayload> {
  const { fileKey, reader, cipher = chunkCipher(engine) } = options;
  const plaintextSizeBytes = plaintextSizeOf(reader.sizeBytes);
  const payloadKey = await payloadKeyOf(engine, fileKey, await readExactly(reader, 0, NONCE_BYTES));
  const payload = { plaintextSizeBytes, reader, cipher, payloadKey };
  const lastChunk = chunkCountOf(plaintextSizeBytes) - 1;
  const bytes = await openChunks(payload, { firstChunk: lastChunk, chunkCount: 1 });
  bytes.fill(0);
  return payload;
}

/**
 * The plaintext from `start` up to and without `end`, in constant memory. Every byte that comes out has been
 * verified.
 * @throws CryptoError range_outside_payload, payload_damaged, payload_truncated
 */
export async function* openRange(
  payload: SeekablePayload,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const inside = Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start <= end;
  if (!inside || end > payload.plaintextSizeBytes)
    throw new CryptoError('range_outside_payload', 'the range does not lie inside the payload');
  if (start === end) return;
  const opened = inOrder(runsOf(start, end, payload.cipher.chunksPerRun), {
    atOnce: payload.cipher.runsInFlight,
    work: async (run) => ({ run, bytes: await openChunks(payload, run) }),
  });
  for await (const { run, bytes } of opened) {
    const runStart = run.firstChunk * CHUNK_PLAINTEXT_BYTES;
    yield bytes.subarray(Math.max(0, start - runStart), Math.min(bytes.length, end - runStart));
  }
}

interface ChunkSpan {
  readonly firstChunk: number;
  readonly chunkCount: number;
}

async function* runsOf(start: number, end: number, chunksPerRun: number): AsyncGenerator<ChunkSpan, void, undefined> {
  const endChunk = Math.ceil(end / CHUNK_PLAINTEXT_BYTES);
  for (let firstChunk = Math.floor(start / CHUNK_PLAINTEXT_BYTES); firstChunk < endChunk; firstChunk += chunksPerRun)
    yield { firstChunk, chunkCount: Math.min(chunksPerRun, endChunk - firstChunk) };
}

async function openChunks(payload: SeekablePayload, span: ChunkSpan): Promise<Uint8Array<ArrayBuffer>> {
  const { plaintextSizeBytes, reader, cipher, payloadKey } = payload;
  const { firstChunk, chunkCount } = span;
  const offset = chunkOffsetOf(firstChunk);
  const bytes = await readExactly(reader, offset, Math.min(chunkCount * CHUNK_BYTES, reader.sizeBytes - offset));
  const final = firstChunk + chunkCount === chunkCountOf(plaintextSizeBytes);
  const opened = await cipher.openRun({ payloadKey, firstChunk, bytes, final });
  if (!opened.whole) {
    opened.bytes.fill(0);
    throw new CryptoError('payload_damaged', 'the payload was changed or cut short: a chunk does not open');
  }
  return opened.bytes;
}

async function readExactly(
  reader: PayloadReader,
  offset: number,
  lengthBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await reader.readAt(offset, lengthBytes);
  if (bytes.length !== lengthBytes) throw new CryptoError('payload_truncated', 'the payload was cut short');
  return bytes;
}
