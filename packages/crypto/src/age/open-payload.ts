/** Opening the chunks of a payload as a stream (C2SP age, "Payload"). */
import { CryptoError } from '../errors.ts';
import { concatBytes } from './bytes.ts';
import type { ChunkCipher, OpenedRun, Run } from './chunk-cipher.ts';
import { type CutRun, cutRuns } from './cut-runs.ts';
import { inOrder } from './in-order.ts';
import { CHUNK_BYTES, CHUNK_PLAINTEXT_BYTES, TAG_BYTES } from './payload-size.ts';
import { RunMemory } from './run-memory.ts';

export interface OpenPayloadOptions {
  /** 32 bytes, of `payloadKeyOf`. Must stay as it is until the stream has ended. */
  readonly payloadKey: Uint8Array;
  /** The payload without its nonce. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * The plaintext, in constant memory. Every chunk that comes out has been verified; whether the payload is
 * whole is known only when the stream has ended without an error.
 * @throws CryptoError payload_damaged, payload_truncated: after the plaintext before the bad chunk
 */
export async function* openPayload(
  cipher: ChunkCipher,
  { payloadKey, chunks }: OpenPayloadOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const keyed = (await cipher.underKey?.(payloadKey)) ?? cipher;
  const memory = keyed.borrows === true ? new RunMemory(keyed.chunksPerRun * CHUNK_BYTES) : undefined;
  const shape = { chunkBytes: CHUNK_BYTES, chunksPerRun: keyed.chunksPerRun };
  const runs = cutRuns(chunks, memory === undefined ? shape : { ...shape, memory });
  const work = async (run: CutRun): Promise<RunResult> => {
    const result = await openRun(keyed, payloadKey, run);
    memory?.giveBack(run.bytes);
    return result;
  };
  const opened = inOrder(runs, { atOnce: keyed.runsInFlight, work });
  for await (const { bytes, failure } of opened) {
    if (bytes.length > 0) yield bytes;
    if (failure !== null) throw failure;
  }
}

interface RunResult {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly failure: CryptoError | null;
}

async function openRun(cipher: ChunkCipher, payloadKey: Uint8Array, run: CutRun): Promise<RunResult> {
  const tailFailure = run.final ? judgeTail(run) : null;
  const sound = tailFailure === null ? run : withoutTail(run);
  if (tailFailure !== null && sound.bytes.length === 0) return { bytes: sound.bytes, failure: tailFailure };
  // The cipher may take the bytes away: what is needed of them later is set aside.
  const lastChunk = sound.firstChunk + Math.ceil(sound.bytes.length / CHUNK_BYTES) - 1;
  const opened = await cipher.openRun({ payloadKey, ...sound });
  if (opened.whole) return { bytes: opened.bytes, failure: tailFailure };
  const badChunk = sound.firstChunk + opened.bytes.length / CHUNK_PLAINTEXT_BYTES;
  const takenAsFinal = sound.final && badChunk === lastChunk;
  return openOtherwise(cipher, opened, { payloadKey, firstChunk: badChunk, final: !takenAsFinal });
}

/** A last chunk holds a tag and, but for an empty plaintext, at least one byte more. */
function judgeTail({ firstChunk, bytes }: CutRun): CryptoError | null {
  const tailBytes = bytes.length % CHUNK_BYTES;
  if (tailBytes === 0) return bytes.length === 0 ? truncated() : null;
  if (tailBytes < TAG_BYTES) return truncated();
  const emptyPayload = firstChunk === 0 && bytes.length === TAG_BYTES;
  return tailBytes === TAG_BYTES && !emptyPayload ? damaged('the final chunk is empty') : null;
}

function withoutTail({ firstChunk, bytes }: CutRun): CutRun {
  return { firstChunk, bytes: bytes.subarray(0, bytes.length - (bytes.length % CHUNK_BYTES)), final: false };
}

/**
 * A chunk that opens only with the other final flag is as it was sealed, and what it holds is given out; but the
 * payload was cut after it, or something was added behind it.
 */
async function openOtherwise(cipher: ChunkCipher, opened: OpenedRun, other: Omit<Run, 'bytes'>): Promise<RunResult> {
  const bad = opened.badChunk;
  // A short chunk cannot be one from the middle.
  if (bad?.length !== CHUNK_BYTES) return { bytes: opened.bytes, failure: damaged('a chunk does not open') };
  const retried = await cipher.openRun({ ...other, bytes: bad });
  if (!retried.whole) return { bytes: opened.bytes, failure: damaged('a chunk does not open') };
  const failure = other.final ? damaged('something follows the final chunk') : truncated();
  return { bytes: concatBytes(opened.bytes, retried.bytes), failure };
}

function damaged(why: string): CryptoError {
  return new CryptoError('payload_damaged', `the payload was changed: ${why}`);
}

function truncated(): CryptoError {
  return new CryptoError('payload_truncated', 'the payload was cut short');
}
