import type { CanonicalAddress } from '../../address/canonical-address.ts';
import { addressField } from '../field/address-fields.ts';
import { base64Field } from '../field/base64-field.ts';
import { choiceField } from '../field/choice-field.ts';
import { originField } from '../field/origin-field.ts';
import { hourField } from '../field/time-field.ts';
import { one } from '../line.ts';
import type { StatementSchema } from '../schema.ts';
import { only } from '../shape.ts';

export type Action =
  'log-in' | 'change-latches' | 'update-identity' | 'delete-account' | 'export-account' | 'move-account';

/** That the owner wants this done, now, on this server (docs/spec/02-statements.md, "Act"). */
export interface ActStatement {
  readonly kind: 'latchkey/act/v1';
  readonly action: Action;
  readonly account: CanonicalAddress;
  /** `https://mail.example.org`, without a slash at the end. */
  readonly origin: string;
  /** The server's 32 bytes. */
  readonly nonce: Uint8Array;
  /** A full hour, since 1970-01-01T00:00:00Z. */
  readonly hourSeconds: number;
}

const actionField = choiceField<Action>([
  'log-in',
  'change-latches',
  'update-identity',
  'delete-account',
  'export-account',
  'move-account',
]);

export const actSchema: StatementSchema<ActStatement> = {
  kind: 'latchkey/act/v1',
  lines: {
    action: one('action', only(actionField)),
    account: one('account', only(addressField)),
    origin: one('origin', only(originField)),
    nonce: one('nonce', only(base64Field(32))),
    hourSeconds: one('hour', only(hourField)),
  },
  check: () => undefined,
};
