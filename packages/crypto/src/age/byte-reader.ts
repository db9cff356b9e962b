/**
 * Takes from a stream as many bytes as a parser asks for and gives the rest back as a stream.
 * A piece is used up before the next one is asked for, so a source may reuse its buffers.
 */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next piece, never empty; null at the end. */
  async next(): Promise<Uint8Array | null> {
    if (this.#held.length > 0) {
      const piece = this.#held;
      this.#held = new Uint8Array(0);
      return piece;
    }
    while (!this.#ended) {
      const { done, value } = await this.#source.next();
      if (done === true) this.#ended = true;
      else if (value.length > 0) return value;
    }
    return null;
  }

  /** Puts back what the caller did not use of the piece it has just got. */
  unread(bytes: Uint8Array): void {
    this.#held = bytes;
  }

  /** At most `lengthBytes`, fewer only at the end of the stream. A copy. */
  async take(lengthBytes: number): Promise<Uint8Array<ArrayBuffer>> {
    const taken = new Uint8Array(lengthBytes);
    let size = 0;
    while (size < lengthBytes) {
      const piece = await this.next();
      if (piece === null) return taken.slice(0, size);
      const used = Math.min(piece.length, lengthBytes - size);
      taken.set(piece.subarray(0, used), size);
      size += used;
      this.unread(piece.subarray(used));
    }
    return taken;
  }

  /** Everything that is left. Closes the source when the consumer stops early. */
  async *rest(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let piece = await this.next(); piece !== null; piece = await this.next()) yield piece;
    } finally {
      await this.close();
    }
  }

  /** Tells the source that nobody will read on. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#source.return?.();
  }
}
