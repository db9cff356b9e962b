/** What the owner said about mail of somebody (docs/spec/09-mail.md, "Requests"). */
import type { CanonicalAddress } from '@latchkey/protocol';
import * as v from 'valibot';
import type { RecordBody } from '../../sync/types.ts';
import { addressField, type FieldSchema } from './fields.ts';

/** `undecided` takes back what was said before. */
export type Decision = 'accepted' | 'declined' | 'undecided';

export interface CorrespondentRecord {
  readonly address: CanonicalAddress;
  readonly decision: Decision;
}

/** Newest version of the kind that this code understands. */
export const CORRESPONDENT_VERSION = 1;

const schema: FieldSchema<CorrespondentRecord & { readonly kind: string; readonly v: number }> = v.strictObject({
  kind: v.literal('correspondent'),
  v: v.literal(CORRESPONDENT_VERSION),
  address: addressField,
  decision: v.picklist(['accepted', 'declined', 'undecided']),
});

/** Null where it is another kind of record, or one of a newer version. */
export function parseCorrespondentRecord(body: RecordBody): CorrespondentRecord | null {
  const parsed = v.safeParse(schema, body, { abortEarly: true });
  if (!parsed.success) return null;
  const { address, decision } = parsed.output;
  return { address, decision };
}

export function correspondentRecordBody({ address, decision }: CorrespondentRecord): RecordBody {
  return { kind: 'correspondent', v: CORRESPONDENT_VERSION, address, decision };
}
