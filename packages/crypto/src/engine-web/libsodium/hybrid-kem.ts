import { requireLength } from '../../engine/require-length.ts';
import { HYBRID_KEM_ENCAPSULATION_BYTES, HYBRID_KEM_PUBLIC_KEY_BYTES, SEED_BYTES } from '../../engine/sizes.ts';
import type { EngineParts } from '../parts.ts';
import { orRefused } from './curves.ts';
import { loadSodium } from './load.ts';

/** libsodium has X-Wing as one algorithm. */
export async function sodiumHybridKemPart(): Promise<EngineParts['mlkem768x25519']> {
  const sodium = await loadSodium();
  return {
    hybridKemKey(seed) {
      requireLength('hybrid KEM seed', seed, SEED_BYTES);
      const { publicKey, privateKey } = sodium.crypto_kem_xwing_seed_keypair(seed);
      return {
        publicKey,
        decapsulate: (encapsulation) =>
          encapsulation.length === HYBRID_KEM_ENCAPSULATION_BYTES
            ? orRefused(() => sodium.crypto_kem_xwing_dec(encapsulation, privateKey))
            : null,
      };
    },
    hybridKemEncapsulate(publicKey) {
      if (publicKey.length !== HYBRID_KEM_PUBLIC_KEY_BYTES) return null;
      const sent = orRefused(() => sodium.crypto_kem_xwing_enc(publicKey));
      return sent === null ? null : { encapsulation: sent.ciphertext, sharedSecret: sent.sharedSecret };
    },
  };
}
