/** Raw key bytes as `node:crypto` takes them fastest. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

export type RawKeyType = 'x25519' | 'ed25519' | 'ml-kem-768' | 'ml-dsa-44';

/**
 * Node throws and catches four errors before it looks into an object with a key in it, 15 µs, and none before a text.
 * That is more than half of the time for a key of 32 bytes, and for a key of ML-KEM still more than its base64 costs.
 * AlgorithmIdentifier and the head of the bit string (RFC 8410, section 4; RFC 9935, section 4).
 */
const SPKI_HEADS: Partial<Record<RawKeyType, { readonly hex: string; readonly keyBytes: number }>> = {
  x25519: { hex: '302a300506032b656e032100', keyBytes: 32 },
  ed25519: { hex: '302a300506032b6570032100', keyBytes: 32 },
  'ml-kem-768': { hex: '308204b2300b0609608648016503040402038204a100', keyBytes: 1184 },
};

/** Null where the platform refuses the bytes (not on the curve, coefficient above the modulus). */
export function importPublicKey(type: RawKeyType, bytes: Uint8Array): KeyObject | null {
  const head = SPKI_HEADS[type];
  try {
    if (head?.keyBytes === bytes.length) return createPublicKey(pemOf(head.hex, bytes));
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

function pemOf(head: string, bytes: Uint8Array): string {
  const text = Buffer.concat([Buffer.from(head, 'hex'), bytes]).toString('base64');
  return `-----BEGIN PUBLIC KEY-----\n${text}\n-----END PUBLIC KEY-----\n`;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
