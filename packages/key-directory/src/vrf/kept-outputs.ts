import { bytesToHex } from '@noble/hashes/utils.js';

/** Outputs that were proved under one key, by input and proof; the oldest go where there are too many. */
export class KeptOutputs {
  readonly #outputs = new Map<string, Uint8Array>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(input: Uint8Array, proof: Uint8Array): Uint8Array | null {
    return this.#outputs.get(nameOf(input, proof))?.slice() ?? null;
  }

  keep(input: Uint8Array, proof: Uint8Array, output: Uint8Array): void {
    const [oldest] = this.#outputs.keys();
    if (oldest !== undefined && this.#outputs.size >= this.#most) this.#outputs.delete(oldest);
    this.#outputs.set(nameOf(input, proof), output.slice());
  }
}

function nameOf(input: Uint8Array, proof: Uint8Array): string {
  return `${bytesToHex(input)} ${bytesToHex(proof)}`;
}
