import { closeSync, createReadStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { isatty, ReadStream } from 'node:tty';
import type { FileSource } from './file-source.ts';
import { hostErrorOf } from './host-error-of.ts';

const PIECE_BYTES = 256 * 1024;

/** What can be read once, from front to back: standard input, a pipe, a terminal, a device, a file of unknown size. */
export class StreamSource implements FileSource {
  readonly sizeBytes = null;
  readonly #path: string;
  readonly #from: number | NodeJS.ReadableStream;
  #stream: NodeJS.ReadableStream | null = null;
  #closed = false;

  /** `from` is an open descriptor, which is closed at the end, or a stream. */
  constructor(path: string, from: number | NodeJS.ReadableStream) {
    this.#path = path;
    this.#from = from;
  }

  async *stream(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    try {
      this.#stream = typeof this.#from === 'number' ? streamOf(this.#from) : this.#from;
      for await (const piece of this.#stream as AsyncIterable<Buffer<ArrayBuffer>>) yield piece;
    } catch (error) {
      throw hostErrorOf(error, { action: 'read', path: this.#path });
    }
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    const stream = this.#stream ?? this.#from;
    if (typeof stream === 'number') closeSync(stream);
    else if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
    return Promise.resolve();
  }
}

/**
 * Pipes and terminals are waited for in the event loop. A thread of Node's pool that waits in read(2) cannot be called
 * back, and the process does not end before it does: a pipe that nobody writes to would take SIGKILL.
 */
function streamOf(fd: number): NodeJS.ReadableStream {
  if (isatty(fd)) return new ReadStream(fd);
  const stats = fstatSync(fd);
  if (stats.isFIFO() || stats.isSocket()) return new Socket({ fd, readable: true, writable: false });
  return createReadStream('', { fd, highWaterMark: PIECE_BYTES });
}
