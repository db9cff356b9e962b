import { requireLength } from '../../engine/require-length.ts';
import { X25519_BYTES } from '../../engine/sizes.ts';
import { CryptoError } from '../../errors.ts';
import type { EngineParts } from '../parts.ts';
import { importCurveSecret, orRefused, subtle, unshared } from './subtle.ts';

const BASE_POINT = Uint8Array.of(9, ...new Uint8Array(31));

export const webCryptoX25519: EngineParts['x25519'] = {
  async x25519(secretKey, publicKey) {
    requireLength('X25519 secret key', secretKey, X25519_BYTES);
    return agree(await importCurveSecret('X25519', secretKey), publicKey);
  },
  async x25519PublicKey(secretKey) {
    requireLength('X25519 secret key', secretKey, X25519_BYTES);
    return x25519PublicKeyOf(await importCurveSecret('X25519', secretKey));
  },
};

/** Null where the result would be all zero (RFC 7748, section 6.1). */
export async function agree(secretKey: CryptoKey, publicKey: Uint8Array): Promise<Uint8Array<ArrayBuffer> | null> {
  if (publicKey.length !== X25519_BYTES) return null;
  const shared = await orRefused(async () => {
    const other = await subtle.importKey('raw', unshared(publicKey), 'X25519', true, []);
    return subtle.deriveBits({ name: 'X25519', public: other }, secretKey, X25519_BYTES * 8);
  });
  if (shared === null) return null;
  const bytes = new Uint8Array(shared);
  return bytes.every((byte) => byte === 0) ? null : bytes;
}

/**
 * The scalar times the base point, which is what a public key is; works where keys cannot be exported.
 * @throws CryptoError engine_self_test_failed: the platform gives zero
 */
export async function x25519PublicKeyOf(secretKey: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  const publicKey = await agree(secretKey, BASE_POINT);
  if (publicKey === null) throw new CryptoError('engine_self_test_failed', 'X25519 of the base point is zero');
  return publicKey;
}
