/** Raw key bytes as `node:crypto` takes them fastest. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

export type RawKeyType = 'x25519' | 'ed25519' | 'ml-kem-768' | 'ml-dsa-44';

/**
 * Node throws and catches four errors before it looks into an object with a key in it, 15 µs, and none before a text.
 * For keys of 32 bytes that is more than half of the time; larger ones lose in base64 what they would gain.
 * AlgorithmIdentifier and the head of the bit string (RFC 8410, section 4).
 */
const SPKI_HEADS: Partial<Record<RawKeyType, string>> = {
  x25519: '302a300506032b656e032100',
  ed25519: '302a300506032b6570032100',
};
const CURVE_KEY_BYTES = 32;

/** Null where the platform refuses the bytes (not on the curve, coefficient above the modulus). */
export function importPublicKey(type: RawKeyType, bytes: Uint8Array): KeyObject | null {
  const head = SPKI_HEADS[type];
  try {
    if (head !== undefined && bytes.length === CURVE_KEY_BYTES) return createPublicKey(pemOf(head, bytes));
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
  const text = Buffer.from(head + asBuffer(bytes).toString('hex'), 'hex').toString('base64');
  return `-----BEGIN PUBLIC KEY-----\n${text}\n-----END PUBLIC KEY-----\n`;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
