import { requireLength } from '../../engine/require-length.ts';
import { AEAD_KEY_BYTES, AEAD_NONCE_BYTES, AEAD_TAG_BYTES } from '../../engine/sizes.ts';
import type { EngineParts } from '../parts.ts';
import { orRefused, subtle, unshared } from './subtle.ts';

const CHACHA = 'ChaCha20-Poly1305';

export const webCryptoAead: EngineParts['chacha20poly1305'] = {
  aeadSeal: async (input) => (await webCryptoAeadUnder(input.key)).aeadSeal(input),
  aeadOpen: async (input) => (await webCryptoAeadUnder(input.key)).aeadOpen(input),
};

/**
 * For many calls with one key, which is imported once. Ignores the calls' own key.
 * @throws CryptoError argument_invalid: a key or nonce of the wrong length, the nonce at the call
 */
export async function webCryptoAeadUnder(key: Uint8Array): Promise<EngineParts['chacha20poly1305']> {
  requireLength('AEAD key', key, AEAD_KEY_BYTES);
  const cipherKey = await subtle.importKey('raw-secret', unshared(key), CHACHA, false, ['encrypt', 'decrypt']);
  return {
    async aeadSeal({ nonce, bytes, ad }) {
      return new Uint8Array(await subtle.encrypt(parameters(nonce, ad), cipherKey, unshared(bytes)));
    },
    async aeadOpen({ nonce, bytes, ad }) {
      const algorithm = parameters(nonce, ad);
      if (bytes.length < AEAD_TAG_BYTES) return null;
      const opened = await orRefused(() => subtle.decrypt(algorithm, cipherKey, unshared(bytes)));
      return opened === null ? null : new Uint8Array(opened);
    },
  };
}

function parameters(nonce: Uint8Array, ad: Uint8Array | undefined): AesGcmParams {
  requireLength('AEAD nonce', nonce, AEAD_NONCE_BYTES);
  const parametersWithoutAd = { name: CHACHA, iv: unshared(nonce) };
  return ad === undefined ? parametersWithoutAd : { ...parametersWithoutAd, additionalData: unshared(ad) };
}
