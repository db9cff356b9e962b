/**
 * Door `./seal-node`: as much of the platform as sealing needs, for programs that must not be able to open anything. It
 * reaches nothing that decrypts.
 */
import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { requireLength, requireRange } from '../engine/require-length.ts';
import { AEAD_KEY_BYTES, AEAD_NONCE_BYTES, AEAD_TAG_BYTES, HKDF_LONGEST_BYTES } from '../engine/sizes.ts';
import type { SealingEngine } from '../seal-only.ts';
import { hkdfSha256, hmacSha256 } from './hmac-sha256.ts';
import { nodeEncapsulate } from './node-encapsulate.ts';
import { plainBytes } from './plain-bytes.ts';

const CIPHER = 'chacha20-poly1305';

/**
 * Symmetric keys go in as KeyObjects: raw bytes cost Node two thrown and caught errors on every call, 12 µs
 * (bench/seal/README.md).
 */
export const nodeSealer: SealingEngine = {
  randomBytes: (lengthBytes) => plainBytes(randomBytes(lengthBytes)),
  hmacSha256,
  hkdfSha256(input) {
    requireRange('HKDF length', input.lengthBytes, [1, HKDF_LONGEST_BYTES]);
    return hkdfSha256(input);
  },

  aeadSeal({ key, nonce, bytes, ad }) {
    requireLength('AEAD key', key, AEAD_KEY_BYTES);
    requireLength('AEAD nonce', nonce, AEAD_NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, createSecretKey(key), nonce, { authTagLength: AEAD_TAG_BYTES });
    if (ad !== undefined) cipher.setAAD(ad, { plaintextLength: bytes.length });
    const sealed = new Uint8Array(bytes.length + AEAD_TAG_BYTES);
    sealed.set(cipher.update(bytes));
    cipher.final();
    sealed.set(cipher.getAuthTag(), bytes.length);
    return sealed;
  },

  hybridKemEncapsulate: nodeEncapsulate,
};
