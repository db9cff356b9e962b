import { normalizeZ } from '@noble/curves/abstract/curve.js';
import type { EdwardsPoint, EdwardsPointCons } from '@noble/curves/abstract/edwards.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';

/** ECVRF-EDWARDS25519-SHA512-TAI of RFC 9381, section 5.5: names and steps are the RFC's. */
export const Point: EdwardsPointCons = ed25519.Point;
export type CurvePoint = EdwardsPoint;

export const VRF_PROOF_BYTES = 80;
export const VRF_KEY_BYTES = 32;
export const CHALLENGE_BYTES = 16;
const SUITE = Uint8Array.of(0x03);
const ENCODE = Uint8Array.of(0x01);
const CHALLENGE = Uint8Array.of(0x02);
const OUTPUT = Uint8Array.of(0x03);
const END = Uint8Array.of(0x00);
export const MAX_TRIES = 256;

/** string_to_point (RFC 8032, section 5.1.3: canonical only); null for what is none. */
export function stringToPoint(bytes: Uint8Array): CurvePoint | null {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return null;
  }
}

/** string_to_int and int_to_string: little-endian for this suite. */
export function stringToInt(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

export function intToString(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn));
}

/**
 * ECVRF_encode_to_curve_try_and_increment (section 5.4.1.1), salted with the key. Null has a chance of 2^-256: no
 * counter gave a point.
 */
export function encodeToCurve(publicKey: Uint8Array, alpha: Uint8Array): CurvePoint | null {
  for (let counter = 0; counter < MAX_TRIES; counter += 1) {
    const point = stringToPoint(curveCandidate(publicKey, alpha, counter))?.clearCofactor();
    if (point !== undefined && !point.is0()) return point;
  }
  return null;
}

/** What may be the string of a point: the 32 bytes of one try, of 256 at most. */
export function curveCandidate(publicKey: Uint8Array, alpha: Uint8Array, counter: number): Uint8Array {
  return sha512(concatBytes(SUITE, ENCODE, publicKey, alpha, Uint8Array.of(counter), END)).subarray(0, 32);
}

/** ECVRF_challenge_generation (section 5.4.3), of points given as their strings. */
export function challenge(points: readonly Uint8Array[]): Uint8Array {
  return sha512(concatBytes(SUITE, CHALLENGE, ...points, END)).slice(0, CHALLENGE_BYTES);
}

/** ECVRF_proof_to_hash (section 5.2) of a proof that is known to be good, from cofactor · Gamma. */
export function outputOf(gammaWithoutCofactor: Uint8Array): Uint8Array {
  return sha512(concatBytes(SUITE, OUTPUT, gammaWithoutCofactor, END));
}

/** point_to_string of several points with one inversion for all of them. */
export function pointsToStrings(points: readonly CurvePoint[]): Uint8Array[] {
  return normalizeZ(Point, [...points]).map((point) => point.toBytes());
}
