/** An RFC 6962 tree that only grows, as its peaks: the roots of the perfect subtrees that its leaves fill. */
import type { Engine } from '@latchkey/crypto';
import { joinBytes } from './byte-fields.ts';

const HASH_BYTES = 32;
const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

type Hasher = Pick<Engine, 'sha256'>;

/** Enough to go on from a size, and to know its root. */
export interface TreePlace {
  readonly size: number;
  /** 32 bytes each, largest subtree first. */
  readonly peaks: Uint8Array;
}

export const EMPTY_TREE: TreePlace = { size: 0, peaks: new Uint8Array(0) };

export class LogTree {
  readonly #engine: Hasher;
  readonly #peaks: Uint8Array[];
  #size: number;

  /** @param place one for which `isTreePlace` holds */
  constructor(engine: Hasher, place: TreePlace) {
    this.#engine = engine;
    this.#size = place.size;
    this.#peaks = [];
    for (let at = 0; at < place.peaks.length; at += HASH_BYTES)
      this.#peaks.push(place.peaks.slice(at, at + HASH_BYTES));
  }

  get size(): number {
    return this.#size;
  }

  place(): TreePlace {
    return { size: this.#size, peaks: joinBytes(...this.#peaks) };
  }

  async append(leaf: Uint8Array): Promise<void> {
    let hash = await this.#engine.sha256(joinBytes(Uint8Array.of(LEAF_PREFIX), leaf));
    // Each full subtree on the right side joins with the new one of its size.
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      hash = await this.#node(this.#peaks.pop() ?? hash, hash);
    }
    this.#peaks.push(hash);
    this.#size += 1;
  }

  /** 32 bytes: RFC 6962, section 2.1. */
  async root(): Promise<Uint8Array> {
    let root: Uint8Array | null = null;
    for (const peak of this.#peaks.toReversed()) root = root === null ? peak : await this.#node(peak, root);
    return root ?? this.#engine.sha256(new Uint8Array(0));
  }

  async #node(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
    return this.#engine.sha256(joinBytes(Uint8Array.of(NODE_PREFIX), left, right));
  }
}

export async function rootOf(engine: Hasher, place: TreePlace): Promise<Uint8Array> {
  return new LogTree(engine, place).root();
}

/** Whether the peaks are as many as the size has perfect subtrees. */
export function isTreePlace({ size, peaks }: TreePlace): boolean {
  if (!Number.isSafeInteger(size) || size < 0) return false;
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return peaks.length === count * HASH_BYTES;
}
