import { parseAddress, type CanonicalAddress } from '@latchkey/protocol';
import { Refused } from '../store/refused.ts';

/** @throws Refused `request_malformed` where the address is not in its one form */
export function canonicalOrRefused(text: string): CanonicalAddress {
  try {
    return parseAddress(text);
  } catch {
    throw new Refused('request_malformed');
  }
}
