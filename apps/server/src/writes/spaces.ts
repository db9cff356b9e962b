import { limits } from '@latchkey/protocol/wire';
import { frozenQuery } from '../store/frozen-query.ts';
import type { WriteContext } from '../store/group-commit.ts';
import { Refused } from '../store/refused.ts';
import type { Tables } from '../store/schema.ts';
import type { SpaceKind } from '../store/schema.ts';
import { addEvent } from './add-event.ts';
import { appendChange, CHANGE_BYTES, moveSpace, type RecordWrite } from './append-change.ts';

export interface NewSpace {
  readonly account: Uint8Array;
  readonly space: Uint8Array;
  readonly kind: SpaceKind;
}

export async function createSpace(context: WriteContext, { account, space, kind }: NewSpace): Promise<void> {
  const { db } = context;
  const spaces = await db.selectFrom('space').select(['id', 'kind']).where('account', '=', account).execute();
  const same = spaces.find((each) => Buffer.compare(each.id, space) === 0);
  if (same !== undefined) {
    if (same.kind !== kind) throw new Refused('exists_differently');
    return;
  }
  if (spaces.length >= limits.MAX_SPACES) throw new Refused('too_many');
  // Two devices that both begin a vault would each fill their own.
  if (kind !== 'other' && spaces.some((each) => each.kind === kind)) throw new Refused('exists_differently');
  await db.insertInto('space').values({ account, id: space, kind, size: 0 }).execute();
  await addEvent(context, account, { kind: 'space', space, value: 0 });
}

export interface NewHead {
  readonly device: Uint8Array;
  readonly size: number;
  readonly head: Uint8Array;
}

export interface WriteRecords {
  readonly account: Uint8Array;
  readonly space: Uint8Array;
  readonly writes: readonly Omit<RecordWrite, 'account' | 'space' | 'number'>[];
  readonly head: NewHead | null;
}

export type WriteRecordsResult =
  | { readonly answer: 'written'; readonly size: number }
  | {
      readonly answer: 'conflict';
      readonly size: number;
      readonly conflicts: { record: Uint8Array; version: number }[];
    };

/** Half a million lines of change logs. */
const slackBytes = 67_108_864;

/** All or none. A batch may name a record more than once, version after version. */
export async function writeRecords(context: WriteContext, input: WriteRecords): Promise<WriteRecordsResult> {
  const { account, space, writes } = input;
  const found = await spaceSize(context, account, space);
  const current = await currentVersions(context, input);
  const conflicts = new Map<string, { record: Uint8Array; version: number }>();
  let growthBytes = 0;
  for (const { record, version, sealed } of writes) {
    const name = hex(record);
    const now = current.get(name) ?? { version: 0, sizeBytes: 0 };
    if (now.version !== version - 1) conflicts.set(name, { record, version: now.version });
    growthBytes += sealed.length - now.sizeBytes;
    current.set(name, { version, sizeBytes: sealed.length });
  }
  const size = found + writes.length;
  const headIsOff = input.head !== null && input.head.size !== size;
  if (conflicts.size > 0 || headIsOff) return { answer: 'conflict', size: found, conflicts: [...conflicts.values()] };
  const logBytes = writes.length * CHANGE_BYTES;
  // What does not grow (a deletion, a mark) goes on for long where the account is full, but not for ever.
  await requireRoom(context, account, growthBytes > 0 ? growthBytes + logBytes : logBytes - slackBytes);

  let number = found;
  for (const write of writes) {
    number += 1;
    await appendChange(context, { account, space, ...write, number });
  }
  await moveSpace(context, { account, space, size, growthBytes: growthBytes + logBytes });
  if (input.head !== null) await putHead(context, { account, space, head: input.head });
  await addEvent(context, account, { kind: 'space', space, value: size });
  return { answer: 'written', size };
}

/** @throws Refused `quota_full`. Deleting and filing never ask. */
export async function requireRoom({ db }: WriteContext, account: Uint8Array, growthBytes: number): Promise<void> {
  const [row] = await useOf(db, { id: account });
  if (row === undefined || row.used_bytes + growthBytes > row.quota_bytes) throw new Refused('quota_full');
}

const useOf = frozenQuery((db, { id }: Pick<Tables['account'], 'id'>) =>
  db.selectFrom('account').select(['used_bytes', 'quota_bytes']).where('id', '=', id),
);

export interface PutHead {
  readonly account: Uint8Array;
  readonly space: Uint8Array;
  readonly head: NewHead;
}

export async function putHead(context: WriteContext, { account, space, head }: PutHead): Promise<void> {
  await spaceSize(context, account, space);
  const devices = await context.db
    .selectFrom('head')
    .select('device')
    .where('account', '=', account)
    .where('space', '=', space)
    .where('device', '!=', head.device)
    .execute();
  if (devices.length >= limits.MAX_DEVICES) throw new Refused('too_many');
  await context.db
    .insertInto('head')
    .values({ account, space, ...head })
    .onConflict((conflict) => conflict.columns(['account', 'space', 'device']).doUpdateSet({ ...head }))
    .execute();
}

async function spaceSize({ db }: WriteContext, account: Uint8Array, space: Uint8Array): Promise<number> {
  const row = await db
    .selectFrom('space')
    .select('size')
    .where('account', '=', account)
    .where('id', '=', space)
    .executeTakeFirst();
  if (row === undefined) throw new Refused('not_found');
  return row.size;
}

async function currentVersions(
  { db }: WriteContext,
  { account, space, writes }: WriteRecords,
): Promise<Map<string, { version: number; sizeBytes: number }>> {
  const rows = await db
    .selectFrom('record')
    .select((select) => ['id', 'version', select.fn<number>('length', ['sealed']).as('sizeBytes')])
    .where('account', '=', account)
    .where('space', '=', space)
    .where(
      'id',
      'in',
      writes.map((write) => write.record),
    )
    .execute();
  return new Map(rows.map((row) => [hex(row.id), { version: row.version, sizeBytes: row.sizeBytes }]));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
