import type { CanonicalAddress } from '../../address/canonical-address.ts';
import { addressField } from '../field/address-fields.ts';
import { hashField } from '../field/base64-field.ts';
import { ordinalField } from '../field/integer-field.ts';
import { inconsistent } from '../inconsistent.ts';
import { one } from '../line.ts';
import type { StatementSchema } from '../schema.ts';
import { only } from '../shape.ts';

/** That an address has no keys any more (docs/spec/02-statements.md, "Tombstone"). */
export interface TombstoneStatement {
  readonly kind: 'latchkey/tombstone/v1';
  readonly address: CanonicalAddress;
  /** The ordinal of the statement under its address; never 0. */
  readonly version: number;
  /** Hash of the statement before. */
  readonly previous: Uint8Array;
}

export const tombstoneSchema: StatementSchema<TombstoneStatement> = {
  kind: 'latchkey/tombstone/v1',
  lines: {
    address: one('address', only(addressField)),
    version: one('version', only(ordinalField)),
    previous: one('previous', only(hashField)),
  },
  check: ({ version }) => {
    if (version === 0) throw inconsistent('nothing was there to end');
  },
};
