/** A contact card as one line, for a QR code (docs/spec/15-contact-cards.md, "Line"). It holds no secret. */
import type { Engine } from '../engine/engine.ts';
import { requireLength } from '../engine/require-length.ts';
import { CryptoError } from '../errors.ts';
import { isAddress, isOrigin, requireAddress, requireOrigin } from './address-and-origin.ts';
import { formatBase32, formatCheckedLine, parseBase32, parseCheckedLine } from './checked-line.ts';

const FORM = {
  kind: 'latchkey/contact/v1',
  names: ['address', 'origin', 'identity', 'policy'],
} as const;
const HASH_BYTES = 32;
const NO_POLICY = 'none';

/** Whose keys are whose, as their owner shows it. */
export interface ContactLine {
  readonly address: string;
  /** Of the server that the address is at. */
  readonly origin: string;
  /** Hash of the identity statement in force, 32 bytes. */
  readonly identity: Uint8Array;
  /** Hash of the trust policy that the owner has pinned, 32 bytes; null where the server has no key log. */
  readonly policy: Uint8Array | null;
}

/**
 * One line of lower-case ASCII, at most 800 characters.
 *
 * @throws CryptoError `argument_invalid`
 */
export async function formatContactLine(
  engine: Pick<Engine, 'sha256'>,
  { address, origin, identity, policy }: ContactLine,
): Promise<string> {
  requireAddress(address);
  requireOrigin(origin);
  requireLength('identity hash', identity, HASH_BYTES);
  if (policy !== null) requireLength('policy hash', policy, HASH_BYTES);
  const fields = [formatBase32(identity), policy === null ? NO_POLICY : formatBase32(policy)];
  return formatCheckedLine(engine, [FORM.kind, address, origin, ...fields]);
}

/**
 * Takes capitals and runs of spaces; everything else must be as it was shown. That address and origin are canonical is
 * still to be checked.
 *
 * @throws CryptoError `contact_malformed`: none, one of a newer version, or mistyped
 */
export async function parseContactLine(engine: Pick<Engine, 'sha256'>, text: string): Promise<ContactLine> {
  const fields = await parseCheckedLine(engine, FORM, text);
  if (fields === null) throw malformed();
  const { address, origin } = fields;
  const identity = parseBase32(fields.identity, HASH_BYTES);
  const policy = fields.policy === NO_POLICY ? null : parseBase32(fields.policy, HASH_BYTES);
  if (!isAddress(address) || !isOrigin(origin) || identity === null) throw malformed();
  if (policy === null && fields.policy !== NO_POLICY) throw malformed();
  return { address, origin, identity, policy };
}

function malformed(): CryptoError {
  return new CryptoError('contact_malformed', 'this is no contact card, or it was mistyped');
}
