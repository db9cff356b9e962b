/** A part of a blob, in memory that is used again once it was given back. */
export interface CutPart {
  /** From 0. */
  readonly part: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface PartShape {
  readonly partBytes: number;
  readonly sizeBytes: number;
}

/** Memory for parts: as much as was ever out at once. */
export interface PartMemory {
  take(): Uint8Array<ArrayBuffer>;
  giveBack(bytes: Uint8Array<ArrayBuffer>): void;
}

export function partMemory(partBytes: number): PartMemory {
  const free: Uint8Array<ArrayBuffer>[] = [];
  return {
    take: () => free.pop() ?? new Uint8Array(partBytes),
    giveBack: (bytes) => void free.push(new Uint8Array(bytes.buffer)),
  };
}

/**
 * Cuts a stream into parts of `partBytes`, the last one shorter.
 *
 * @throws RangeError where the stream has another size than `sizeBytes`: a mistake of the caller
 */
export async function* cutParts(
  pieces: AsyncIterable<Uint8Array>,
  { partBytes, sizeBytes }: PartShape,
  memory: PartMemory,
): AsyncGenerator<CutPart, void, undefined> {
  let part = 0;
  let left = sizeBytes;
  let held = memory.take();
  let size = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const wanted = Math.min(partBytes, left) - size;
      if (wanted === 0) throw new RangeError('the stream is longer than was said');
      const used = Math.min(piece.length - at, wanted);
      held.set(piece.subarray(at, at + used), size);
      at += used;
      size += used;
      if (used < wanted) continue;
      left -= size;
      yield { part, bytes: held.subarray(0, size) };
      part += 1;
      size = 0;
      held = left > 0 ? memory.take() : held;
    }
  }
  if (left > 0) throw new RangeError('the stream is shorter than was said');
}
