import { sha256 as defaultSha256, type Sha256 } from '@latchkey/tlog';
import { concatBytes } from '@noble/hashes/utils.js';
import { requireBytes } from '../byte-fields.ts';
import { KeyDirectoryError } from '../errors.ts';
import { MAX_REPLAY_LEAVES } from '../limits.ts';
import { EMPTY_MAP_ROOT, encodeVarint, keyBit } from './map-hash.ts';

const KEY_BYTES = 32;
const FIRST_CAPACITY = 64;
/** Of a node: 1 ‖ varint of at most two bytes ‖ two hashes. */
const MAX_NODE_INPUT = 3 + 2 * KEY_BYTES;

/** What a map says about a key, and the bytes that prove it to `verifyMapProof`. */
export interface MapProof {
  /** 32 bytes, or null where the map has no such key. */
  readonly value: Uint8Array | null;
  readonly proof: Uint8Array;
}

/**
 * A Merkle Patricia tree from keys to values of 32 bytes each, in typed arrays: about 140 bytes a key
 * (docs/spec/12-key-directory.md, "Map"). Setting is cheap; hashes are computed when a root or proof is asked for, and
 * only along changed paths. Proofs are against the present root.
 *
 * A node is a number: inner nodes from 0 up, leaf n is -1 - n.
 */
export class IndexTree {
  #capacity = FIRST_CAPACITY;
  #size = 0;
  #top = 0;
  #keys = new Uint8Array(FIRST_CAPACITY * KEY_BYTES);
  #values = new Uint8Array(FIRST_CAPACITY * KEY_BYTES);
  #leafHashes = new Uint8Array(FIRST_CAPACITY * KEY_BYTES);
  #leafFresh = new Uint8Array(FIRST_CAPACITY);
  #bits = new Uint8Array(FIRST_CAPACITY);
  #children = new Int32Array(FIRST_CAPACITY * 2);
  #nodeHashes = new Uint8Array(FIRST_CAPACITY * KEY_BYTES);
  #nodeFresh = new Uint8Array(FIRST_CAPACITY);
  readonly #sha256: Sha256;
  readonly #leafInput = new Uint8Array(3 + 2 * KEY_BYTES);
  readonly #nodeInput = new Uint8Array(MAX_NODE_INPUT);

  constructor(sha256: Sha256 = defaultSha256) {
    this.#sha256 = sha256;
    this.#leafInput[1] = KEY_BYTES;
    this.#leafInput[2 + KEY_BYTES] = KEY_BYTES;
    this.#nodeInput[0] = 1;
  }

  /** How many keys the map has. */
  get size(): number {
    return this.#size;
  }

