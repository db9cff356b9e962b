/** The counters that the threads of one file share; all else they do apart from each other. */

/** Chunk numbers pass between threads in 32 bits: 128 TiB. */
export const MAX_CHUNKS: number = 2 ** 31 - 1;

/** What the threads of one job share. */
const SHARED_BYTES = 24;
const NEXT_SEGMENT = 0;
const STOPPED = 1;
const FAILED_CHUNK = 2;
const SOURCE_SHORT = 3;
const DONE_CHUNKS = 4;
const THREADS_INSIDE = 5;

export class ChunkFileState {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(buffer?: SharedArrayBuffer) {
    this.buffer = buffer ?? new SharedArrayBuffer(SHARED_BYTES);
    this.#words = new Int32Array(this.buffer);
    if (buffer === undefined) this.#words[FAILED_CHUNK] = MAX_CHUNKS;
  }

  enter(): void {
    Atomics.add(this.#words, THREADS_INSIDE, 1);
  }

  leave(): void {
    Atomics.sub(this.#words, THREADS_INSIDE, 1);
  }

  /** True while a thread may be using the files. */
  get inUse(): boolean {
    return Atomics.load(this.#words, THREADS_INSIDE) > 0;
  }

  takeSegment(): number {
    return Atomics.add(this.#words, NEXT_SEGMENT, 1);
  }

  stop(): void {
    Atomics.store(this.#words, STOPPED, 1);
  }

  /**
   * Segments are taken in order and each that was taken is finished: the smallest number that comes in is that of
   * the first damaged chunk of the whole payload, however many threads there are.
   */
  fail(chunk: number): void {
    for (let known = Atomics.load(this.#words, FAILED_CHUNK); chunk < known;) {
      const found = Atomics.compareExchange(this.#words, FAILED_CHUNK, known, chunk);
      if (found === known) break;
      known = found;
    }
    this.stop();
  }

  sourceEnded(): void {
    Atomics.store(this.#words, SOURCE_SHORT, 1);
    this.stop();
  }

  countDone(chunks: number): void {
    Atomics.add(this.#words, DONE_CHUNKS, chunks);
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, STOPPED) === 1;
  }

  get failedChunk(): number | null {
    const chunk = Atomics.load(this.#words, FAILED_CHUNK);
    return chunk === MAX_CHUNKS ? null : chunk;
  }

  get sourceShort(): boolean {
    return Atomics.load(this.#words, SOURCE_SHORT) === 1;
  }

  get doneChunks(): number {
    return Atomics.load(this.#words, DONE_CHUNKS);
  }
}
