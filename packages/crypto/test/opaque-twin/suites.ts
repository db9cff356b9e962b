/** The three configurations of which RFC 9807, appendix C, has vectors. Latchkey's is the first. */
import { ristretto255, ristretto255_hasher, x25519 } from '@noble/curves/ed25519.js';
import { p256, p256_hasher } from '@noble/curves/nist.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { oprfOf, type KeyPair, type Oprf } from './oprf.ts';
import { ascii, kdfOf, type Kdf } from './primitives.ts';

export interface Suite {
  readonly oprf: Oprf;
  readonly kdf: Kdf;
  /** Nh = Nm = Nx. */
  readonly hashBytes: number;
  /** Noe. */
  readonly elementBytes: number;
  /** Npk. */
  readonly publicKeyBytes: number;
  deriveDiffieHellmanKeyPair(seed: Uint8Array): KeyPair;
  publicKeyOf(secretKey: Uint8Array): Uint8Array;
  diffieHellman(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array;
}

const DIFFIE_HELLMAN = ascii('OPAQUE-DeriveDiffieHellmanKeyPair');

const ristrettoOprf: Oprf = oprfOf({
  name: 'ristretto255-SHA512',
  Point: ristretto255.Point,
  hasher: ristretto255_hasher,
  hash: (bytes) => sha512(bytes),
});

const p256Oprf: Oprf = oprfOf({
  name: 'P256-SHA256',
  Point: p256.Point,
  hasher: p256_hasher,
  hash: (bytes) => sha256(bytes),
});

const RISTRETTO255: Suite = {
  oprf: ristrettoOprf,
  kdf: kdfOf(sha512),
  hashBytes: 64,
  elementBytes: 32,
  publicKeyBytes: 32,
  deriveDiffieHellmanKeyPair: (seed) => ristrettoOprf.deriveKeyPair(seed, DIFFIE_HELLMAN),
  publicKeyOf: (secretKey) => ristretto255.Point.BASE.multiply(ristretto255.Point.Fn.fromBytes(secretKey)).toBytes(),
  diffieHellman: (secretKey, publicKey) => ristrettoOprf.evaluate(secretKey, publicKey),
};

const CURVE25519: Suite = {
  ...RISTRETTO255,
  deriveDiffieHellmanKeyPair: (seed) => ({ secretKey: seed, publicKey: x25519.getPublicKey(seed) }),
  publicKeyOf: (secretKey) => x25519.getPublicKey(secretKey),
  diffieHellman: (secretKey, publicKey) => x25519.getSharedSecret(secretKey, publicKey),
};

const P256: Suite = {
  oprf: p256Oprf,
  kdf: kdfOf(sha256),
  hashBytes: 32,
  elementBytes: 33,
  publicKeyBytes: 33,
  deriveDiffieHellmanKeyPair: (seed) => p256Oprf.deriveKeyPair(seed, DIFFIE_HELLMAN),
  publicKeyOf: (secretKey) => p256.Point.BASE.multiply(p256.Point.Fn.fromBytes(secretKey)).toBytes(),
  diffieHellman: (secretKey, publicKey) => p256Oprf.evaluate(secretKey, publicKey),
};

/** By the name of the group in the vectors. */
export const SUITES = {
  ristretto255: RISTRETTO255,
  curve25519: CURVE25519,
  'P256_XMD:SHA-256_SSWU_RO_': P256,
} as const satisfies Record<string, Suite>;
