import { requireRange } from '../../engine/require-length.ts';
import { HKDF_LONGEST_BYTES } from '../../engine/sizes.ts';
import type { EngineParts } from '../parts.ts';
import { subtle, unshared } from './subtle.ts';

export const webCryptoSha256: EngineParts['sha256'] = {
  async sha256(bytes) {
    return new Uint8Array(await subtle.digest('SHA-256', unshared(bytes)));
  },
  async hmacSha256(key, bytes) {
    // WebCrypto refuses an empty key; RFC 2104 pads with zeros, so a zero byte is the same key.
    const bytesOfKey = key.length === 0 ? new Uint8Array(1) : unshared(key);
    const hmacKey = await subtle.importKey('raw', bytesOfKey, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    return new Uint8Array(await subtle.sign('HMAC', hmacKey, unshared(bytes)));
  },
};

export const webCryptoHkdf: EngineParts['hkdf'] = {
  async hkdfSha256({ secret, salt, info, lengthBytes }) {
    requireRange('HKDF length', lengthBytes, [1, HKDF_LONGEST_BYTES]);
    const key = await subtle.importKey('raw', unshared(secret), 'HKDF', false, ['deriveBits']);
    const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: unshared(salt), info: unshared(info) };
    return new Uint8Array(await subtle.deriveBits(algorithm, key, lengthBytes * 8));
  },
};
