/** Cuts a stream into runs of whole chunks, whatever pieces it comes in. */
import { concatBytes, isUnshared } from './bytes.ts';
import type { RunMemory } from './run-memory.ts';

export interface CutRun {
  readonly firstChunk: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** True for the last one. */
  readonly final: boolean;
}

export interface RunShape {
  readonly chunkBytes: number;
  readonly chunksPerRun: number;
  /**
   * Runs that lie within a piece are views of it, and good only until the next run is asked for. Else each has memory
   * of its own.
   */
  readonly borrow?: boolean;
  /** Where runs that are not borrowed lie; who works on them gives them back. Absent: each in memory of its own. */
  readonly memory?: RunMemory;
}

/**
 * At least one run, and only the last may be short. A full run is held back until another byte has come, since
 * the last chunk is sealed in another way than the rest.
 */
export async function* cutRuns(
  source: AsyncIterable<Uint8Array>,
  { chunkBytes, chunksPerRun, borrow = false, memory }: RunShape,
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
        if (!borrow) held = memory?.take() ?? new Uint8Array(runBytes);
        size = 0;
      }
      // Another byte must follow, as ever.
      if (borrow && size === 0 && piece.length - at > runBytes) {
        const view = piece.subarray(at, at + runBytes);
        yield { firstChunk, bytes: isUnshared(view) ? view : new Uint8Array(view), final: false };
        firstChunk += chunksPerRun;
        at += runBytes;
        continue;
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
