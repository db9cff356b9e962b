/** The sign-in card as one line (docs/spec/05-account.md, "Sign-in card"). */
import { base64urlnopad } from '@scure/base';
import type { Engine } from '../engine/engine.ts';
import { requireLength } from '../engine/require-length.ts';
import { CryptoError } from '../errors.ts';
import { ACCOUNT_SECRET_BYTES } from './account-secret.ts';
import { isAddress, isOrigin, requireAddress, requireOrigin } from './address-and-origin.ts';
import { formatBase32, formatCheckedLine, parseBase32, parseCheckedLine } from './checked-line.ts';

const FORM = {
  kind: 'latchkey/card/v1',
  names: ['address', 'origin', 'accountSecret', 'serverKey', 'policy'],
} as const;
const SERVER_KEY_BYTES = 32;
const HASH_BYTES = 32;
const NO_POLICY = 'none';

/** What a new browser or machine needs besides the password. */
export interface Card {
  /** 16 bytes. */
  readonly accountSecret: Uint8Array;
  readonly address: string;
  readonly origin: string;
  /** OPAQUE's static public key of the server, as `LoginClient` gives it: base64url of 32 bytes. */
  readonly serverKey: string;
  /** Hash of the trust policy, 32 bytes. */
  readonly policy: Uint8Array | null;
}

/**
 * One line of lower-case ASCII, at most 800 characters. It holds the account secret.
 *
 * @throws CryptoError `argument_invalid`
 */
export async function formatCard(engine: Engine, card: Card): Promise<string> {
  const { accountSecret, address, origin, serverKey, policy } = card;
  requireLength('account secret', accountSecret, ACCOUNT_SECRET_BYTES);
  requireAddress(address);
  requireOrigin(origin);
  if (policy !== null) requireLength('policy hash', policy, HASH_BYTES);
  const pin = serverKeyBytes(serverKey);
  return formatCheckedLine(engine, [
    FORM.kind,
    address,
    origin,
    formatBase32(accountSecret),
    formatBase32(pin),
    policy === null ? NO_POLICY : formatBase32(policy),
  ]);
}

/**
 * Takes capitals and runs of spaces; everything else must be as it was printed. That address and origin are canonical
 * is still to be checked.
 *
 * @throws CryptoError `card_malformed`: no card, one of a newer version, or mistyped
 */
export async function parseCard(engine: Engine, text: string): Promise<Card> {
  const fields = await parseCheckedLine(engine, FORM, text);
  if (fields === null) throw malformed();
  const { address, origin } = fields;
  const accountSecret = parseBase32(fields.accountSecret, ACCOUNT_SECRET_BYTES);
  const pin = parseBase32(fields.serverKey, SERVER_KEY_BYTES);
  const policy = fields.policy === NO_POLICY ? null : parseBase32(fields.policy, HASH_BYTES);
  if (!isAddress(address) || !isOrigin(origin) || accountSecret === null || pin === null) throw malformed();
  if (policy === null && fields.policy !== NO_POLICY) throw malformed();
  return { accountSecret, address, origin, serverKey: base64urlnopad.encode(pin), policy };
}

function malformed(): CryptoError {
  return new CryptoError('card_malformed', 'this is no sign-in card, or it was mistyped');
}

function serverKeyBytes(text: string): Uint8Array {
  try {
    const bytes = base64urlnopad.decode(text);
    if (bytes.length === SERVER_KEY_BYTES) return bytes;
  } catch {
    // Said below.
  }
  throw new CryptoError('argument_invalid', 'the server key is not base64url of 32 bytes');
}
