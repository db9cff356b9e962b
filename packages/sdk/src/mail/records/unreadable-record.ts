/** An arrival that this client could make nothing of, kept whole (docs/spec/09-mail.md, "Unreadable arrivals"). */
import { encodeBytes } from '@latchkey/protocol/wire';
import * as v from 'valibot';
import type { RecordBody } from '../../sync/types.ts';
import { bytesField, countField, idField, listField } from './fields.ts';

/** `damaged` is everything that does not open or contradicts itself: which of them is nobody's to know. */
export type UnreadableReason = 'not_for_me' | 'damaged';

export interface UnreadableRecord {
  readonly hour: number;
  readonly reason: UnreadableReason;
  readonly delivery: Uint8Array;
  readonly items: readonly { readonly hold: Uint8Array; readonly sizeBytes: number }[];
}

const schema = v.strictObject({
  kind: v.literal('unreadable'),
  v: v.literal(1),
  hour: countField,
  reason: v.picklist(['not_for_me', 'damaged']),
  delivery: bytesField(0, 4_096),
  items: listField(v.strictObject({ hold: idField, sizeBytes: countField }), 258),
});

/** Null where it is another kind of record, or one of a newer version. */
export function parseUnreadableRecord(body: RecordBody): UnreadableRecord | null {
  const parsed = v.safeParse(schema, body, { abortEarly: true });
  if (!parsed.success) return null;
  const { kind: _kind, v: _version, ...record } = parsed.output;
  return record;
}

export function unreadableRecordBody({ hour, reason, delivery, items }: UnreadableRecord): RecordBody {
  return {
    kind: 'unreadable',
    v: 1,
    hour,
    reason,
    delivery: encodeBytes(delivery),
    items: items.map(({ hold, sizeBytes }) => ({ hold: encodeBytes(hold), sizeBytes })),
  };
}
