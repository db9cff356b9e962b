import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ServerError } from '../errors.ts';

const flushBytes = 1_048_576;

export type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export interface Manifest {
  readonly files: number;
  readonly bytes: number;
  /** SHA-256 of SHA256SUMS itself. */
  readonly hash: Uint8Array;
}

/**
 * A new folder that is written file after file in constant memory; each file's hash goes into SHA256SUMS as it is
 * written, in the form that `sha256sum -c` reads.
 */
export class OutFolder {
  readonly #path: string;
  readonly #sums: FileHandle;
  readonly #sumsHash = createHash('sha256');
  #files = 0;
  #bytes = 0;

  private constructor(path: string, sums: FileHandle) {
    this.#path = path;
    this.#sums = sums;
  }

  /** @throws ServerError `output_exists` */
  static async create(path: string): Promise<OutFolder> {
    try {
      mkdirSync(dirname(path), { recursive: true });
      mkdirSync(path, { mode: 0o700 });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
        throw new ServerError('output_exists', `${path} exists`);
      }
      throw error;
    }
    return new OutFolder(path, await open(join(path, 'SHA256SUMS'), 'wx', 0o600));
  }

  /** @param name relative, of `[a-zA-Z0-9._/-]` alone */
  async put(name: string, pieces: Pieces): Promise<void> {
    const hash = createHash('sha256');
    const bytes = await writeFile(join(this.#path, name), hashed(pieces, hash));
    const line = `${hash.digest('hex')}  ${name}\n`;
    this.#sumsHash.update(line);
    await this.#sums.write(line);
    this.#files += 1;
    this.#bytes += bytes;
  }

  async text(name: string, text: string): Promise<void> {
    await this.put(name, [Buffer.from(text)]);
  }

  /** Closes the list. What is written after it stands outside: the note over it. */
  async finish(): Promise<Manifest> {
    await this.#sums.sync();
    await this.#sums.close();
    return { files: this.#files, bytes: this.#bytes, hash: new Uint8Array(this.#sumsHash.digest()) };
  }

  async outside(name: string, text: string): Promise<void> {
    await writeFile(join(this.#path, name), [Buffer.from(text)]);
  }
}

async function* hashed(pieces: Pieces, hash: { update(piece: Uint8Array): unknown }): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

async function writeFile(path: string, pieces: Pieces): Promise<number> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(path, 'wx', 0o600);
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let doneBytes = 0;
  const flush = async (): Promise<void> => {
    if (waitingBytes === 0) return;
    await handle.writeFile(Buffer.concat(waiting));
    doneBytes += waitingBytes;
    waiting = [];
    waitingBytes = 0;
  };
  try {
    for await (const piece of pieces) {
      waiting.push(piece);
      waitingBytes += piece.length;
      if (waitingBytes >= flushBytes) await flush();
    }
    await flush();
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return doneBytes;
}
