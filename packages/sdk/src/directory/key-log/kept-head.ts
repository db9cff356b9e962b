/** The last head of both logs that this account has verified: no head before it is ever taken again. */
import type { StoredHead } from '@latchkey/key-directory/verify';
import { limits } from '@latchkey/protocol/wire';
import * as v from 'valibot';
import { bytesField, parseStored, secondsField, storable, textField } from '../../account/stored-json.ts';
import { SdkError } from '../../errors.ts';
import type { RecordBody, Space } from '../../sync/types.ts';

export interface KeptHead extends StoredHead {
  readonly kind: 'key-heads';
  readonly v: 1;
  readonly mapRoot: Uint8Array;
  /** The signed notes themselves: half of the evidence, should the server ever contradict them. */
  readonly checkpoint: string;
  readonly leaf: string;
  /** Of that leaf under that checkpoint. Absent in records from before it was kept. */
  readonly inclusion?: readonly Uint8Array[];
  /** When this account verified it. */
  readonly seenSeconds: number;
}

/** A tree has no more levels than there are bits in its size. */
const MAX_HASHES = 63;

const tree = v.strictObject({ size: secondsField, rootHash: bytesField(32) });
export const keptHeadSchema: v.GenericSchema<unknown, KeptHead> = v.strictObject({
  kind: v.literal('key-heads'),
  v: v.literal(1),
  index: tree,
  keys: tree,
  mapRoot: bytesField(32),
  checkpoint: textField(limits.MAX_LOG_ENTRY_CHARS),
  leaf: textField(limits.MAX_LOG_ENTRY_CHARS),
  inclusion: v.exactOptional(v.pipe(v.array(bytesField(32)), v.maxLength(MAX_HASHES))),
  seenSeconds: secondsField,
});

const NO_NAME = new Uint8Array(0);

export function keptHeadId(vault: Space): Promise<Uint8Array> {
  return vault.nameRecord('key-heads', NO_NAME);
}

export function formatKeptHead(head: KeptHead): RecordBody {
  return storable(head) as RecordBody;
}

/** Null before the first. @throws SdkError `record_newer`, `vault_incomplete` */
export async function readKeptHead(vault: Space): Promise<KeptHead | null> {
  const body = (await vault.read(await keptHeadId(vault)))?.body ?? null;
  if (body === null) return null;
  const head = parseStored(keptHeadSchema, body);
  if (head !== null) return head;
  if (body.kind === 'key-heads' && body.v > 1) {
    throw new SdkError('record_newer', 'the kept heads were written by a newer version');
  }
  throw new SdkError('vault_incomplete', 'the kept heads of the key log cannot be read');
}
