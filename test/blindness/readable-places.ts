/** Whatever of a server can be read: its live memory and its files, piece by piece. */
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Piece {
  readonly place: string;
  readonly bytes: Buffer;
}

const pieceBytes = 16_777_216;
const pageBytes = 4_096;
/** Longer than any form of any marker. */
const overlapBytes = 4_096;

/**
 * Every page in memory of every readable mapping of the process: all threads' stacks and heaps among them. Linux. What was
 * never written, or is a file's and was not read, has no page; the files are looked at as files.
 */
export function* memoryOf(pid: number): Generator<Piece> {
  const [memory, pagemap] = [openSync(`/proc/${pid}/mem`, 'r'), openSync(`/proc/${pid}/pagemap`, 'r')];
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const found = /^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \S+\s*(.*)$/.exec(line);
      if (found === null) continue;
      const [, from = '', to = '', name = ''] = found;
      if (/^\[v(var|var_vclock|syscall)\]$/.test(name)) continue;
      const place = `memory ${name || 'anonymous'} ${from}`;
      for (const run of pagesIn(pagemap, parseInt(from, 16), parseInt(to, 16)))
        yield* readRun(memory, { ...run, place });
    }
  } finally {
    closeSync(memory);
    closeSync(pagemap);
  }
}

interface Run {
  readonly from: number;
  readonly to: number;
}

/** Runs of pages that are in memory, or swapped out (bits 63 and 62 of their entries). */
function* pagesIn(pagemap: number, from: number, to: number): Generator<Run> {
  const entries = Buffer.alloc(((to - from) / pageBytes) * 8);
  const length = readOrNothing(pagemap, entries, (from / pageBytes) * 8);
  let start: number | null = null;
  for (let at = 0; at <= length; at += 8) {
    const isThere = at < length && (entries[at + 7] ?? 0) >= 0x40;
    const address = from + (at / 8) * pageBytes;
    if (isThere) start ??= address;
    else if (start !== null) {
      yield { from: start, to: address };
      start = null;
    }
  }
}

function* readRun(memory: number, { from, to, place }: Run & { readonly place: string }): Generator<Piece> {
  for (let at = from; at < to;) {
    const bytes = Buffer.allocUnsafe(Math.min(pieceBytes, to - at));
    const length = readOrNothing(memory, bytes, at);
    if (length > 0) yield { place, bytes: bytes.subarray(0, length) };
    if (at + length >= to) return;
    // A page that went away meanwhile ends a reading: behind it there may be more.
    at += length === bytes.length ? length - overlapBytes : length + pageBytes;
  }
}

function readOrNothing(handle: number, bytes: Buffer, at: number): number {
  try {
    return readSync(handle, bytes, 0, bytes.length, at);
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['EIO', 'EFAULT', 'ENXIO'].includes(String(error.code))) return 0;
    throw error;
  }
}

export function* filesOf(folder: string): Generator<Piece> {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    // A file's name is kept too.
    yield { place: `name ${name}`, bytes: Buffer.from(name) };
    if (stats?.isFile() === true) yield { place: `file ${name}`, bytes: readFileSync(path) };
  }
}
