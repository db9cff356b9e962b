import { createPrivateKey, createPublicKey, sign } from 'node:crypto';

/** A signing key of the server's own, from its seed of 32 bytes. */
export interface PlatformKey {
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

export const SEED_BYTES = 32;

export function platformKey(algorithm: 'ed25519' | 'ml-dsa-44', seed: Uint8Array): PlatformKey {
  const format = algorithm === 'ed25519' ? 'raw-private' : 'raw-seed';
  const key = createPrivateKey({ key: Buffer.from(seed), format, asymmetricKeyType: algorithm });
  return {
    publicKey: new Uint8Array(createPublicKey(key).export({ format: 'raw-public' })),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}
