import { isCount } from '../decimal.ts';
import { TlogError } from '../errors.ts';
import { copyBytes, defaultSha256, EMPTY_ROOT, isHash, nodeHash, type Sha256 } from './hash.ts';

/**
 * A tree that only grows and keeps no leaf: the roots of its complete subtrees, one for each set bit of the size. For
 * whoever reads a log from its beginning and compares roots on the way.
 */
export class RunningTree {
  #size: number;
  /** From the largest subtree to the smallest. */
  readonly #peaks: Uint8Array[];
  readonly #sha256: Sha256;

  /**
   * The empty tree, or one that goes on from `size` and `peaks` of another.
   * @throws TlogError `argument_invalid` where they do not fit each other
   */
  constructor(
    options: { readonly size?: number; readonly peaks?: readonly Uint8Array[]; readonly sha256?: Sha256 } = {},
  ) {
    const { size = 0, peaks = [], sha256 = defaultSha256 } = options;
    if (!isCount(size) || peaks.length !== setBits(size) || !peaks.every(isHash)) {
      throw new TlogError('argument_invalid', 'a tree has one peak of 32 bytes for each set bit of its size');
    }
    this.#size = size;
    this.#peaks = peaks.map(copyBytes);
    this.#sha256 = sha256;
  }

  get size(): number {
    return this.#size;
  }

  /** With `size` all that a later tree needs to go on. */
  get peaks(): readonly Uint8Array[] {
    return this.#peaks.map(copyBytes);
  }

  /** @throws TlogError `argument_invalid` for a hash of another length than 32 bytes */
  append(leafHash: Uint8Array): void {
    if (!isHash(leafHash)) throw new TlogError('argument_invalid', 'a leaf hash has 32 bytes');
    let hash = copyBytes(leafHash);
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      hash = nodeHash(this.#peaks.pop() ?? hash, hash, this.#sha256);
    }
    this.#peaks.push(hash);
    this.#size += 1;
  }

  rootHash(): Uint8Array {
    if (this.#peaks.length === 0) return copyBytes(EMPTY_ROOT);
    return copyBytes(this.#peaks.reduceRight((right, left) => nodeHash(left, right, this.#sha256)));
  }
}

function setBits(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
