/**
 * Strict Ed25519 (docs/spec/01-item.md, "Ed25519"). A signature R ‖ S of a message M verifies under A if and only if
 *
 * 1. A has 32 bytes and the signature 64;
 * 2. S, read little-endian, is less than the group order L;
 * 3. A and R are the canonical encodings of points of the curve: y < p, and no sign bit where x = 0;
 * 4. neither A nor R has small order (1, 2, 4 or 8);
 * 5. [S]B = R + [k]A with k = SHA-512(R ‖ A ‖ M) mod L: the equation without the cofactor.
 *
 * Points of mixed order are decided by rule 5 alone. A platform that multiplies by the cofactor, or that skips one
 * of 2 to 4, would take signatures that the others refuse; a signature would then convince one reader and not another.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { ED25519_PUBLIC_KEY_BYTES, ED25519_SIGNATURE_BYTES } from './sizes.ts';

const FIELD_PRIME = 2n ** 255n - 19n;
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** y of the points of small order: 1 (order 1), p − 1 (order 2), 0 (order 4), and two of order 8. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  1n,
  FIELD_PRIME - 1n,
  0n,
  2707385501144840649318225287225658788936804267575313519463743609750303021798n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at -= 1) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  return value;
}

/** Rules 3 and 4 as far as they can be seen in the bytes: whether the y lies on the curve is left to the equation. */
function isCanonicalAndOfLargeOrder(point: Uint8Array): boolean {
  const y = littleEndian(point) & (2n ** 255n - 1n);
  return y < FIELD_PRIME && !SMALL_ORDER_Y.has(y);
}

/**
 * Rules 1 to 4, but for points that are not on the curve at all. An engine asks this first, and then its platform
 * for rule 5, provided the platform's equation is the one without the cofactor.
 */
export function isEd25519InputStrict(publicKey: Uint8Array, signature: Uint8Array): boolean {
  return (
    publicKey.length === ED25519_PUBLIC_KEY_BYTES &&
    signature.length === ED25519_SIGNATURE_BYTES &&
    littleEndian(signature.subarray(32)) < GROUP_ORDER &&
    isCanonicalAndOfLargeOrder(publicKey) &&
    isCanonicalAndOfLargeOrder(signature.subarray(0, 32))
  );
}

/** The whole rule in JavaScript: the reference that every other engine is compared with. */
export function ed25519VerifyStrict(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isEd25519InputStrict(publicKey, signature)) return false;
  const encodedR = signature.subarray(0, 32);
  const a = decodePoint(publicKey);
  const r = decodePoint(encodedR);
  if (a === null || r === null) return false;
  const hashed = new Uint8Array(64 + message.length);
  hashed.set(encodedR);
  hashed.set(publicKey, 32);
  hashed.set(message, 64);
  const k = littleEndian(sha512(hashed)) % GROUP_ORDER;
  const s = littleEndian(signature.subarray(32));
  return ed25519.Point.BASE.multiplyUnsafe(s).equals(r.add(a.multiplyUnsafe(k)));
}

type Point = ReturnType<typeof ed25519.Point.fromBytes>;

function decodePoint(bytes: Uint8Array): Point | null {
  try {
    return ed25519.Point.fromBytes(bytes, false);
  } catch {
    return null;
  }
}
