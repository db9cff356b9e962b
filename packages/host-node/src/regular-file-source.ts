import { type BigIntStats, close, fstatSync, read } from 'node:fs';
import { promisify } from 'node:util';
import { HostError } from './errors.ts';
import type { FileSource } from './file-source.ts';
import { withHostErrors } from './host-error-of.ts';

const FIRST_PIECE_BYTES = 64 * 1024;
const PIECE_BYTES = 1024 * 1024;
const readInto = promisify(read);
const closeFd = promisify(close);

/** A regular file: its size is known, any range can be read, and a change during reading is noticed. */
export class RegularFileSource implements FileSource {
  static readonly #open = new Set<RegularFileSource>();
  readonly path: string;
  readonly fd: number;
  readonly sizeBytes: number;
  readonly #device: bigint;
  readonly #inode: bigint;
  readonly #modifiedNs: bigint;
  #closed = false;

  /** `fd` is closed by `close`; `stats` are its own, with a size that is a safe integer. */
  constructor(path: string, { fd, stats }: { readonly fd: number; readonly stats: BigIntStats }) {
    this.path = path;
    this.fd = fd;
    this.sizeBytes = Number(stats.size);
    this.#device = stats.dev;
    this.#inode = stats.ino;
    this.#modifiedNs = stats.mtimeNs;
    RegularFileSource.#open.add(this);
  }

  /** Once a reader has come back for more, the next piece is read while the last one is used. */
  async *stream(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const first = await this.#readFully(0, new Uint8Array(Math.min(FIRST_PIECE_BYTES, this.sizeBytes)));
    yield first;
    if (first.length < this.sizeBytes) yield* this.#streamAhead(first.length);
    this.checkUnchanged();
  }

  async *#streamAhead(start: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    let [next, spare] = [new Uint8Array(PIECE_BYTES), new Uint8Array(PIECE_BYTES)];
    const readNext = (at: number): Promise<Uint8Array<ArrayBuffer>> => {
      [next, spare] = [spare, next];
      return this.#readFully(at, spare.subarray(0, Math.max(0, Math.min(PIECE_BYTES, this.sizeBytes - at))));
    };
    let ahead = readNext(start);
    try {
      for (let at = start; at < this.sizeBytes;) {
        const piece = await ahead;
        if (piece.length === 0) break;
        at += piece.length;
        ahead = readNext(at);
        // It is awaited in any case, but perhaps later than it fails.
        ahead.catch(() => undefined);
        yield piece;
      }
    } finally {
      // The file may be closed next: nothing may still be reading it.
      await ahead.catch(() => undefined);
    }
  }

  readonly readAt = (offset: number, lengthBytes: number): Promise<Uint8Array<ArrayBuffer>> =>
    this.#readFully(offset, new Uint8Array(Math.max(0, Math.min(lengthBytes, this.sizeBytes - offset))));

  /** @throws HostError source_changed: where size or time of change are not what they were when it was opened */
  checkUnchanged(): void {
    const stats = fstatSync(this.fd, { bigint: true });
    if (Number(stats.size) !== this.sizeBytes || stats.mtimeNs !== this.#modifiedNs)
      throw new HostError('source_changed', `${this.path}: it was changed while it was read`);
  }

  /** True where somebody here is reading this file, under whatever name. */
  static isBeingRead({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): boolean {
    for (const source of RegularFileSource.#open) if (source.#device === dev && source.#inode === ino) return true;
    return false;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    RegularFileSource.#open.delete(this);
    await closeFd(this.fd);
  }

  #readFully(offset: number, into: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    return withHostErrors({ action: 'read', path: this.path }, async () => {
      let size = 0;
      while (size < into.length) {
        const { bytesRead } = await readInto(this.fd, into, size, into.length - size, offset + size);
        if (bytesRead === 0) break;
        size += bytesRead;
      }
      return into.subarray(0, size);
    });
  }
}
