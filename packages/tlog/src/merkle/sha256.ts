import { _SHA256, sha256 as nobleSha256 } from '@noble/hashes/sha2.js';

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
/** Two blocks, less the bit that ends the message and its length. */
const MOST_BYTES = 2 * BLOCK_BYTES - 9;

/**
 * noble's compression function with the padding done here, in one buffer for all: leaves and nodes have 32 to 67 bytes,
 * and noble makes a dozen objects for each, which takes longer than the hash.
 */
class ShortSha256 extends _SHA256 {
  readonly #input = new Uint8Array(2 * BLOCK_BYTES);
  readonly #inputView = new DataView(this.#input.buffer);
  readonly #first = this.get();

  hash(message: Uint8Array): Uint8Array {
    const input = this.#input;
    const length = message.length;
    const end = length + 9 <= BLOCK_BYTES ? BLOCK_BYTES : 2 * BLOCK_BYTES;
    input.set(message);
    input[length] = 0x80;
    input.fill(0, length + 1, end - 2);
    // At most 119 bytes, so that two bytes hold the length in bits.
    input[end - 2] = length >>> 5;
    input[end - 1] = length << 3;
    this.set(...this.#first);
    this.process(this.#inputView, 0);
    if (end > BLOCK_BYTES) this.process(this.#inputView, BLOCK_BYTES);
    const hash = new Uint8Array(HASH_BYTES);
    writeWord(hash, 0, this.A);
    writeWord(hash, 4, this.B);
    writeWord(hash, 8, this.C);
    writeWord(hash, 12, this.D);
    writeWord(hash, 16, this.E);
    writeWord(hash, 20, this.F);
    writeWord(hash, 24, this.G);
    writeWord(hash, 28, this.H);
    return hash;
  }
}

const short = new ShortSha256();

/** SHA-256 of public bytes: what it has hashed last stays in memory. Quickest for less than 120 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return bytes.length <= MOST_BYTES ? short.hash(bytes) : nobleSha256(bytes);
}

function writeWord(to: Uint8Array, at: number, word: number): void {
  to[at] = word >>> 24;
  to[at + 1] = word >>> 16;
  to[at + 2] = word >>> 8;
  to[at + 3] = word;
}
