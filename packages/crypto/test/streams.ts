/** Streams for tests. */

export async function* streamOf(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const piece of pieces) yield piece;
}

/** Pieces of the sizes given, again and again. The piece is overwritten after use, as a source may do. */
export async function* cutInto(
  bytes: Uint8Array,
  ...sizes: readonly number[]
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? bytes.length;
    const piece = bytes.slice(at, at + size);
    yield piece;
    piece.fill(0xee);
    at += size;
  }
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  return (await collectUntilFailure(source, true)).bytes;
}

export interface Collected {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly failure: unknown;
}

/** What came out before the stream failed, and what it failed with; null where it ended well. */
export async function collectUntilFailure(source: AsyncIterable<Uint8Array>, rethrow = false): Promise<Collected> {
  const parts: Uint8Array[] = [];
  let failure: unknown = null;
  try {
    for await (const part of source) parts.push(part.slice());
  } catch (error) {
    if (rethrow) throw error;
    failure = error;
  }
  return { bytes: new Uint8Array(Buffer.concat(parts)), failure };
}

/** Bytes that show where they stand: no two places within 64 MiB look alike. */
export function patternBytes(lengthBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lengthBytes);
  for (let i = 0; i < lengthBytes; i++) bytes[i] = (i * 31 + (i >> 8) * 7 + (i >> 16) * 13) & 0xff;
  return bytes;
}

/** For assert.throws and assert.rejects. */
export function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Error && 'code' in error && error.code === code;
}
