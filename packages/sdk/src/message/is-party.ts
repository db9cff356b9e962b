import type { Party } from '@latchkey/protocol';
import { equalBytes } from '../signing/equal-bytes.ts';

/** Whether both name one version of one identity. */
export function isParty(one: Party, other: Party): boolean {
  return one.address === other.address && one.version === other.version && equalBytes(one.identity, other.identity);
}
