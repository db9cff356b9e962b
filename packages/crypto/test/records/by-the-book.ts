/** The formats of docs/spec/04-records.md a second time, from node:crypto alone. */
import { createCipheriv, createHash, hkdfSync } from 'node:crypto';

export const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

export const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The same bytes for the same name. */
export const named = (name: string, lengthBytes: number): Buffer =>
  createHash('shake256', { outputLength: lengthBytes }).update(name).digest();

export function big(value: bigint | number, lengthBytes: number): Buffer {
  return Buffer.from(
    BigInt(value)
      .toString(16)
      .padStart(lengthBytes * 2, '0'),
    'hex',
  );
}

export function padded(body: Uint8Array, sizeBytes: number): Buffer {
  return Buffer.concat([big(body.length, 8), body], sizeBytes);
}

export interface Sealing {
  readonly secret: Uint8Array;
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
  readonly plaintext: Uint8Array;
  readonly ad: Uint8Array;
}

export function seal({ secret, salt, info, plaintext, ad }: Sealing): Buffer {
  const key = Buffer.from(hkdfSync('sha256', secret, salt, info, 32));
  const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 });
  cipher.setAAD(ad, { plaintextLength: plaintext.length });
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

export function flip(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = (at + copy.length) % copy.length;
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
