import { TlogError } from '../errors.ts';
import { sha256 as ownSha256 } from './sha256.ts';

/** SHA-256 of the whole input. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export const HASH_BYTES = 32;

/** The root of the tree without leaves: SHA-256 of nothing (RFC 6962 section 2.1). Do not write to it. */
export const EMPTY_ROOT: Uint8Array = ownSha256(new Uint8Array(0));

export const defaultSha256: Sha256 = ownSha256;

/** SHA-256(0x00 ‖ entry): the hash of one leaf (RFC 6962 section 2.1). */
export function leafHash(entry: Uint8Array, sha256: Sha256 = ownSha256): Uint8Array {
  const input = new Uint8Array(1 + entry.length);
  input.set(entry, 1);
  return sha256(input);
}

/**
 * SHA-256(0x01 ‖ left ‖ right): the hash of an inner node (RFC 6962 section 2.1).
 * @throws TlogError `argument_invalid` unless both are 32 bytes: other lengths would let two pairs have one hash
 */
export function nodeHash(left: Uint8Array, right: Uint8Array, sha256: Sha256 = ownSha256): Uint8Array {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) {
    throw new TlogError('argument_invalid', `a hash has ${HASH_BYTES} bytes`);
  }
  const input = new Uint8Array(1 + 2 * HASH_BYTES);
  input[0] = 0x01;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return sha256(input);
}

/** Hashes of trees are public: no constant time needed. */
export function equalHashes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

/** Plain bytes of its own. The method `slice` would give a view where a host's `Buffer` comes in. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

export function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_BYTES;
}
