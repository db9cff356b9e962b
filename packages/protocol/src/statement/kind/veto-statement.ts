import type { CanonicalAddress } from '../../address/canonical-address.ts';
import { addressField } from '../field/address-fields.ts';
import { hashField } from '../field/base64-field.ts';
import { ordinalField } from '../field/integer-field.ts';
import { inconsistent } from '../inconsistent.ts';
import { one } from '../line.ts';
import { partyShape, type Party } from '../party.ts';
import type { StatementSchema } from '../schema.ts';
import { only, tokenAt, type Shape } from '../shape.ts';

/** A statement of the same address, by its ordinal and its hash. */
export interface KilledStatement {
  readonly version: number;
  readonly hash: Uint8Array;
}

/** That a reset is not the owner's (docs/spec/02-statements.md, "Veto"). */
export interface VetoStatement {
  readonly kind: 'latchkey/veto/v1';
  readonly address: CanonicalAddress;
  /** The ordinal of the statement under its address. */
  readonly version: number;
  /** Hash of the statement before. */
  readonly previous: Uint8Array;
  readonly kills: KilledStatement;
  /** The version whose keys sign: the one that was in force before the reset. */
  readonly by: Party;
}

const killsShape: Shape<KilledStatement> = {
  read: (tokens) => ({
    version: ordinalField.read(tokenAt(tokens, 0)),
    hash: hashField.read(tokenAt(tokens, 1)),
  }),
  write: ({ version, hash }) => [ordinalField.write(version), hashField.write(hash)],
};

export const vetoSchema: StatementSchema<VetoStatement> = {
  kind: 'latchkey/veto/v1',
  lines: {
    address: one('address', only(addressField)),
    version: one('version', only(ordinalField)),
    previous: one('previous', only(hashField)),
    kills: one('kills', killsShape),
    by: one('by', partyShape),
  },
  check: ({ address, version, kills, by }) => {
    if (by.address !== address) throw inconsistent('a veto is by the address itself');
    if (!(by.version < kills.version && kills.version < version)) {
      throw inconsistent('a veto kills what came before it and after the version that signs');
    }
  },
};
