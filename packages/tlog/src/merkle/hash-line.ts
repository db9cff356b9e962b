import { base64 } from '@scure/base';
import { isHash } from './hash.ts';

/** Canonical base64 of 32 bytes, as checkpoints and proofs have it on a line; null for anything else. */
export function parseHashLine(line: string): Uint8Array | null {
  try {
    const bytes = base64.decode(line);
    return isHash(bytes) ? bytes : null;
  } catch {
    return null;
  }
}

export function formatHashLine(hash: Uint8Array): string {
  return base64.encode(hash);
}
