import { hash } from 'node:crypto';
import { combinerInput, type CombinerInput } from '../engine/hybrid-kem.ts';
import { plainBytes } from './plain-bytes.ts';

/** Both halves' secrets are zeroed. */
export function combineSecrets(input: CombinerInput): Uint8Array {
  const bytes = combinerInput(input);
  const secret = plainBytes(hash('sha3-256', bytes, 'buffer'));
  for (const spent of [bytes, input.mlkemSecret, input.x25519Secret]) spent.fill(0);
  return secret;
}
