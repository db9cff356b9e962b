import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RefusalReason } from '@latchkey/key-directory';
import { syncFolder, writeWhole } from '../state/write-whole.ts';

/** Something that a log should never have signed, with all that others need to see it for themselves. */
export interface Evidence {
  /** What was found, as a stable code; the last ones are what a client would refuse for. */
  readonly kind:
    'two_heads_of_one_size' | 'index_leaf_wrong' | 'key_leaf_wrong' | 'entries_not_of_head' | RefusalReason;
  readonly origin: string;
  /** One sentence for people. */
  readonly what: string;
  /** Notes, leaves and numbers, by name; bytes are texts where they are UTF-8, else base64 under `…Base64`. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** More of the same proves nothing more, and a log must not be able to fill the disk. */
const maxFiles = 64;

/** Evidence files, one JSON value each, named after their content: the same thing seen twice is one file. */
export class EvidenceFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns the file, or null where the folder is full */
  async write(evidence: Evidence): Promise<string | null> {
    const text = `${JSON.stringify({ v: 1, ...evidence }, null, 2)}\n`;
    const path = join(
      this.#folder,
      `${evidence.kind}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json`,
    );
    if (existsSync(path)) return path;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    if (this.list().length >= maxFiles) return null;
    await writeWhole(path, Buffer.from(text));
    await syncFolder(join(this.#folder, '..'));
    return path;
  }

  /** Absolute paths. */
  list(): readonly string[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .map((name) => join(this.#folder, name));
  }

  /** Whether something that proves a lie was found against one of these logs. */
  hasAgainst(origins: readonly string[]): boolean {
    return this.list().some((path) => {
      const { kind, origin } = JSON.parse(readFileSync(path, 'utf8')) as Evidence;
      return kind !== 'entries_not_of_head' && origins.includes(origin);
    });
  }
}
