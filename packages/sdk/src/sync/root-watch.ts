/** Roots that a growing tree must have at sizes that somebody vouched for. */
import { SdkError } from '../errors.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import type { LogTree } from './log-tree.ts';

export interface SizedRoot {
  readonly size: number;
  readonly root: Uint8Array;
}

export class RootWatch {
  readonly #bySize = new Map<number, Uint8Array>();

  /** @throws SdkError `space_forked` where two roots of one size differ: two histories were shown to their makers */
  constructor(roots: readonly SizedRoot[]) {
    for (const { size, root } of roots) {
      const other = this.#bySize.get(size);
      if (other !== undefined && !equalBytes(other, root)) throw forked(size);
      this.#bySize.set(size, root);
    }
  }

  /** Sizes, smallest first. */
  sizes(): readonly number[] {
    return [...this.#bySize.keys()].toSorted((one, other) => one - other);
  }

  get largestSize(): number {
    return Math.max(0, ...this.#bySize.keys());
  }

  /**
   * To be called at every size that the tree passes.
   *
   * @throws SdkError `space_forked`
   */
  async check(tree: LogTree): Promise<void> {
    const root = this.#bySize.get(tree.size);
    if (root !== undefined && !equalBytes(root, await tree.root())) throw forked(tree.size);
  }
}

function forked(size: number): SdkError {
  return new SdkError('space_forked', `two histories of one space differ within its first ${size} changes`);
}
