/**
 * The part of strict Ed25519 (docs/spec/01-item.md, "Ed25519") that needs no curve arithmetic. It stands apart so that
 * an engine with a platform of its own does not load a curve library.
 */
import { ED25519_PUBLIC_KEY_BYTES, ED25519_SIGNATURE_BYTES } from './sizes.ts';

const FIELD_PRIME = 2n ** 255n - 19n;
export const ED25519_GROUP_ORDER: bigint = 2n ** 252n + 27742317777372353535851937790883648493n;

/** y of the points of small order: 1 (order 1), p − 1 (order 2), 0 (order 4), and two of order 8. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  1n,
  FIELD_PRIME - 1n,
  0n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);

export function decodeLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Rules 3 and 4 as far as they can be seen in the bytes: whether the y lies on the curve is left to the equation. */
function isCanonicalAndOfLargeOrder(point: Uint8Array): boolean {
  const y = decodeLittleEndian(point) & (2n ** 255n - 1n);
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
    decodeLittleEndian(signature.subarray(32)) < ED25519_GROUP_ORDER &&
    isCanonicalAndOfLargeOrder(publicKey) &&
    isCanonicalAndOfLargeOrder(signature.subarray(0, 32))
  );
}
