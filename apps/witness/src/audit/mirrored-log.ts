import { leafHash, RunningTree, type Checkpoint } from '@latchkey/tlog';
import { BUNDLE_WIDTH, type EntryFile } from './entry-file.ts';
import type { LogSource } from './log-source.ts';

/** One log with all its entries: in the file are those, and only those, that a signed head has stood for. */
export class MirroredLog {
  readonly origin: string;
  readonly entries: EntryFile;
  readonly #source: LogSource;
  readonly #together: number;
  #tree: RunningTree;

  /** @param together how many bundles are fetched at once */
  constructor(options: {
    readonly origin: string;
    readonly entries: EntryFile;
    readonly source: LogSource;
    readonly together: number;
  }) {
    this.origin = options.origin;
    this.entries = options.entries;
    this.#source = options.source;
    this.#together = options.together;
    this.#tree = treeOf(options.entries, options.entries.size);
  }

  get size(): number {
    return this.#tree.size;
  }

  checkpoint(): Promise<Uint8Array> {
    return this.#source.checkpoint();
  }

  /** The root over the first `size` entries. */
  rootAt(size: number): Uint8Array {
    return size === this.#tree.size ? this.#tree.rootHash() : treeOf(this.entries, size).rootHash();
  }

  /**
   * Fetches what is missing up to a head whose signature was verified.
   *
   * @returns false where the entries that were served are not those of the head; then nothing of them is kept
   * @throws WitnessError `log_unreachable`, `log_answer_malformed`; what came until then is dropped
   */
  async growTo({ size, rootHash }: Checkpoint): Promise<boolean> {
    const before = new RunningTree({ size: this.#tree.size, peaks: this.#tree.peaks });
    let isWhole = false;
    try {
      while (this.#tree.size < size) await this.#fetchSome(size);
      isWhole = Buffer.compare(this.rootAt(size), rootHash) === 0;
    } finally {
      if (!isWhole) {
        this.entries.truncate(before.size);
        this.#tree = before;
      }
    }
    return isWhole;
  }

  async #fetchSome(size: number): Promise<void> {
    const from = this.#tree.size;
    const first = Math.floor(from / BUNDLE_WIDTH);
    const last = Math.min(Math.ceil(size / BUNDLE_WIDTH), first + this.#together);
    const wanted = Array.from({ length: last - first }, (_, place) => first + place);
    const bundles = await Promise.all(
      wanted.map((index) => this.#source.bundle(index, Math.min(BUNDLE_WIDTH, size - index * BUNDLE_WIDTH))),
    );
    const entries = bundles.flat().slice(from - first * BUNDLE_WIDTH);
    this.entries.append(entries);
    for (const entry of entries) this.#tree.append(leafHash(entry));
  }
}

function treeOf(entries: EntryFile, size: number): RunningTree {
  const tree = new RunningTree();
  for (const entry of entries.read(0, size)) tree.append(leafHash(entry));
  return tree;
}
