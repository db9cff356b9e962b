import { ed25519 } from '@noble/curves/ed25519.js';
import { isEd25519InputStrict } from '../../engine/ed25519-input.ts';
import { requireLength } from '../../engine/require-length.ts';
import { MLDSA44_PUBLIC_KEY_BYTES, MLDSA44_SIGNATURE_BYTES, SEED_BYTES } from '../../engine/sizes.ts';
import type { EngineParts } from '../parts.ts';
import { importCurveSecret, orRefused, publicKeyOf, subtle, unshared } from './subtle.ts';

const ED25519 = 'Ed25519';
const ML_DSA = 'ML-DSA-44';

export const webCryptoEd25519: EngineParts['ed25519'] = {
  async ed25519Key(seed) {
    requireLength('Ed25519 seed', seed, SEED_BYTES);
    const key = await importCurveSecret(ED25519, seed);
    // Firefox ESR 153 tells the public key only of an extractable key, as text that cannot be zeroed.
    const publicKey =
      typeof subtle.getPublicKey === 'function' ? await publicKeyOf(key, ['verify']) : ed25519.getPublicKey(seed);
    return { publicKey, sign: async (message) => new Uint8Array(await subtle.sign(ED25519, key, unshared(message))) };
  },
  async ed25519Verify(publicKey, message, signature) {
    // The equation of both browsers has no cofactor; what else they let pass differs.
    if (!isEd25519InputStrict(publicKey, signature)) return false;
    const key = await orRefused(() => subtle.importKey('raw', unshared(publicKey), ED25519, true, ['verify']));
    return key !== null && subtle.verify(ED25519, key, unshared(signature), unshared(message));
  },
};

export const webCryptoMldsa44: EngineParts['mldsa44'] = {
  async mldsa44Key(seed) {
    requireLength('ML-DSA-44 seed', seed, SEED_BYTES);
    const key = await subtle.importKey('raw-seed', unshared(seed), ML_DSA, false, ['sign']);
    return {
      publicKey: await publicKeyOf(key, ['verify']),
      sign: async (message) => new Uint8Array(await subtle.sign(ML_DSA, key, unshared(message))),
    };
  },
  async mldsa44Verify(publicKey, message, signature) {
    if (publicKey.length !== MLDSA44_PUBLIC_KEY_BYTES || signature.length !== MLDSA44_SIGNATURE_BYTES) return false;
    const key = await orRefused(() => subtle.importKey('raw-public', unshared(publicKey), ML_DSA, true, ['verify']));
    return key !== null && subtle.verify(ML_DSA, key, unshared(signature), unshared(message));
  },
};
