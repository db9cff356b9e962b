import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { createGzip } from 'node:zlib';

/** One entry; `name` is relative, with forward slashes. */
export type TarEntry =
  | { readonly name: string; readonly kind: 'file'; readonly read: () => Buffer; readonly isExecutable: boolean }
  | { readonly name: string; readonly kind: 'link'; readonly target: string };

export interface WrittenTar {
  /** SHA-256 of the file that was written, and of what it holds when it is no longer compressed; lower-case hex. */
  readonly compressedHash: string;
  readonly tarHash: string;
}

/** As npm has it: long enough ago for every clock, and not zero, which some programs take for "unknown". */
const FIXED_SECONDS = 499_162_500;
const BLOCK_BYTES = 512;

/**
 * Writes a compressed tar (POSIX ustar) in the order of the names: one time, one owner, two modes, so that nothing of the
 * machine that packs is in it.
 *
 * @param level of gzip, 1 to 9
 * @throws Error where a name is too long for ustar
 */
export async function writeTar(path: string, entries: readonly TarEntry[], level: number): Promise<WrittenTar> {
  const gzip = createGzip({ level });
  const tarHash = createHash('sha256');
  const compressedHash = createHash('sha256');
  const file = openSync(path, 'w', 0o644);
  try {
    const written = (async (): Promise<void> => {
      for await (const piece of gzip as AsyncIterable<Buffer>) {
        compressedHash.update(piece);
        for (let at = 0; at < piece.length;) at += writeSync(file, piece, at);
      }
    })();
    for (const piece of tarPieces(entries)) {
      tarHash.update(piece);
      // What is written after the consumer failed would wait for ever.
      if (!gzip.write(piece)) await Promise.race([new Promise((resolve) => gzip.once('drain', resolve)), written]);
    }
    gzip.end();
    await written;
  } finally {
    closeSync(file);
  }
  return { compressedHash: compressedHash.digest('hex'), tarHash: tarHash.digest('hex') };
}

function* tarPieces(entries: readonly TarEntry[]): Generator<Buffer> {
  // By code units: no locale orders them.
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const content = entry.kind === 'file' ? entry.read() : Buffer.alloc(0);
    yield header(entry, content.length);
    yield content;
    yield Buffer.alloc((BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES);
  }
  yield Buffer.alloc(2 * BLOCK_BYTES);
}

function header(entry: TarEntry, sizeBytes: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const { prefix, name } = splitName(entry.name);
  const octal = (value: number, at: number, digits: number): void => {
    block.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  };
  block.write(name, 0, 'utf8');
  octal(entry.kind === 'link' ? 0o777 : entry.isExecutable ? 0o755 : 0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(sizeBytes, 124, 11);
  octal(FIXED_SECONDS, 136, 11);
  block.write('        ', 148, 'latin1');
  block.write(entry.kind === 'link' ? '2' : '0', 156, 'latin1');
  if (entry.kind === 'link') {
    if (Buffer.byteLength(entry.target) > 100) throw new Error(`${entry.name}: its target is too long for a tar file`);
    block.write(entry.target, 157, 'utf8');
  }
  block.write('ustar\x0000', 257, 'latin1');
  block.write('root', 265, 'latin1');
  block.write('root', 297, 'latin1');
  block.write(prefix, 345, 'utf8');
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  block.write('\0 ', 154, 'latin1');
  return block;
}

function splitName(whole: string): { readonly prefix: string; readonly name: string } {
  if (Buffer.byteLength(whole) <= 100) return { prefix: '', name: whole };
  for (let at = whole.indexOf('/'); at !== -1; at = whole.indexOf('/', at + 1)) {
    const [prefix, name] = [whole.slice(0, at), whole.slice(at + 1)];
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return { prefix, name };
  }
  throw new Error(`${whole} is too long for a tar file`);
}
