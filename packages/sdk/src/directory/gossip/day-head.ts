/**
 * One cosigned head of the key log for each day on which mail was verified: proof for later
 * (docs/spec/14-proving-directory.md, "Days").
 */
import { limits } from '@latchkey/protocol/wire';
import { utf8 } from '@scure/base';
import * as v from 'valibot';
import { bytesField, parseStored, secondsField, storable, textField, u32Field } from '../../account/stored-json.ts';
import { SdkError } from '../../errors.ts';
import { DAY_SECONDS } from '../../hours.ts';
import type { RecordBody, Space } from '../../sync/types.ts';
import type { KeptHead } from '../key-log/kept-head.ts';

export interface DayHead {
  /** Since 1970-01-01. */
  readonly day: number;
  /** The index log's checkpoint as a whole note. */
  readonly checkpoint: string;
}

interface DayBody extends DayHead {
  readonly kind: 'key-day';
  readonly v: 1;
  /** The last entry under it, and what proves that it is. */
  readonly leaf: string;
  readonly inclusion: readonly Uint8Array[] | null;
  readonly seenSeconds: number;
}

const MAX_HASHES = 63;

const schema: v.GenericSchema<unknown, DayBody> = v.strictObject({
  kind: v.literal('key-day'),
  v: v.literal(1),
  day: u32Field,
  checkpoint: textField(limits.MAX_LOG_ENTRY_CHARS),
  leaf: textField(limits.MAX_LOG_ENTRY_CHARS),
  inclusion: v.nullable(v.pipe(v.array(bytesField(32)), v.maxLength(MAX_HASHES))),
  seenSeconds: secondsField,
});

/** Writes the head of this day where there is none yet. @returns the one that stands there, whichever device wrote it */
export async function keepDayHead(
  vault: Space,
  { checkpoint, leaf, inclusion, seenSeconds }: KeptHead,
  nowSeconds: number,
): Promise<DayHead> {
  const day = Math.floor(nowSeconds / DAY_SECONDS);
  const id = await vault.nameRecord('key-day', utf8.decode(String(day)));
  const there = await readDay(vault, id);
  if (there !== null) return there;
  const body: DayBody = { kind: 'key-day', v: 1, day, checkpoint, leaf, inclusion: inclusion ?? null, seenSeconds };
  await vault.write([
    { id, knows: 1, change: (current) => (current === null ? (storable(body) as RecordBody) : 'keep') },
  ]);
  return (await readDay(vault, id)) ?? { day, checkpoint };
}

async function readDay(vault: Space, id: Uint8Array): Promise<DayHead | null> {
  const body = (await vault.read(id))?.body ?? null;
  if (body === null) return null;
  const head = parseStored(schema, body);
  if (head === null) throw new SdkError('vault_incomplete', 'the head of a day cannot be read');
  return head;
}
