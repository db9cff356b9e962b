import { sameBytes } from '../byte-fields.ts';
import { MAX_MAP_PROOF_BYTES } from '../limits.ts';
import { EMPTY_MAP_ROOT, keyBit, mapLeafHash, mapNodeHash } from './map-hash.ts';

const HASH_BYTES = 32;

export interface MapClaim {
  readonly root: Uint8Array;
  readonly key: Uint8Array;
  /** What the key is said to have; null where the map is said not to have the key. */
  readonly value: Uint8Array | null;
  readonly proof: Uint8Array;
}

/**
 * Whether the proof shows the claim about the map with this root (docs/spec/12-key-directory.md, "Map proof"). Every
 * claim has at most one proof: varints in their shortest form only.
 */
export function verifyMapProof({ root, key, value, proof }: MapClaim): boolean {
  if (proof.length > MAX_MAP_PROOF_BYTES) return false;
  if (value !== null) return followPath({ root, key, pathKey: key, hash: mapLeafHash({ key, value }) }, proof, 0);
  if (proof.length === 0) return sameBytes(root, EMPTY_MAP_ROOT);
  // A look-up of an absent key ends at another one, which the proof names and shows to be there.
  const other = readField(proof, 0);
  const otherValue = other === null ? null : readField(proof, other.end);
  if (other === null || otherValue === null || sameBytes(other.bytes, key)) return false;
  const hash = mapLeafHash({ key: other.bytes, value: otherValue.bytes });
  return followPath({ root, key, pathKey: other.bytes, hash }, proof, otherValue.end);
}

interface Path {
  readonly root: Uint8Array;
  readonly key: Uint8Array;
  readonly pathKey: Uint8Array;
  readonly hash: Uint8Array;
}

/** From a leaf to the root: pairs of bit position and sibling, the positions falling. */
function followPath({ root, key, pathKey, hash }: Path, proof: Uint8Array, start: number): boolean {
  let current = hash;
  let at = start;
  let last = Infinity;
  while (at < proof.length) {
    const bit = readVarint(proof, at);
    if (bit === null || bit.value >= last) return false;
    const end = bit.end + HASH_BYTES;
    if (end > proof.length) return false;
    const sibling = proof.subarray(bit.end, end);
    const side = keyBit(key, bit.value);
    // Where the two keys part above the leaf, a look-up of the one would not end at the other.
    if (side !== keyBit(pathKey, bit.value)) return false;
    current =
      side === 0
        ? mapNodeHash({ bit: bit.value, left: current, right: sibling })
        : mapNodeHash({ bit: bit.value, left: sibling, right: current });
    last = bit.value;
    at = end;
  }
  return sameBytes(current, root);
}

function readField(proof: Uint8Array, at: number): { bytes: Uint8Array; end: number } | null {
  const length = readVarint(proof, at);
  if (length === null) return null;
  const end = length.end + length.value;
  return end > proof.length ? null : { bytes: proof.subarray(length.end, end), end };
}

/** A varint of at most three bytes, in its shortest form. */
function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } | null {
  let value = 0;
  for (let at = start, shift = 0; shift < 21; at += 1, shift += 7) {
    // Beyond the end it would go on for ever.
    const byte = bytes[at] ?? 0x80;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return byte === 0 && at > start ? null : { value, end: at + 1 };
  }
  return null;
}
