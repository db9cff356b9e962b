import type { CanonicalAddress } from '../../address/canonical-address.ts';
import { MAX_HOLD_HOURS, MIN_HOLD_HOURS } from '../../limits.ts';
import { addressField } from '../field/address-fields.ts';
import { base64Field, hashField } from '../field/base64-field.ts';
import { integerField, ordinalField } from '../field/integer-field.ts';
import { sealRecipientField } from '../field/seal-recipient-field.ts';
import { inconsistent } from '../inconsistent.ts';
import { one, optional } from '../line.ts';
import type { StatementSchema } from '../schema.ts';
import { only } from '../shape.ts';
import { recoveryShape, type Recovery } from './recovery.ts';

/** The keys of an address and who may replace them (docs/spec/02-statements.md, "Identity"). */
export interface IdentityStatement {
  readonly kind: 'latchkey/identity/v1';
  readonly address: CanonicalAddress;
  /** From 0; the ordinal of the statement under its address. */
  readonly version: number;
  /** Hash of the previous version; null in version 0. */
  readonly previous: Uint8Array | null;
  /** 32 bytes. */
  readonly ed25519: Uint8Array;
  /** 1,312 bytes. */
  readonly mldsa44: Uint8Array;
  /** `age1pq1…` */
  readonly seal: string;
  readonly recovery: Recovery;
  /** How long a reset is announced before it counts. */
  readonly holdHours: number;
  /** Salted hash of the newest vault head. */
  readonly vault: Uint8Array;
}

export const identitySchema: StatementSchema<IdentityStatement> = {
  kind: 'latchkey/identity/v1',
  lines: {
    address: one('address', only(addressField)),
    version: one('version', only(ordinalField)),
    previous: optional('previous', only(hashField)),
    ed25519: one('sign ed25519', only(base64Field(32))),
    mldsa44: one('sign mldsa44', only(base64Field(1312))),
    seal: one('seal', only(sealRecipientField)),
    recovery: one('recovery', recoveryShape),
    holdHours: one('hold', only(integerField(MIN_HOLD_HOURS, MAX_HOLD_HOURS))),
    vault: one('vault', only(hashField)),
  },
  check: ({ version, previous }) => {
    if ((version === 0) !== (previous === null)) throw inconsistent('exactly version 0 has no previous version');
  },
};
