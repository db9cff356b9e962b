import { sha256 as defaultSha256, type Sha256 } from '@latchkey/tlog';

/** The root of a map that holds nothing: SHA-256 of nothing. */
export const EMPTY_MAP_ROOT: Uint8Array = defaultSha256(new Uint8Array(0));

const LEAF = 0;
const INNER = 1;

/** Lengths and bit positions are base-128 varints, the shortest form only. */
export function encodeVarint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}

/** H(0 ‖ len(key) ‖ key ‖ len(value) ‖ value). */
export function mapLeafHash(
  { key, value }: { readonly key: Uint8Array; readonly value: Uint8Array },
  sha256: Sha256 = defaultSha256,
): Uint8Array {
  return sha256(Uint8Array.of(LEAF, ...encodeVarint(key.length), ...key, ...encodeVarint(value.length), ...value));
}

/** H(1 ‖ bit ‖ left ‖ right). */
export function mapNodeHash(
  { bit, left, right }: { readonly bit: number; readonly left: Uint8Array; readonly right: Uint8Array },
  sha256: Sha256 = defaultSha256,
): Uint8Array {
  return sha256(Uint8Array.of(INNER, ...encodeVarint(bit), ...left, ...right));
}

/** Bit `at` of a key, the highest of its first byte being bit 0; keys go on as 00 ff ff ff … after their end. */
export function keyBit(key: Uint8Array, at: number): 0 | 1 {
  const byte = at >>> 3;
  if (byte > key.length) return 1;
  return (((key[byte] ?? 0) >>> (7 - (at & 7))) & 1) as 0 | 1;
}
