import { shake256 } from '@noble/hashes/sha3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** Bytes that look random and are the same on every run: SHAKE-256 of the name. */
export function patternBytes(name: string, lengthBytes: number): Uint8Array {
  return shake256(utf8ToBytes(name), { dkLen: lengthBytes });
}
