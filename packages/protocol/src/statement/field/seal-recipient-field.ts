import { bech32 } from '@scure/base';
import { malformed } from '../malformed.ts';
import type { Field } from './field.ts';
import { isHybridRecipient } from './is-hybrid-recipient.ts';

const PREFIX = 'age1pq';
/** ML-KEM-768 (1,184) and X25519 (32). */
const KEY_BYTES = 1216;

/** A hybrid recipient of age, `age1pq1…`. That its key can be used is for the room that seals. */
export const sealRecipientField: Field<string> = {
  read: (token) => {
    if (isHybridRecipient(token)) return token;
    const { prefix, bytes } = decode(token);
    if (prefix !== PREFIX || bytes.length !== KEY_BYTES) throw malformed('a field is not a hybrid recipient of age');
    // Bech32 may be in upper case throughout; a statement writes it in lower case. There is no other second way: bits
    // that fill up the last character are refused unless they are 0.
    return token.toLowerCase();
  },
  write: (recipient) => recipient,
};

function decode(token: string): { prefix: string; bytes: Uint8Array } {
  try {
    return bech32.decodeToBytes(token, false);
  } catch (cause) {
    throw malformed('a field is not Bech32', { cause });
  }
}
