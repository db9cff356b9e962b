/** Cuts a stream into runs of whole chunks, whatever pieces it comes in. */
import { concatBytes } from './bytes.ts';

export interface CutRun {
  readonly firstChunk: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** True for the last one. */
  readonly final: boolean;
}

export interface RunShape {
  readonly chunkBytes: number;
  readonly chunksPerRun: number;
}

/**
 * At least one run, and only the last may be short. A full run is held back until another byte has come, since
 * the last chunk is sealed in another way than the rest.
 */
export async function* cutRuns(
  source: AsyncIterable<Uint8Array>,
  { chunkBytes, chunksPerRun }: RunShape,
): AsyncGenerator<CutRun, void, undefined> {
  const runBytes = chunkBytes * chunksPerRun;
  // Small items are many: begin with a single chunk and grow.
  let held = new Uint8Array(Math.min(chunkBytes, runBytes));
  let size = 0;
  let firstChunk = 0;
  for await (const piece of source) {
    for (let at = 0; at < piece.length;) {
      if (size === runBytes) {
        yield { firstChunk, bytes: held, final: false };
        firstChunk += chunksPerRun;
        held = new Uint8Array(runBytes);
        size = 0;
      }
      if (size === held.length) held = concatBytes(held, new Uint8Array(Math.min(size, runBytes - size)));
      const used = Math.min(piece.length - at, held.length - size);
      held.set(piece.subarray(at, at + used), size);
      size += used;
      at += used;
    }
  }
  yield { firstChunk, bytes: held.subarray(0, size), final: true };
}
