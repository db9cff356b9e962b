/** The plain chunk cipher: every engine has it (C2SP age, "Payload"). */
import type { Engine } from '../engine/engine.ts';
import { joinFreshBytes } from './bytes.ts';
import type { ChunkCipher, OpenedRun, Run } from './chunk-cipher.ts';
import { CHUNK_BYTES, CHUNK_PLAINTEXT_BYTES } from './payload-size.ts';

const CHUNKS_PER_RUN = 16;
/** One run on its way to the consumer while the next is worked on; more only costs memory. */
const RUNS_IN_FLIGHT = 2;

/** As much of an engine as chunks need. */
export type ChunkAead = Pick<Engine, 'aeadSeal' | 'aeadOpen'>;

export function chunkCipher(engine: ChunkAead): ChunkCipher {
  return {
    chunksPerRun: CHUNKS_PER_RUN,
    runsInFlight: RUNS_IN_FLIGHT,
    sealRun: (run) => sealRun(engine, run),
    openRun: (run) => openRun(engine, run),
  };
}

async function sealRun(engine: ChunkAead, run: Run): Promise<Uint8Array<ArrayBuffer>> {
  const chunks = cut(run, CHUNK_PLAINTEXT_BYTES);
  const sealed = await Promise.all(
    chunks.map(async ({ bytes, nonce }) => engine.aeadSeal({ key: run.payloadKey, nonce, bytes })),
  );
  return joinFreshBytes(sealed);
}

async function openRun(engine: ChunkAead, run: Run): Promise<OpenedRun> {
  const chunks = cut(run, CHUNK_BYTES);
  const opened = await Promise.all(
    chunks.map(async ({ bytes, nonce }) => engine.aeadOpen({ key: run.payloadKey, nonce, bytes })),
  );
  const good = opened.slice(0, countGood(opened)).filter((bytes) => bytes !== null);
  const bytes = joinFreshBytes(good);
  const bad = chunks[good.length];
  return bad === undefined ? { bytes, whole: true } : { bytes, whole: false, badChunk: bad.bytes.slice() };
}

function countGood(opened: readonly (Uint8Array | null)[]): number {
  const firstBad = opened.indexOf(null);
  return firstBad < 0 ? opened.length : firstBad;
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly nonce: Uint8Array;
}

function cut({ firstChunk, bytes, final }: Run, chunkBytes: number): Chunk[] {
  const count = Math.max(1, Math.ceil(bytes.length / chunkBytes));
  return Array.from({ length: count }, (_, i) => ({
    bytes: bytes.subarray(i * chunkBytes, (i + 1) * chunkBytes),
    nonce: chunkNonce(firstChunk + i, final && i === count - 1),
  }));
}

/** A big-endian counter of 11 bytes and the flag of the final chunk. */
function chunkNonce(index: number, final: boolean): Uint8Array {
  const nonce = new Uint8Array(12);
  let left = index;
  for (let i = 10; left > 0; i--) {
    nonce[i] = left % 256;
    left = Math.floor(left / 256);
  }
  nonce[11] = final ? 1 : 0;
  return nonce;
}
