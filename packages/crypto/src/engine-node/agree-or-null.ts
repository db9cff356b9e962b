import { diffieHellman, type KeyObject } from 'node:crypto';
import { plainBytes } from './plain-bytes.ts';

/** OpenSSL fails where the result would be all zero (RFC 7748, section 6.1). */
export function agreeOrNull(privateKey: KeyObject, publicKey: KeyObject): Uint8Array | null {
  try {
    return plainBytes(diffieHellman({ privateKey, publicKey }));
  } catch {
    return null;
  }
}
