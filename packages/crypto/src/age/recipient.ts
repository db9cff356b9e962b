/** Recipients: whom a file key is wrapped to, and how they are written (C2SP age, "Native recipient types"). */
import { bech32 } from '@scure/base';
import { CryptoError } from '../errors.ts';
import { decodeBech32 } from './decode-bech32.ts';

export interface HybridRecipient {
  readonly kind: 'mlkem768x25519';
  /** 1,216 bytes. */
  readonly publicKey: Uint8Array;
}

export interface X25519Recipient {
  readonly kind: 'X25519';
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

export interface PassphraseRecipient {
  readonly kind: 'scrypt';
  /** UTF-8, at least one byte. */
  readonly passphrase: Uint8Array;
  /** log2 of the work factor, 1 to 20; 18 where absent. */
  readonly logN?: number;
}

/** A recipient that can be written down and given away. */
export type PublicRecipient = HybridRecipient | X25519Recipient;
export type Recipient = PublicRecipient | PassphraseRecipient;

const PREFIXES = { mlkem768x25519: 'age1pq', X25519: 'age' } as const;
const KEY_BYTES = { mlkem768x25519: 1216, X25519: 32 } as const;
/** The text of a hybrid recipient has 1,959 characters; nothing longer is looked at. */
const MAX_TEXT_LENGTH = 2048;

/** `age1pq1…` or `age1…`. */
export function formatRecipient({ kind, publicKey }: PublicRecipient): string {
  return bech32.encode(PREFIXES[kind], bech32.toWords(publicKey), false);
}

/**
 * Takes `age1pq1…` or `age1…`, in lower case, and nothing around it.
 * @throws CryptoError recipient_malformed
 */
export function parseRecipient(text: string): PublicRecipient {
  if (text.length > MAX_TEXT_LENGTH) throw malformed('it is too long');
  for (const kind of ['mlkem768x25519', 'X25519'] as const) {
    const publicKey = decodeBech32(PREFIXES[kind], text);
    if (publicKey?.length === KEY_BYTES[kind]) return { kind, publicKey };
  }
  throw malformed('it is no bech32 text in lower case of a kind that we seal to');
}

function malformed(why: string): CryptoError {
  return new CryptoError('recipient_malformed', `malformed recipient: ${why}`);
}
