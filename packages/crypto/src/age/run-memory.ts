/**
 * Memory for runs, used again and again. Fresh arrays are zeroed by the platform and freed by its garbage collector,
 * which took a third of the time of opening in Chromium (bench/browser/README.md).
 */
export class RunMemory {
  readonly #runBytes: number;
  readonly #free: Uint8Array<ArrayBuffer>[] = [];

  constructor(runBytes: number) {
    this.#runBytes = runBytes;
  }

  /** An array for one whole run; what stands in it is whatever was there before. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#free.pop() ?? new Uint8Array(this.#runBytes);
  }

  /** Only when nobody looks at it any more. Arrays of other sizes are let go. */
  giveBack(bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length === this.#runBytes && bytes.length === bytes.buffer.byteLength) this.#free.push(bytes);
  }
}
