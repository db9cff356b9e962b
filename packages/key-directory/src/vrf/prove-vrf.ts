import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { requireBytes } from '../byte-fields.ts';
import { KeyDirectoryError } from '../errors.ts';
import {
  CHALLENGE_BYTES,
  challenge,
  encodeToCurve,
  intToString,
  outputOf,
  Point,
  pointsToStrings,
  stringToInt,
  VRF_KEY_BYTES,
} from './suite.ts';

export interface VrfProof {
  /** 80 bytes: Gamma[32] ‖ c[16] ‖ s[32]. */
  readonly proof: Uint8Array;
  /** 64 bytes: beta. */
  readonly output: Uint8Array;
}

/**
 * The public key of a VRF secret.
 * @throws KeyDirectoryError `argument_invalid` unless the secret has 32 bytes
 */
export function vrfPublicKey(secret: Uint8Array): Uint8Array {
  return Point.BASE.multiply(expand(secret).scalar).toBytes();
}

/**
 * ECVRF_prove (RFC 9381, section 5.1), ECVRF-EDWARDS25519-SHA512-TAI. The output of one secret and input is always
 * the same, and so is the proof.
 * @throws KeyDirectoryError `argument_invalid` unless the secret has 32 bytes
 */
export function proveVrf(secret: Uint8Array, input: Uint8Array): VrfProof {
  const { scalar, nonceKey } = expand(secret);
  const publicKey = Point.BASE.multiply(scalar).toBytes();
  const h = encodeToCurve(publicKey, input);
  if (h === null) throw new KeyDirectoryError('argument_invalid', 'this input leads to no point of the curve');
  const gamma = h.multiply(scalar);
  const hString = h.toBytes();
  // Section 5.4.2.2: the nonce of RFC 8032 over the point instead of the message.
  const nonce = Point.Fn.create(stringToInt(sha512(concatBytes(nonceKey, hString))));
  nonceKey.fill(0);
  const [gammaString, u, v, cleared] = pointsToStrings([
    gamma,
    Point.BASE.multiply(nonce),
    h.multiply(nonce),
    gamma.clearCofactor(),
  ]) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const c = challenge([publicKey, hString, gammaString, u, v]);
  const s = Point.Fn.create(nonce + stringToInt(c) * scalar);
  return {
    proof: concatBytes(gammaString, c.subarray(0, CHALLENGE_BYTES), intToString(s, 32)),
    output: outputOf(cleared),
  };
}

/** RFC 8032, section 5.1.5: the clamped scalar, and the half that makes nonces. */
function expand(secret: Uint8Array): { scalar: bigint; nonceKey: Uint8Array } {
  requireBytes(secret, VRF_KEY_BYTES);
  const hash = sha512(secret);
  const low = hash.subarray(0, 32);
  low[0] = (low[0] ?? 0) & 0xf8;
  low[31] = ((low[31] ?? 0) & 0x7f) | 0x40;
  const scalar = Point.Fn.create(stringToInt(low));
  low.fill(0);
  return { scalar, nonceKey: hash.subarray(32) };
}
