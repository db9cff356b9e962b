import { mulAddUnsafe } from '@noble/curves/abstract/curve.js';
import { sameBytes } from '../byte-fields.ts';
import { KeyDirectoryError } from '../errors.ts';
import { KeptOutputs } from './kept-outputs.ts';
import {
  challenge,
  type CurvePoint,
  encodeToCurve,
  outputOf,
  Point,
  pointsToStrings,
  stringToInt,
  stringToPoint,
  VRF_PROOF_BYTES,
} from './suite.ts';

/** A VRF key that was validated, with the last proofs that were found good. Made by `vrfVerifier` only. */
export interface VrfVerifier {
  readonly publicKey: Uint8Array;
  /** The 64 bytes of output that the proof proves for the input, or null where it proves nothing. */
  verify(input: Uint8Array, proof: Uint8Array): Uint8Array | null;
}

/**
 * A verifier for a key, after full key validation (RFC 9381, section 5.4.5): a key of small order would let its owner
 * prove the output of one input for all.
 * @throws KeyDirectoryError `argument_invalid` for what is no valid key
 */
export function vrfVerifier(publicKey: Uint8Array): VrfVerifier {
  const y = validKey(publicKey);
  if (y === null) throw new KeyDirectoryError('argument_invalid', 'this is no valid VRF key');
  const key = publicKey.slice();
  const kept = new KeptOutputs(MOST_KEPT);
  let verified = 0;
  return {
    publicKey: key,
    verify(input, proof) {
      const known = kept.get(input, proof);
      if (known !== null) return known;
      // Products of the key are a third cheaper with a table, which costs as much as ten proofs.
      if (++verified === TABLE_FROM) y.precompute(TABLE_BITS);
      const output = verifyWithKey({ key, y }, input, proof);
      if (output !== null) kept.keep(input, proof, output);
      return output;
    },
  };
}

const TABLE_FROM = 32;
const TABLE_BITS = 6;

/** A proof that was good stays good: whoever is written to again costs no second look. */
const MOST_KEPT = 1_024;

/**
 * ECVRF_verify with key validation (RFC 9381, section 5.3): the 64 bytes of output, or null for an invalid key or a
 * proof that does not verify.
 */
export function verifyVrf(publicKey: Uint8Array, input: Uint8Array, proof: Uint8Array): Uint8Array | null {
  const y = validKey(publicKey);
  return y === null ? null : verifyWithKey({ key: publicKey, y }, input, proof);
}

/** ECVRF_validate_key: a point in its canonical form, and not one of the eight of small order. */
function validKey(publicKey: Uint8Array): CurvePoint | null {
  const y = stringToPoint(publicKey);
  return y === null || y.isSmallOrder() ? null : y;
}

function verifyWithKey(
  { key, y }: { readonly key: Uint8Array; readonly y: CurvePoint },
  input: Uint8Array,
  proof: Uint8Array,
): Uint8Array | null {
  if (proof.length !== VRF_PROOF_BYTES) return null;
  const gamma = stringToPoint(proof.subarray(0, 32));
  const claimed = proof.subarray(32, 48);
  const s = stringToInt(proof.subarray(48));
  const h = encodeToCurve(key, input);
  if (gamma === null || h === null || s >= Point.Fn.ORDER) return null;
  const c = stringToInt(claimed);
  // Everything here is public. The base point has a table, and c has 128 bits: two products are cheaper than one chain
  // of doublings for both; of h and Gamma there is no table, and they share one.
  const u = Point.BASE.multiplyUnsafe(s).subtract(y.multiplyUnsafe(c));
  const v = mulAddUnsafe(Point, [h, gamma.negate()], [s, c]);
  const [hString, uString, vString, cleared] = pointsToStrings([h, u, v, gamma.clearCofactor()]) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const expected = challenge([key, hString, proof.subarray(0, 32), uString, vString]);
  return sameBytes(claimed, expected) ? outputOf(cleared) : null;
}
