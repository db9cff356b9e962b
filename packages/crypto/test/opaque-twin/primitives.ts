/** The small functions of RFC 9807, section 2 and 6, for one hash. */
import { concatBytes } from '@noble/hashes/utils.js';
import { hmac } from '@noble/hashes/hmac.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import type { CHash } from '@noble/hashes/utils.js';

export const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** I2OSP of RFC 8017. */
export function i2osp(value: number, lengthBytes: number): Uint8Array {
  const bytes = Buffer.alloc(lengthBytes);
  bytes.writeUIntBE(value, 0, lengthBytes);
  return Uint8Array.from(bytes);
}

/** Two bytes of length, then the bytes. */
export const framed = (bytes: Uint8Array): Uint8Array => concatBytes(i2osp(bytes.length, 2), bytes);

export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length !== b.length) throw new Error('a pad has another length');
  return a.map((byte, at) => byte ^ (b[at] ?? 0));
}

export interface Kdf {
  hash(bytes: Uint8Array): Uint8Array;
  mac(key: Uint8Array, bytes: Uint8Array): Uint8Array;
  extract(secret: Uint8Array): Uint8Array;
  expand(key: Uint8Array, info: Uint8Array, lengthBytes: number): Uint8Array;
}

export function kdfOf(hash: CHash): Kdf {
  return {
    hash: (bytes) => hash(bytes),
    mac: (key, bytes) => hmac(hash, key, bytes),
    extract: (secret) => extract(hash, secret, new Uint8Array(0)),
    expand: (key, info, lengthBytes) => expand(hash, key, info, lengthBytes),
  };
}
