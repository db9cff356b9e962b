/** WebCrypto as far as this engine uses it, with what TypeScript's types do not know yet. */

/** Names and formats of the WICG proposal "Modern Algorithms in the Web Cryptography API". */
export interface ModernSubtle extends Omit<SubtleCrypto, 'importKey' | 'exportKey'> {
  importKey(
    format: 'raw' | 'raw-public' | 'raw-seed' | 'raw-secret' | 'pkcs8',
    keyData: Uint8Array<ArrayBuffer>,
    algorithm: string | HmacImportParams,
    ...rest: [extractable: boolean, usages: readonly string[]]
  ): Promise<CryptoKey>;
  exportKey(format: 'raw' | 'raw-public', key: CryptoKey): Promise<ArrayBuffer>;
  getPublicKey(key: CryptoKey, usages: readonly string[]): Promise<CryptoKey>;
  encapsulateBits(
    algorithm: string,
    key: CryptoKey,
  ): Promise<{ readonly sharedKey: ArrayBuffer; readonly ciphertext: ArrayBuffer }>;
  decapsulateBits(algorithm: string, key: CryptoKey, ciphertext: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
}

/** Absent on pages from plain http that are not on loopback: then every use fails and another source serves. */
export const subtle: ModernSubtle = globalThis.crypto.subtle as unknown as ModernSubtle;

/** WebCrypto refuses views of shared memory; whatever is not shared is passed as it is. */
export function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}

const X25519_PKCS8_PREFIX = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20];
const ED25519_PKCS8_PREFIX = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/** RFC 8410: no browser takes the 32 bytes of these keys as they are. */
export async function importCurveSecret(algorithm: 'X25519' | 'Ed25519', secret: Uint8Array): Promise<CryptoKey> {
  const prefix = algorithm === 'X25519' ? X25519_PKCS8_PREFIX : ED25519_PKCS8_PREFIX;
  const pkcs8 = new Uint8Array(prefix.length + secret.length);
  pkcs8.set(prefix);
  pkcs8.set(secret, prefix.length);
  try {
    return await subtle.importKey('pkcs8', pkcs8, algorithm, false, algorithm === 'X25519' ? ['deriveBits'] : ['sign']);
  } finally {
    pkcs8.fill(0);
  }
}

/**
 * The public half of a secret key that the platform made from a seed.
 * Not in Firefox ESR 153: there is no other way to get it but an extractable key.
 */
export async function publicKeyOf(secretKey: CryptoKey, usages: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await subtle.exportKey('raw-public', await subtle.getPublicKey(secretKey, usages)));
}

/**
 * Null where the platform refuses the bytes as RFC 7748 or FIPS 203 has it; browsers differ in whether
 * they do so when a key is imported or when it is used. Anything else is a fault of ours and is thrown.
 */
export async function orRefused<T>(attempt: () => Promise<T>): Promise<T | null> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof DOMException && (error.name === 'OperationError' || error.name === 'DataError')) return null;
    throw error;
  }
}
