/** Raw key bytes as `node:crypto` takes them fastest: wrapped as PKCS #8 or SPKI by a fixed prefix would cost more. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

export type RawKeyType = 'x25519' | 'ed25519' | 'ml-kem-768' | 'ml-dsa-44';

/** Null where the platform refuses the bytes (not on the curve, coefficient above the modulus). */
export function importPublicKey(type: RawKeyType, bytes: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: asBuffer(bytes), format: 'raw-public', asymmetricKeyType: type });
  } catch {
    return null;
  }
}

/** `bytes`: the scalar of X25519, the seed of the others. */
export function importSecretKey(type: RawKeyType, bytes: Uint8Array): KeyObject {
  const format = type === 'x25519' || type === 'ed25519' ? 'raw-private' : 'raw-seed';
  return createPrivateKey({ key: asBuffer(bytes), format, asymmetricKeyType: type });
}

export function exportPublicKey(key: KeyObject): Uint8Array<ArrayBuffer> {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return new Uint8Array(publicKey.export({ format: 'raw-public' }));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
