/** What the owner did with a message (docs/spec/09-mail.md, "State record"). Apart from it, so that marking is small. */
import { encodeBytes } from '@latchkey/protocol/wire';
import * as v from 'valibot';
import type { RecordBody } from '../../sync/types.ts';
import type { Mark } from '../types.ts';
import { idField } from './fields.ts';

export interface StateRecord {
  /** Record id of the message. */
  readonly message: Uint8Array;
  readonly read: boolean;
  readonly starred: boolean;
  /** `inbox`: where it came to lie; of own copies that is among the sent ones. */
  readonly folder: NonNullable<Mark['folder']>;
}

/** Newest version of the kind that this code understands. */
export const STATE_VERSION = 1;

const schema = v.strictObject({
  kind: v.literal('state'),
  v: v.literal(STATE_VERSION),
  message: idField,
  read: v.boolean(),
  starred: v.boolean(),
  folder: v.picklist(['inbox', 'archive', 'trash']),
});

/** Null where it is another kind of record, or one of a newer version. */
export function parseStateRecord(body: RecordBody): StateRecord | null {
  const parsed = v.safeParse(schema, body, { abortEarly: true });
  if (!parsed.success) return null;
  const { kind: _kind, v: _version, ...record } = parsed.output;
  return record;
}

export function stateRecordBody({ message, ...state }: StateRecord): RecordBody {
  return { kind: 'state', v: STATE_VERSION, message: encodeBytes(message), ...state };
}
