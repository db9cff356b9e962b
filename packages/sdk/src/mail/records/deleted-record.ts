/** What stays of a message that was deleted for good (docs/spec/09-mail.md, "Deleted record"). */
import { encodeBytes } from '@latchkey/protocol/wire';
import * as v from 'valibot';
import type { RecordBody } from '../../sync/types.ts';
import { countField, hashField } from './fields.ts';

export interface DeletedRecord {
  /** Hash of the statement: who brings the message again brings no news. */
  readonly hash: Uint8Array;
  /** The sender by the hash of the identity statement; null where nothing was counted. */
  readonly sender: Uint8Array | null;
  /** The sender's count, so that its place is not taken for a message that never came. */
  readonly counter: number | null;
}

const schema = v.strictObject({
  kind: v.literal('deleted'),
  v: v.literal(1),
  hash: hashField,
  sender: v.nullable(hashField),
  counter: v.nullable(countField),
});

/** Null where it is another kind of record, or one of a newer version. */
export function parseDeletedRecord(body: RecordBody): DeletedRecord | null {
  const parsed = v.safeParse(schema, body, { abortEarly: true });
  if (!parsed.success) return null;
  const { kind: _kind, v: _version, ...record } = parsed.output;
  return record;
}

export function deletedRecordBody({ hash, sender, counter }: DeletedRecord): RecordBody {
  return {
    kind: 'deleted',
    v: 1,
    hash: encodeBytes(hash),
    sender: sender === null ? null : encodeBytes(sender),
    counter,
  };
}
