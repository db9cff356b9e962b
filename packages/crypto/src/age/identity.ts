/** Identities: the secrets that open, and how they are written (C2SP age, "Native recipient types"). */
import { bech32 } from '@scure/base';
import type { Engine } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import type { PublicRecipient } from './recipient.ts';

/** The 32 bytes belong to the caller, who zeroes them when done. */
export interface KeyIdentity {
  readonly kind: 'mlkem768x25519' | 'X25519';
  readonly secret: Uint8Array;
}

export interface PassphraseIdentity {
  readonly kind: 'scrypt';
  /** UTF-8. */
  readonly passphrase: Uint8Array;
  /** log2 of the greatest work factor to go along with; 20 where absent. */
  readonly maxLogN?: number;
}

export type Identity = KeyIdentity | PassphraseIdentity;

const PREFIXES = { mlkem768x25519: 'age-secret-key-pq-', X25519: 'age-secret-key-' } as const;
const SECRET_BYTES = 32;
/** `AGE-SECRET-KEY-PQ-1…` has 77 characters. */
const MAX_TEXT_LENGTH = 96;

/** A fresh identity: hybrid, unless the classical kind is asked for. */
export function generateIdentity(engine: Engine, kind: KeyIdentity['kind'] = 'mlkem768x25519'): KeyIdentity {
  return { kind, secret: engine.randomBytes(SECRET_BYTES) };
}

/** `AGE-SECRET-KEY-PQ-1…` or `AGE-SECRET-KEY-1…`. */
export function formatIdentity({ kind, secret }: KeyIdentity): string {
  return bech32.encode(PREFIXES[kind], bech32.toWords(secret)).toUpperCase();
}

/**
 * Takes `AGE-SECRET-KEY-PQ-1…` or `AGE-SECRET-KEY-1…`, in capitals, and nothing around it.
 * @throws CryptoError identity_malformed
 */
export function parseIdentity(text: string): KeyIdentity {
  if (text.length > MAX_TEXT_LENGTH) throw malformed('it is too long');
  const decoded = bech32.decodeUnsafe(text, false);
  const secret = decoded === undefined ? undefined : bech32.fromWordsUnsafe(decoded.words);
  if (decoded === undefined || !(secret instanceof Uint8Array)) throw malformed('it is no bech32 text');
  if (text !== text.toUpperCase()) throw malformed('it is not in capitals');
  for (const kind of ['mlkem768x25519', 'X25519'] as const)
    if (decoded.prefix === PREFIXES[kind] && secret.length === SECRET_BYTES) return { kind, secret };
  throw malformed('it is of no kind that we open with');
}

/** The recipient whose items this identity opens. */
export async function recipientOf(engine: Engine, { kind, secret }: KeyIdentity): Promise<PublicRecipient> {
  if (kind === 'X25519') return { kind, publicKey: await engine.x25519PublicKey(secret) };
  return { kind, publicKey: (await engine.hybridKemKey(secret)).publicKey };
}

function malformed(why: string): CryptoError {
  return new CryptoError('identity_malformed', `malformed identity: ${why}`);
}
