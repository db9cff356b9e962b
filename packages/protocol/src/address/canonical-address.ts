import { ProtocolError } from '../errors.ts';
import { MAX_ADDRESS_CHARS, MAX_ADDRESS_INPUT_CHARS } from '../limits.ts';
import { canonicalDomain } from './canonical-domain.ts';

declare const canonical: unique symbol;

/** An address in its one form, as it stands in statements, indexes and look-ups. */
export type CanonicalAddress = string & { readonly [canonical]: true };

/**
 * The canonical form of an address that a person typed or a mail header holds (docs/spec/02-statements.md,
 * "Addresses"): ASCII lower case, `+tag` cut off, domain as A-labels. The only function that decides it.
 * @throws ProtocolError `address_malformed`
 */
export function canonicalAddress(input: string): CanonicalAddress {
  if (input.length > MAX_ADDRESS_INPUT_CHARS) throw new ProtocolError('address_malformed', 'the address is too long');
  const at = input.lastIndexOf('@');
  if (at === -1) throw new ProtocolError('address_malformed', 'the address has no @');
  const local = canonicalLocalPart(input.slice(0, at));
  const address = `${local}@${canonicalDomain(input.slice(at + 1))}`;
  if (!isMarked(address)) throw new ProtocolError('address_malformed', 'the address is too long');
  return address;
}

/**
 * An address from anything signed, stored or sent by a program: only the canonical form is taken.
 * @throws ProtocolError `address_malformed`, `address_not_canonical`
 */
export function parseAddress(text: string): CanonicalAddress {
  const address = canonicalAddress(text);
  if (address !== text) throw new ProtocolError('address_not_canonical', 'the address is not in its canonical form');
  return address;
}

/** The last check, and the one place where the mark is given. */
function isMarked(address: string): address is CanonicalAddress {
  return address.length <= MAX_ADDRESS_CHARS;
}

function canonicalLocalPart(input: string): string {
  const plus = input.indexOf('+');
  const untagged = plus === -1 ? input : input.slice(0, plus);
  // Not toLowerCase() alone: it makes an ASCII k of the Kelvin sign.
  const local = untagged.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (!/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/.test(local) || local.includes('..')) {
    throw new ProtocolError('address_malformed', 'the part before the @ is not in the grammar');
  }
  if (!/^[!-?A-~]*$/.test(input)) {
    throw new ProtocolError('address_malformed', 'the tag is not printable ASCII');
  }
  return local;
}
