/**
 * The dear operations on the platform's pool of threads. One costs this thread about 5 µs instead of 25 to 700, and
 * all threads together hardly more than it did at once. Keys are handed over as they are held, none is copied here.
 */
import { diffieHellman, encapsulate, generateKeyPair, type KeyObject, sign } from 'node:crypto';

export interface KemOutput {
  readonly sharedKey: Buffer;
  readonly ciphertext: Buffer;
}

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export function encapsulateAside(publicKey: KeyObject): Promise<KemOutput> {
  return new Promise((resolve, reject) => {
    encapsulate(publicKey, (error, output) => {
      if (error === null) resolve(output);
      else reject(error);
    });
  });
}

export function newX25519PairAside(): Promise<KeyPair> {
  return new Promise((resolve, reject) => {
    generateKeyPair('x25519', {}, (error, publicKey, privateKey) => {
      if (error === null) resolve({ publicKey, privateKey });
      else reject(error);
    });
  });
}

/** Null where the result would be all zero: OpenSSL fails there (RFC 7748, section 6.1). */
export function agreeAside(privateKey: KeyObject, publicKey: KeyObject): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    diffieHellman({ privateKey, publicKey }, (error, secret) => {
      resolve(error === null ? secret : null);
    });
  });
}

export function signAside(key: KeyObject, message: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sign(null, message, key, (error, signature) => {
      if (error === null) resolve(signature);
      else reject(error);
    });
  });
}
