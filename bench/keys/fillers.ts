import { LEAF_BYTES } from '../../packages/key-directory/src/index.ts';

/** The same fillers for one number each time: quick, and nothing that a test's own data would have to keep. */
export class Fillers {
  #state: number;
  readonly #leaf = new Uint8Array(LEAF_BYTES);
  readonly #words = new Uint32Array(16);

  constructor(seed: number) {
    this.#state = seed;
    this.#leaf[0] = 1;
  }

  /** The next leaf, in the same array each time. */
  next(): Uint8Array {
    for (let at = 0; at < 16; at++) this.#words[at] = this.#word();
    this.#leaf.set(new Uint8Array(this.#words.buffer), 2);
    return this.#leaf;
  }

  /** splitmix32. */
  #word(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let word = this.#state ^ (this.#state >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return word ^ (word >>> 15);
  }
}
