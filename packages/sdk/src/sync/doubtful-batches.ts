/** Batches that may have been written although no answer came (docs/spec/07-spaces.md, "Lost answers"). */
import type { Engine } from '@latchkey/crypto';
import { hex } from '@scure/base';
import type { CachedRecord } from '../ports.ts';

export class DoubtfulBatches {
  readonly #engine: Pick<Engine, 'sha256'>;
  /** From the hash of a sealed record to how many edits its batch answers. */
  readonly #byHash = new Map<string, number>();
  #landedEdits: number | null = null;

  constructor(engine: Pick<Engine, 'sha256'>) {
    this.#engine = engine;
  }

  get size(): number {
    return this.#byHash.size;
  }

  async add({ writes, edits }: { readonly writes: readonly CachedRecord[]; readonly edits: number }): Promise<void> {
    for (const { sealed } of writes) this.#byHash.set(hex.encode(await this.#engine.sha256(sealed)), edits);
  }

  /**
   * All or none of a batch is written, and the salt in a sealed record makes its hash its own: one change tells.
   *
   * @returns whether the change is of such a batch
   */
  see({ hash }: { readonly hash: Uint8Array }): boolean {
    const edits = this.#byHash.get(hex.encode(hash));
    if (edits === undefined) return false;
    this.#landedEdits = edits;
    return true;
  }

  /** How many edits the batch that was found answers; null where none was. Forgets all of them. */
  takeLanded(): number | null {
    const landed = this.#landedEdits;
    if (landed !== null) this.#byHash.clear();
    this.#landedEdits = null;
    return landed;
  }
}
