/** The reference: audited JavaScript that runs everywhere. Slow; other engines are compared with it. */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { sha3_256, shake256 } from '@noble/hashes/sha3.js';
import { randomBytes } from '@noble/hashes/utils.js';
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { ed25519VerifyStrict } from './ed25519-strict.ts';
import type { Encapsulated, Engine, HybridKemKey, SigningKey } from './engine.ts';
import {
  combinerInput,
  EXPANDED_SEED_BYTES,
  joinHalves,
  splitExpandedSeed,
  splitHybridEncapsulation,
  splitHybridPublicKey,
} from './hybrid-kem.ts';
import { requireLength, requireRange } from './require-length.ts';
import {
  AEAD_KEY_BYTES,
  AEAD_NONCE_BYTES,
  AEAD_TAG_BYTES,
  HKDF_LONGEST_BYTES,
  MLDSA44_PUBLIC_KEY_BYTES,
  MLDSA44_SIGNATURE_BYTES,
  SCRYPT_HIGHEST_LOG_N,
  SCRYPT_LONGEST_BYTES,
  SEED_BYTES,
  X25519_BYTES,
} from './sizes.ts';

export const nobleEngine: Engine = {
  name: 'noble',
  sources: {
    sha256: '@noble/hashes',
    hkdf: '@noble/hashes',
    chacha20poly1305: '@noble/ciphers',
    x25519: '@noble/curves',
    mlkem768x25519: '@noble/post-quantum',
    ed25519: '@noble/curves',
    mldsa44: '@noble/post-quantum',
    scrypt: '@noble/hashes',
  },

  randomBytes: (lengthBytes) => randomBytes(lengthBytes),
  sha256: (bytes) => sha256(bytes),
  hmacSha256: (key, bytes) => hmac(sha256, key, bytes),
  hkdfSha256({ secret, salt, info, lengthBytes }) {
    requireRange('HKDF length', lengthBytes, [1, HKDF_LONGEST_BYTES]);
    return hkdf(sha256, secret, salt, info, lengthBytes);
  },
  async scrypt({ passphrase, salt, logN, lengthBytes }) {
    requireRange('scrypt work factor', logN, [1, SCRYPT_HIGHEST_LOG_N]);
    requireRange('scrypt length', lengthBytes, [1, SCRYPT_LONGEST_BYTES]);
    const maxmem = 2 ** SCRYPT_HIGHEST_LOG_N * 1024 + 2 ** 20;
    return scryptAsync(passphrase, salt, { N: 2 ** logN, r: 8, p: 1, dkLen: lengthBytes, maxmem });
  },

  aeadSeal({ key, nonce, bytes, ad }) {
    requireLength('AEAD key', key, AEAD_KEY_BYTES);
    requireLength('AEAD nonce', nonce, AEAD_NONCE_BYTES);
    return chacha20poly1305(key, nonce, ad).encrypt(bytes);
  },
  aeadOpen({ key, nonce, bytes, ad }) {
    requireLength('AEAD key', key, AEAD_KEY_BYTES);
    requireLength('AEAD nonce', nonce, AEAD_NONCE_BYTES);
    return bytes.length < AEAD_TAG_BYTES ? null : orNull(() => chacha20poly1305(key, nonce, ad).decrypt(bytes));
  },

  x25519(secretKey, publicKey) {
    requireLength('X25519 secret key', secretKey, X25519_BYTES);
    return publicKey.length === X25519_BYTES ? orNull(() => x25519.getSharedSecret(secretKey, publicKey)) : null;
  },
  x25519PublicKey(secretKey) {
    requireLength('X25519 secret key', secretKey, X25519_BYTES);
    return x25519.getPublicKey(secretKey);
  },

  hybridKemKey(seed): HybridKemKey {
    requireLength('hybrid KEM seed', seed, SEED_BYTES);
    const halves = splitExpandedSeed(shake256(seed, { dkLen: EXPANDED_SEED_BYTES }));
    const mlkem = ml_kem768.keygen(halves.mlkem);
    const x25519PublicKey = x25519.getPublicKey(halves.x25519);
    return {
      publicKey: joinHalves({ mlkem: mlkem.publicKey, x25519: x25519PublicKey }),
      decapsulate(encapsulation) {
        const sent = splitHybridEncapsulation(encapsulation);
        if (sent === null) return null;
        const x25519Secret = orNull(() => x25519.getSharedSecret(halves.x25519, sent.x25519));
        if (x25519Secret === null) return null;
        const mlkemSecret = ml_kem768.decapsulate(sent.mlkem, mlkem.secretKey);
        return sha3_256(combinerInput({ mlkemSecret, x25519Secret, x25519Ephemeral: sent.x25519, x25519PublicKey }));
      },
    };
  },
  hybridKemEncapsulate(publicKey): Encapsulated | null {
    const to = splitHybridPublicKey(publicKey);
    if (to === null) return null;
    const ephemeral = x25519.keygen();
    return orNull(() => {
      const mlkem = ml_kem768.encapsulate(to.mlkem);
      const combined = combinerInput({
        mlkemSecret: mlkem.sharedSecret,
        x25519Secret: x25519.getSharedSecret(ephemeral.secretKey, to.x25519),
        x25519Ephemeral: ephemeral.publicKey,
        x25519PublicKey: to.x25519,
      });
      return {
        encapsulation: joinHalves({ mlkem: mlkem.cipherText, x25519: ephemeral.publicKey }),
        sharedSecret: sha3_256(combined),
      };
    });
  },

  ed25519Key(seed): SigningKey {
    requireLength('Ed25519 seed', seed, SEED_BYTES);
    const held = seed.slice();
    return { publicKey: ed25519.getPublicKey(held), sign: (message) => ed25519.sign(message, held) };
  },
  ed25519Verify: ed25519VerifyStrict,
  mldsa44Key(seed): SigningKey {
    requireLength('ML-DSA-44 seed', seed, SEED_BYTES);
    const pair = ml_dsa44.keygen(seed);
    return { publicKey: pair.publicKey, sign: (message) => ml_dsa44.sign(message, pair.secretKey) };
  },
  mldsa44Verify(publicKey, message, signature) {
    if (publicKey.length !== MLDSA44_PUBLIC_KEY_BYTES || signature.length !== MLDSA44_SIGNATURE_BYTES) return false;
    return ml_dsa44.verify(signature, message, publicKey);
  },
};

/** The library throws where the specification refuses; here a refusal is a value. */
function orNull<T>(attempt: () => T): T | null {
  try {
    return attempt();
  } catch {
    return null;
  }
}
