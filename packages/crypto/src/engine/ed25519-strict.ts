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
import { decodeLittleEndian, ED25519_GROUP_ORDER, isEd25519InputStrict } from './ed25519-input.ts';

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
  const k = decodeLittleEndian(sha512(hashed)) % ED25519_GROUP_ORDER;
  const s = decodeLittleEndian(signature.subarray(32));
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
