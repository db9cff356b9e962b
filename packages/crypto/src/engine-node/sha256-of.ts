import { hash } from 'node:crypto';

/** On the calling thread. */
export function sha256Of(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hash('sha256', bytes, 'buffer'));
}
