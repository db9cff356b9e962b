import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { encodeEntryBundle } from '@latchkey/tlog';
import { syncFolder } from '../state/write-whole.ts';

/** Entries in one bundle of a tiled log. */
export const BUNDLE_WIDTH = 256;

const lengthBytes = 2;
const readBytes = 1_048_576;

/**
 * All entries of one log, each after its length in two bytes, as in the log's own bundles (c2sp.org/tlog-tiles, "Log
 * entries"): the file is the log's bundles put together. It only grows, but for entries that turned out not to be the
 * log's. In memory is one number for each 256 entries.
 */
export class EntryFile {
  readonly #file: number;
  /** Where each bundle begins, and where the next entry goes. */
  #starts: number[] = [];
  #endBytes = 0;
  #size = 0;

  private constructor(file: number) {
    this.#file = file;
  }

  /** Opens the file, and drops an entry at its end that was not written to its end. */
  static async open(path: string): Promise<EntryFile> {
    const isNew = !existsSync(path);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const opened = new EntryFile(openSync(path, isNew ? 'w+' : 'r+', 0o600));
    if (isNew) await syncFolder(dirname(path));
    for (const entry of opened.#scan(0)) opened.#count(entry.length);
    opened.#cut();
    return opened;
  }

  get size(): number {
    return this.#size;
  }

  /** On the disk when this returns. */
  append(entries: readonly Uint8Array[]): void {
    if (entries.length === 0) return;
    const bytes = Buffer.concat(bundlesOf(entries));
    try {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, this.#endBytes + done);
      }
      fsyncSync(this.#file);
    } catch (error) {
      this.#cut();
      throw error;
    }
    for (const entry of entries) this.#count(entry.length);
  }

  /** The entries from one position to before another, one after the other; each is valid until the next is asked for. */
  *read(from: number, to: number): Generator<Uint8Array, void> {
    let position = Math.floor(from / BUNDLE_WIDTH) * BUNDLE_WIDTH;
    if (from < 0 || to > this.#size || from >= to) return;
    for (const entry of this.#scan(this.#starts[position / BUNDLE_WIDTH] ?? 0)) {
      if (position >= from) yield entry;
      position += 1;
      if (position >= to) return;
    }
  }

  /** A bundle as the log serves it, or null where there are not that many entries. */
  readBundle(index: number, width: number): Uint8Array | null {
    const from = index * BUNDLE_WIDTH;
    if (from + width > this.#size) return null;
    return encodeEntryBundle([...this.read(from, from + width)].map((entry) => entry.slice()));
  }

  /** Drops everything from a position on: it was not the log's. */
  truncate(size: number): void {
    if (size >= this.#size) return;
    let endBytes = 0;
    const first = Math.floor(size / BUNDLE_WIDTH) * BUNDLE_WIDTH;
    endBytes = this.#starts[first / BUNDLE_WIDTH] ?? 0;
    for (const entry of this.read(first, size)) endBytes += lengthBytes + entry.length;
    this.#starts.length = Math.ceil(size / BUNDLE_WIDTH);
    this.#size = size;
    this.#endBytes = endBytes;
    this.#cut();
  }

  close(): void {
    closeSync(this.#file);
  }

  #count(length: number): void {
    if (this.#size % BUNDLE_WIDTH === 0) this.#starts.push(this.#endBytes);
    this.#size += 1;
    this.#endBytes += lengthBytes + length;
  }

  /** What is after the last whole entry is not one. */
  #cut(): void {
    if (fstatSync(this.#file).size <= this.#endBytes) return;
    ftruncateSync(this.#file, this.#endBytes);
    fsyncSync(this.#file);
  }

  /** Whole entries from a place in the file to its end. */
  *#scan(startBytes: number): Generator<Uint8Array, void> {
    const buffer = Buffer.allocUnsafe(readBytes);
    let place = startBytes;
    for (;;) {
      const got = readSync(this.#file, buffer, 0, readBytes, place);
      let at = 0;
      while (at + lengthBytes <= got) {
        const end = at + lengthBytes + buffer.readUInt16BE(at);
        if (end > got) break;
        yield buffer.subarray(at + lengthBytes, end);
        at = end;
      }
      if (at === 0) return;
      place += at;
    }
  }
}

function bundlesOf(entries: readonly Uint8Array[]): Uint8Array[] {
  const bundles: Uint8Array[] = [];
  for (let place = 0; place < entries.length; place += BUNDLE_WIDTH) {
    bundles.push(encodeEntryBundle(entries.slice(place, place + BUNDLE_WIDTH)));
  }
  return bundles;
}
