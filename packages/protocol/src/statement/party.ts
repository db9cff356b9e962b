import type { CanonicalAddress } from '../address/canonical-address.ts';
import { addressField } from './field/address-fields.ts';
import { hashField } from './field/base64-field.ts';
import { ordinalField } from './field/integer-field.ts';
import { tokenAt, type Shape } from './shape.ts';

/** Somebody as known by one version of the own identity statement. */
export interface Party {
  readonly address: CanonicalAddress;
  readonly version: number;
  /** Hash of that identity statement. */
  readonly identity: Uint8Array;
}

/** `<address> <version> <identity hash>` */
export const partyShape: Shape<Party> = {
  read: (tokens) => ({
    address: addressField.read(tokenAt(tokens, 0)),
    version: ordinalField.read(tokenAt(tokens, 1)),
    identity: hashField.read(tokenAt(tokens, 2)),
  }),
  write: ({ address, version, identity }) => [
    addressField.write(address),
    ordinalField.write(version),
    hashField.write(identity),
  ],
};