  /** 32 bytes. */
  get root(): Uint8Array {
    if (this.#size === 0) return EMPTY_MAP_ROOT.slice();
    this.#refresh(this.#top);
    return this.#hashOf(this.#top).slice();
  }

  /** The key's value, or null. */
  get(key: Uint8Array): Uint8Array | null {
    const slot = this.slotOf(key);
    return slot === -1 ? null : this.#values.slice(slot * KEY_BYTES, (slot + 1) * KEY_BYTES);
  }

  /** The number of the key in the order in which keys came, from 0; -1 where the map has no such key. */
  slotOf(key: Uint8Array): number {
    requireBytes(key, KEY_BYTES);
    if (this.#size === 0) return -1;
    const slot = this.#leafFor(key);
    return this.#firstDifference(slot, key) === -1 ? slot : -1;
  }

  /**
   * Sets the value of a key; both are copied. Gives the key's slot.
   * @throws KeyDirectoryError `argument_invalid`, `log_full`
   */
  set(key: Uint8Array, value: Uint8Array): number {
    requireBytes(value, KEY_BYTES);
    const added = this.add(key);
    const slot = added === -1 ? this.slotOf(key) : added;
    this.setSlot(slot, value);
    return slot;
  }

  /**
   * Adds a key whose value is yet to be set, and gives its slot; -1 where the map has it already.
   * @throws KeyDirectoryError `argument_invalid`, `log_full`
   */
  add(key: Uint8Array): number {
    requireBytes(key, KEY_BYTES);
    if (this.#size === 0) {
      this.#top = -1;
      return this.#addLeaf(key);
    }
    const bit = this.#firstDifference(this.#leafFor(key), key);
    return bit === -1 ? -1 : this.#insert(key, bit);
  }

  /** Sets the value of a key that the map has, by its slot. */
  setSlot(slot: number, value: Uint8Array): void {
    const start = slot * KEY_BYTES;
    this.#values.set(value, start);
    // Above a leaf that is not fresh no node is.
    if (this.#leafFresh[slot] === 0) return;
    this.#leafFresh[slot] = 0;
    const key = this.#keys.subarray(start, start + KEY_BYTES);
    for (let node = this.#top; node >= 0; node = this.#childFor(node, key)) this.#nodeFresh[node] = 0;
  }

  /** What the map says about the key, with its proof against `root`. */
  prove(key: Uint8Array): MapProof {
    requireBytes(key, KEY_BYTES);
    if (this.#size === 0) return { value: null, proof: new Uint8Array(0) };
    this.#refresh(this.#top);
    const path: Uint8Array[] = [];
    let node = this.#top;
    while (node >= 0) {
      const side = keyBit(key, this.#bits[node] ?? 0);
      const sibling = this.#child(node, 1 - side);
      path.push(concatBytes(Uint8Array.from(encodeVarint(this.#bits[node] ?? 0)), this.#hashOf(sibling)));
      node = this.#child(node, side);
    }
    const slot = -1 - node;
    const value = this.#values.slice(slot * KEY_BYTES, (slot + 1) * KEY_BYTES);
    const steps = path.toReversed();
    if (this.#firstDifference(slot, key) === -1) return { value, proof: concatBytes(...steps) };
    const other = this.#keys.subarray(slot * KEY_BYTES, (slot + 1) * KEY_BYTES);
    const length = Uint8Array.of(KEY_BYTES);
    return { value: null, proof: concatBytes(length, other, length, value, ...steps) };
  }

  #addLeaf(key: Uint8Array): number {
    if (this.#size === this.#capacity) this.#grow();
    const slot = this.#size;
    this.#keys.set(key, slot * KEY_BYTES);
    this.#size += 1;
    return slot;
  }

  /** Adds a leaf and, where its key parts from the others, an inner node: the one with the number of the leaf less 1. */
  #insert(key: Uint8Array, bit: number): number {
    const slot = this.#addLeaf(key);
    const added = slot - 1;
    let parent = -1;
    let node = this.#top;
    while (node >= 0 && (this.#bits[node] ?? 0) < bit) {
      this.#nodeFresh[node] = 0;
      parent = node;
      node = this.#childFor(node, key);
    }
    const side = keyBit(key, bit);
    this.#bits[added] = bit;
    this.#children[added * 2 + side] = -1 - slot;
    this.#children[added * 2 + 1 - side] = node;
    if (parent === -1) this.#top = added;
    else this.#children[parent * 2 + keyBit(key, this.#bits[parent] ?? 0)] = added;
    return slot;
  }

  #child(node: number, side: number): number {
    return this.#children[node * 2 + side] ?? 0;
  }

  #childFor(node: number, key: Uint8Array): number {
    return this.#child(node, keyBit(key, this.#bits[node] ?? 0));
  }

  #leafFor(key: Uint8Array): number {
    let node = this.#top;
    while (node >= 0) node = this.#childFor(node, key);
    return -1 - node;
  }

  /** The first bit in which the key differs from that of the slot; -1 where none does. */
  #firstDifference(slot: number, key: Uint8Array): number {
    const start = slot * KEY_BYTES;
    for (let at = 0; at < KEY_BYTES; at += 1) {
      const difference = (this.#keys[start + at] ?? 0) ^ (key[at] ?? 0);
      if (difference !== 0) return at * 8 + Math.clz32(difference) - 24;
    }
    return -1;
  }

  #hashOf(node: number): Uint8Array {
    return node >= 0
      ? this.#nodeHashes.subarray(node * KEY_BYTES, (node + 1) * KEY_BYTES)
      : this.#leafHashes.subarray((-1 - node) * KEY_BYTES, -node * KEY_BYTES);
  }

  /** Computes what has changed below and at a node. At most 256 deep: the bit rises with each step down. */
  #refresh(node: number): void {
    if (node < 0) {
      this.#refreshLeaf(-1 - node);
      return;
    }
    if (this.#nodeFresh[node] === 1) return;
    const left = this.#child(node, 0);
    const right = this.#child(node, 1);
    this.#refresh(left);
    this.#refresh(right);
    const bit = this.#bits[node] ?? 0;
    const input = this.#nodeInput;
    input[1] = bit < 0x80 ? bit : (bit & 0x7f) | 0x80;
    input[2] = 1;
    const start = bit < 0x80 ? 2 : 3;
    this.#copyHash(left, start);
    this.#copyHash(right, start + KEY_BYTES);
    this.#nodeHashes.set(this.#sha256(input.subarray(0, start + 2 * KEY_BYTES)), node * KEY_BYTES);
    this.#nodeFresh[node] = 1;
  }

  #copyHash(node: number, at: number): void {
    const from = node >= 0 ? this.#nodeHashes : this.#leafHashes;
    const start = (node >= 0 ? node : -1 - node) * KEY_BYTES;
    for (let byte = 0; byte < KEY_BYTES; byte += 1) this.#nodeInput[at + byte] = from[start + byte] ?? 0;
  }

  #refreshLeaf(slot: number): void {
    if (this.#leafFresh[slot] === 1) return;
    const start = slot * KEY_BYTES;
    this.#leafInput.set(this.#keys.subarray(start, start + KEY_BYTES), 2);
    this.#leafInput.set(this.#values.subarray(start, start + KEY_BYTES), 3 + KEY_BYTES);
    this.#leafHashes.set(this.#sha256(this.#leafInput), start);
    this.#leafFresh[slot] = 1;
  }

  #grow(): void {
    if (this.#capacity >= MAX_REPLAY_LEAVES / 2) throw new KeyDirectoryError('log_full', 'this map takes no more keys');
    this.#capacity *= 2;
    this.#keys = grown(this.#keys);
    this.#values = grown(this.#values);
    this.#leafHashes = grown(this.#leafHashes);
    this.#leafFresh = grown(this.#leafFresh);
    this.#bits = grown(this.#bits);
    const children = new Int32Array(this.#children.length * 2);
    children.set(this.#children);
    this.#children = children;
    this.#nodeHashes = grown(this.#nodeHashes);
    this.#nodeFresh = grown(this.#nodeFresh);
  }
}

function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const twice = new Uint8Array(bytes.length * 2);
  twice.set(bytes);
  return twice;
}
