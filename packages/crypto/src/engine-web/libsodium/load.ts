/** libsodium 1.0 as WebAssembly; needs `'wasm-unsafe-eval'` in the page's policy. Loaded only when it is needed. */
import type Wrappers from 'libsodium-wrappers';

export type Sodium = typeof Wrappers;

/** The compiled library under the wrappers, as far as `aead.ts` uses it: pointers are numbers into HEAPU8. */
export interface SodiumMemory {
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  _malloc(lengthBytes: number): number;
  _free(address: number): void;
  // The C functions of libsodium's crypto_aead_chacha20poly1305_ietf; 64-bit lengths are two numbers.
  _crypto_aead_chacha20poly1305_ietf_encrypt(...args: readonly number[]): number;
  _crypto_aead_chacha20poly1305_ietf_decrypt(...args: readonly number[]): number;
}

/** Once for all operations; a second call gets the same library. */
export async function loadSodium(): Promise<Sodium> {
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  return sodium;
}

export async function loadSodiumMemory(): Promise<SodiumMemory> {
  return ((await loadSodium()) as unknown as { readonly libsodium: SodiumMemory }).libsodium;
}
