/**
 * Door `./verify-node`: the platform's verification for programs that only verify. It reaches nothing that opens or
 * signs, so that a server can use it.
 */
import { verify } from 'node:crypto';
import { isEd25519InputStrict } from '../engine/ed25519-input.ts';
import { MLDSA44_PUBLIC_KEY_BYTES, MLDSA44_SIGNATURE_BYTES } from '../engine/sizes.ts';
import type { SignatureVerifier } from '../verify.ts';
import { importPublicKey } from './raw-key.ts';

export const nodeVerifier: SignatureVerifier = {
  ed25519Verify(publicKey, message, signature) {
    // OpenSSL's equation has no cofactor; whether it takes points of small order depends on its version.
    if (!isEd25519InputStrict(publicKey, signature)) return false;
    const key = importPublicKey('ed25519', publicKey);
    return key !== null && verify(null, message, key, signature);
  },
  mldsa44Verify(publicKey, message, signature) {
    if (publicKey.length !== MLDSA44_PUBLIC_KEY_BYTES || signature.length !== MLDSA44_SIGNATURE_BYTES) return false;
    const key = importPublicKey('ml-dsa-44', publicKey);
    return key !== null && verify(null, message, key, signature);
  },
};
