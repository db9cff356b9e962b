import { isEd25519InputStrict } from '../../engine/ed25519-input.ts';
import { requireLength } from '../../engine/require-length.ts';
import { SEED_BYTES, X25519_BYTES } from '../../engine/sizes.ts';
import type { EngineParts } from '../parts.ts';
import { loadSodium } from './load.ts';

export async function sodiumX25519Part(): Promise<EngineParts['x25519']> {
  const sodium = await loadSodium();
  return {
    x25519(secretKey, publicKey) {
      requireLength('X25519 secret key', secretKey, X25519_BYTES);
      if (publicKey.length !== X25519_BYTES) return null;
      return orRefused(() => sodium.crypto_scalarmult(secretKey, publicKey));
    },
    x25519PublicKey(secretKey) {
      requireLength('X25519 secret key', secretKey, X25519_BYTES);
      return sodium.crypto_scalarmult_base(secretKey);
    },
  };
}

export async function sodiumEd25519Part(): Promise<EngineParts['ed25519']> {
  const sodium = await loadSodium();
  return {
    ed25519Key(seed) {
      requireLength('Ed25519 seed', seed, SEED_BYTES);
      const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(seed);
      return { publicKey, sign: (message) => sodium.crypto_sign_detached(message, privateKey) };
    },
    // libsodium 1.0.22 refuses by itself whatever the rule refuses; lengths apart, for which its wrappers throw.
    ed25519Verify: (publicKey, message, signature) =>
      isEd25519InputStrict(publicKey, signature) && sodium.crypto_sign_verify_detached(signature, message, publicKey),
  };
}

/** The wrappers throw a TypeError for wrong arguments, and a plain Error where libsodium itself refuses. */
export function orRefused<T>(attempt: () => T): T | null {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof TypeError) throw error;
    return null;
  }
}
