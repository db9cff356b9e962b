/**
 * HMAC (RFC 2104) and HKDF (RFC 5869) over SHA-256, from the platform's one-shot hash. Its own HMAC and HKDF make an object
 * for the key and one for the state, which takes three times as long as the hashing of what is short.
 */
import { createHmac, createSecretKey, hash } from 'node:crypto';
import { plainBytes } from './plain-bytes.ts';

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
/** What is longer is not copied. */
const SHORT_BYTES = 16_384;

/** 32 bytes. */
export function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (bytes.length > SHORT_BYTES) return plainBytes(createHmac('sha256', createSecretKey(key)).update(bytes).digest());
  const block = key.length > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key;
  const inner = new Uint8Array(BLOCK_BYTES + bytes.length);
  const outer = new Uint8Array(BLOCK_BYTES + HASH_BYTES);
  for (let at = 0; at < BLOCK_BYTES; at++) {
    const byte = block[at] ?? 0;
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  inner.set(bytes, BLOCK_BYTES);
  const innerHash = hash('sha256', inner, 'buffer');
  outer.set(innerHash, BLOCK_BYTES);
  const mac = plainBytes(hash('sha256', outer, 'buffer'));
  for (const secret of [inner, outer, innerHash]) secret.fill(0);
  if (block !== key) block.fill(0);
  return mac;
}

export interface HkdfInput {
  readonly secret: Uint8Array;
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
  /** 1 to 8,160. */
  readonly lengthBytes: number;
}

export function hkdfSha256({ secret, salt, info, lengthBytes }: HkdfInput): Uint8Array<ArrayBuffer> {
  // An empty salt is one of zeros, and HMAC fills its key up with zeros.
  const extracted = hmacSha256(salt, secret);
  const expanded = new Uint8Array(Math.ceil(lengthBytes / HASH_BYTES) * HASH_BYTES);
  const input = new Uint8Array(HASH_BYTES + info.length + 1);
  input.set(info, HASH_BYTES);
  for (let block = 1; (block - 1) * HASH_BYTES < lengthBytes; block++) {
    input[input.length - 1] = block;
    const output = hmacSha256(extracted, block === 1 ? input.subarray(HASH_BYTES) : input);
    expanded.set(output, (block - 1) * HASH_BYTES);
    input.set(output);
    output.fill(0);
  }
  const key = expanded.slice(0, lengthBytes);
  for (const spent of [extracted, expanded, input]) spent.fill(0);
  return key;
}
