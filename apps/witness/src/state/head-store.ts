import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WitnessError } from '../errors.ts';
import { decodeHead, encodeHead, type Head } from './head.ts';
import { syncFolder, writeWhole, type AtWriteStep } from './write-whole.ts';

/** The name of a log in files and addresses: SHA-256 of its origin in hexadecimal digits. */
export function originHash(origin: string): string {
  return createHash('sha256').update(origin).digest('hex');
}

/** The heads of all logs, one file each, in a folder that must never be older than the newest cosignature. */
export class HeadStore {
  readonly #folder: string;
  readonly #at: AtWriteStep | undefined;

  /** @throws WitnessError `state_missing` where the folder is not there: see `HeadStore.create` */
  constructor(folder: string, at?: AtWriteStep) {
    if (!existsSync(folder)) {
      throw new WitnessError(
        'state_missing',
        `the key is there, but its state (${folder}) is not. What this key has signed is not known any more: retire it and make a new one`,
      );
    }
    this.#folder = folder;
    this.#at = at;
  }

  /** Made once, with the key. Without this folder the key does not sign: a lost state is not a new witness. */
  static async create(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await syncFolder(folder);
    await syncFolder(join(folder, '..'));
  }

  /** What is in the file now. @throws WitnessError `state_damaged` */
  read(origin: string): Head | null {
    const path = this.#path(origin);
    if (!existsSync(path)) return null;
    const head = decodeHead(readFileSync(path));
    if (head.checkpoint.origin !== origin) throw new WitnessError('state_damaged', `${path} is of another log`);
    return head;
  }

  /** On the disk when this returns; when it throws, `read` says what is there. */
  async write(head: Head): Promise<void> {
    await writeWhole(this.#path(head.checkpoint.origin), encodeHead(head), this.#at);
  }

  /** Every head, of logs that are no longer configured too. @throws WitnessError `state_damaged` */
  readAll(): readonly Head[] {
    return readdirSync(this.#folder)
      .filter((name) => /^[0-9a-f]{64}$/.test(name))
      .toSorted()
      .map((name) => decodeHead(readFileSync(join(this.#folder, name))));
  }

  #path(origin: string): string {
    return join(this.#folder, originHash(origin));
  }
}
