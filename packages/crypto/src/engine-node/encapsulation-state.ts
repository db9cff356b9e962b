/** The memory that the threads of one set of encapsulations share: keys, what was made of them, and who makes what. */
import type { Encapsulated } from '../engine/engine.ts';
import {
  HYBRID_KEM_ENCAPSULATION_BYTES as ENCAPSULATION_BYTES,
  HYBRID_KEM_PUBLIC_KEY_BYTES as KEY_BYTES,
  SHARED_SECRET_BYTES as SECRET_BYTES,
} from '../engine/sizes.ts';

/** States of a place. */
const NOT_MADE = 0;
const MADE = 1;
const REFUSED = 2;
const TAKEN = 3;

const MADE_BYTES = ENCAPSULATION_BYTES + SECRET_BYTES;
/** Before the states: the number of the next place that nobody makes. */
const NEXT = 0;

export class EncapsulationState {
  readonly buffer: SharedArrayBuffer;
  readonly count: number;
  readonly #words: Int32Array;
  readonly #keys: Uint8Array;
  readonly #made: Uint8Array;

  constructor(given: readonly Uint8Array[] | SharedArrayBuffer) {
    const isHere = !(given instanceof SharedArrayBuffer);
    this.buffer = isHere ? new SharedArrayBuffer(4 + given.length * (4 + KEY_BYTES + MADE_BYTES)) : given;
    this.count = (this.buffer.byteLength - 4) / (4 + KEY_BYTES + MADE_BYTES);
    const keysAt = 4 + this.count * 4;
    this.#words = new Int32Array(this.buffer, 0, 1 + this.count);
    this.#keys = new Uint8Array(this.buffer, keysAt, this.count * KEY_BYTES);
    this.#made = new Uint8Array(this.buffer, keysAt + this.count * KEY_BYTES);
    if (isHere) for (const [place, key] of given.entries()) this.#keys.set(key, place * KEY_BYTES);
  }

  /** A place that is the caller's to make, or null where none is left. */
  claim(): number | null {
    const place = Atomics.add(this.#words, NEXT, 1);
    return place < this.count ? place : null;
  }

  /** Nobody begins with another place. */
  stop(): void {
    Atomics.store(this.#words, NEXT, this.count);
  }

  keyAt(place: number): Uint8Array {
    return this.#keys.subarray(place * KEY_BYTES, (place + 1) * KEY_BYTES);
  }

  /** The secret is moved: zeroes stay behind. */
  put(place: number, made: Encapsulated | null): void {
    if (made !== null) {
      this.#made.set(made.encapsulation, place * MADE_BYTES);
      this.#made.set(made.sharedSecret, place * MADE_BYTES + ENCAPSULATION_BYTES);
      made.sharedSecret.fill(0);
    }
    Atomics.store(this.#words, 1 + place, made === null ? REFUSED : MADE);
    Atomics.notify(this.#words, 1 + place);
  }

  isMade(place: number): boolean {
    return Atomics.load(this.#words, 1 + place) !== NOT_MADE;
  }

  /** Settles when the place is made. */
  async whenMade(place: number): Promise<void> {
    await Atomics.waitAsync(this.#words, 1 + place, NOT_MADE).value;
  }

  /** Of a place that is made; undefined where it was taken before. The secret is moved. */
  take(place: number): Encapsulated | null | undefined {
    const state = Atomics.exchange(this.#words, 1 + place, TAKEN);
    if (state === TAKEN) return undefined;
    if (state === REFUSED) return null;
    const made = this.#made.subarray(place * MADE_BYTES, (place + 1) * MADE_BYTES);
    const encapsulation = made.slice(0, ENCAPSULATION_BYTES);
    const sharedSecret = made.slice(ENCAPSULATION_BYTES);
    made.fill(0);
    return { encapsulation, sharedSecret };
  }

  wipe(): void {
    this.#made.fill(0);
  }
}
