import type { Sha256 } from '@latchkey/tlog';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';

const FIRST_CAPACITY = 64;
const POSITION_BYTES = 8;
/** From here on the state of the hash is kept, so that a hostile log of one index costs no more than any other. */
const LONG = 64;

interface LongHash {
  readonly state: ReturnType<typeof nobleSha256.create>;
  hashed: number;
}

/** Rising lists of positions, many and mostly short, in typed arrays: 4 bytes a position and 8 a list. */
export class PositionLists {
  /** By position: the one before it in its list; of a first one anything. */
  #before = new Int32Array(FIRST_CAPACITY);
  /** By list: its last position, and how many it has. */
  #last = new Int32Array(FIRST_CAPACITY);
  #count = new Int32Array(FIRST_CAPACITY);
  readonly #long = new Map<number, LongHash>();
  readonly #sha256: Sha256;

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  /** Adds a position, above all before it, and gives how many its list had. */
  append(list: number, position: number): number {
    this.#before = roomFor(this.#before, position);
    this.#last = roomFor(this.#last, list);
    this.#count = roomFor(this.#count, list);
    const count = this.#count[list] ?? 0;
    this.#before[position] = this.#last[list] ?? 0;
    this.#last[list] = position;
    this.#count[list] = count + 1;
    return count;
  }

  list(list: number): number[] {
    return [...this.#newest(list, this.#count[list] ?? 0)];
  }

  /** What `positionsHash` gives for the list. */
  hash(list: number): Uint8Array {
    const count = this.#count[list] ?? 0;
    if (count <= LONG) return this.#sha256(encodePositions(this.#newest(list, count)));
    let long = this.#long.get(list);
    if (long === undefined) {
      long = { state: nobleSha256.create(), hashed: 0 };
      this.#long.set(list, long);
    }
    long.state.update(encodePositions(this.#newest(list, count - long.hashed)));
    long.hashed = count;
    return long.state.clone().digest();
  }

  /** The last `count` positions of a list, rising. */
  #newest(list: number, count: number): Int32Array {
    const positions = new Int32Array(count);
    let position = this.#last[list] ?? 0;
    for (let at = count - 1; at >= 0; at -= 1) {
      positions[at] = position;
      position = this.#before[position] ?? 0;
    }
    return positions;
  }
}

function encodePositions(positions: Int32Array): Uint8Array {
  const bytes = new Uint8Array(positions.length * POSITION_BYTES);
  // Positions are below 2^31: the upper half stays zero.
  positions.forEach((position, at) => {
    const end = (at + 1) * POSITION_BYTES;
    bytes[end - 4] = position >>> 24;
    bytes[end - 3] = position >>> 16;
    bytes[end - 2] = position >>> 8;
    bytes[end - 1] = position;
  });
  return bytes;
}

function roomFor(array: Int32Array<ArrayBuffer>, at: number): Int32Array<ArrayBuffer> {
  if (at < array.length) return array;
  const longer = new Int32Array(Math.max(at + 1, array.length * 2));
  longer.set(array);
  return longer;
}
