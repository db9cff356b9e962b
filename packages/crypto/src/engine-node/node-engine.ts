/**
 * The platform's OpenSSL. What takes microseconds is done at once: an encapsulation too, for which handing its three
 * steps to other threads takes this one as long as doing them, and all threads together twice as long. Signing goes to
 * the platform's own threads (sign-aside.ts).
 */
import { createDecipheriv, createHash, createSecretKey, decapsulate, hash, type KeyObject, scrypt } from 'node:crypto';
import type { Engine, HybridKemKey, SigningKey } from '../engine/engine.ts';
import { EXPANDED_SEED_BYTES, joinHalves, splitExpandedSeed, splitHybridEncapsulation } from '../engine/hybrid-kem.ts';
import { requireLength, requireRange } from '../engine/require-length.ts';
import {
  AEAD_KEY_BYTES,
  AEAD_NONCE_BYTES,
  AEAD_TAG_BYTES,
  SCRYPT_HIGHEST_LOG_N,
  SCRYPT_LONGEST_BYTES,
  SEED_BYTES,
  X25519_BYTES,
} from '../engine/sizes.ts';
import { agreeOrNull } from './agree-or-null.ts';
import { combineSecrets } from './combine-secrets.ts';
import { nodeSealer } from './node-sealer.ts';
import { nodeVerifier } from './node-verifier.ts';
import { plainBytes } from './plain-bytes.ts';
import { exportPublicKey, importPublicKey, importSecretKey, type RawKeyType } from './raw-key.ts';
import { signAside } from './sign-aside.ts';

const CIPHER = 'chacha20-poly1305';
const SOURCE = `node:crypto (OpenSSL ${process.versions.openssl})`;

export const nodeEngine: Engine = {
  name: 'node',
  sources: {
    sha256: SOURCE,
    hkdf: SOURCE,
    chacha20poly1305: SOURCE,
    x25519: SOURCE,
    mlkem768x25519: SOURCE,
    ed25519: SOURCE,
    mldsa44: SOURCE,
    scrypt: SOURCE,
  },

  ...nodeSealer,
  sha256: (bytes) => plainBytes(hash('sha256', bytes, 'buffer')),
  async scrypt({ passphrase, salt, logN, lengthBytes }) {
    requireRange('scrypt work factor', logN, [1, SCRYPT_HIGHEST_LOG_N]);
    requireRange('scrypt length', lengthBytes, [1, SCRYPT_LONGEST_BYTES]);
    const options = { N: 2 ** logN, r: 8, p: 1, maxmem: 2 ** logN * 1024 + 2 ** 20 };
    return new Promise((resolve, reject) => {
      scrypt(passphrase, salt, lengthBytes, options, (error, key) => {
        if (error === null) resolve(plainBytes(key));
        else reject(error);
      });
    });
  },

  aeadOpen({ key, nonce, bytes, ad }) {
    requireLength('AEAD key', key, AEAD_KEY_BYTES);
    requireLength('AEAD nonce', nonce, AEAD_NONCE_BYTES);
    const textBytes = bytes.length - AEAD_TAG_BYTES;
    if (textBytes < 0) return null;
    const decipher = createDecipheriv(CIPHER, createSecretKey(key), nonce, { authTagLength: AEAD_TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(textBytes));
    if (ad !== undefined) decipher.setAAD(ad, { plaintextLength: textBytes });
    const opened = decipher.update(bytes.subarray(0, textBytes));
    try {
      decipher.final();
    } catch {
      opened.fill(0);
      return null;
    }
    return plainBytes(opened);
  },

  x25519(secretKey, publicKey) {
    requireLength('X25519 secret key', secretKey, X25519_BYTES);
    return agree(importSecretKey('x25519', secretKey), publicKey);
  },
  x25519PublicKey(secretKey) {
    requireLength('X25519 secret key', secretKey, X25519_BYTES);
    return exportPublicKey(importSecretKey('x25519', secretKey));
  },

  hybridKemKey(seed): HybridKemKey {
    requireLength('hybrid KEM seed', seed, SEED_BYTES);
    const expanded = createHash('shake256', { outputLength: EXPANDED_SEED_BYTES }).update(seed).digest();
    const halves = splitExpandedSeed(expanded);
    const mlkemKey = importSecretKey('ml-kem-768', halves.mlkem);
    const x25519Key = importSecretKey('x25519', halves.x25519);
    expanded.fill(0);
    const x25519PublicKey = exportPublicKey(x25519Key);
    return {
      publicKey: joinHalves({ mlkem: exportPublicKey(mlkemKey), x25519: x25519PublicKey }),
      decapsulate(encapsulation) {
        const sent = splitHybridEncapsulation(encapsulation);
        if (sent === null) return null;
        const x25519Secret = agree(x25519Key, sent.x25519);
        if (x25519Secret === null) return null;
        const mlkemSecret = decapsulate(mlkemKey, sent.mlkem);
        return combineSecrets({ mlkemSecret, x25519Secret, x25519Ephemeral: sent.x25519, x25519PublicKey });
      },
    };
  },

  ed25519Key: (seed) => signingKey('ed25519', seed),
  mldsa44Key: (seed) => signingKey('ml-dsa-44', seed),
  ...nodeVerifier,
};

/** Null also for bytes that are no public key. */
function agree(privateKey: KeyObject, publicKeyBytes: Uint8Array): Uint8Array | null {
  const publicKey = publicKeyBytes.length === X25519_BYTES ? importPublicKey('x25519', publicKeyBytes) : null;
  return publicKey === null ? null : agreeOrNull(privateKey, publicKey);
}

function signingKey(type: RawKeyType, seed: Uint8Array): SigningKey {
  requireLength(`${type} seed`, seed, SEED_BYTES);
  const key = importSecretKey(type, seed);
  return { publicKey: exportPublicKey(key), sign: async (message) => plainBytes(await signAside(key, message)) };
}
