import type { WriteContext } from '../store/group-commit.ts';
import { Refused } from '../store/refused.ts';
import { addEvent } from './add-event.ts';
import { appendChange, CHANGE_BYTES, moveSpace } from './append-change.ts';

export interface FileEntry {
  readonly arrival: number;
  readonly record: Uint8Array;
  readonly epoch: number;
  readonly sealed: Uint8Array;
  readonly holds: readonly FiledHold[];
}

export interface FiledHold {
  readonly hold: Uint8Array;
  /** The receiver's own, where the arrival's item came without one; else null or the same again. */
  readonly header: Uint8Array | null;
}

export interface FileArrivals {
  readonly account: Uint8Array;
  readonly space: Uint8Array;
  readonly entries: readonly FileEntry[];
}

export interface Filed {
  readonly answers: ('filed' | 'exists' | 'gone')[];
  readonly size: number;
}

/** Record if absent, holds and removal of the arrival: for all entries in one transaction. Works over quota too. */
export async function fileArrivals(context: WriteContext, input: FileArrivals): Promise<Filed> {
  const { db } = context;
  const { account, space } = input;
  const found = await db
    .selectFrom('space')
    .select('size')
    .where('account', '=', account)
    .where('id', '=', space)
    .executeTakeFirst();
  if (found === undefined) throw new Refused('not_found');
  const answers: Filed['answers'] = [];
  let size = found.size;
  let growthBytes = 0;
  for (const entry of input.entries) {
    const answer = await fileOne(context, input, { ...entry, number: size + 1 });
    answers.push(answer);
    if (answer !== 'filed') continue;
    size += 1;
    growthBytes += entry.sealed.length + CHANGE_BYTES;
  }
  if (size > found.size) {
    await moveSpace(context, { account, space, size, growthBytes });
    await addEvent(context, account, { kind: 'space', space, value: size });
  }
  return { answers, size };
}

async function fileOne(
  context: WriteContext,
  { account, space }: FileArrivals,
  entry: FileEntry & { readonly number: number },
): Promise<'filed' | 'exists' | 'gone'> {
  const { db } = context;
  const existing = await db
    .selectFrom('record')
    .select('version')
    .where('account', '=', account)
    .where('space', '=', space)
    .where('id', '=', entry.record)
    .executeTakeFirst();
  if (existing !== undefined) return 'exists';
  const items = await db
    .selectFrom('arrival_item')
    .select(['blob', 'size_bytes', 'header'])
    .where('account', '=', account)
    .where('arrival', '=', entry.arrival)
    .orderBy('item')
    .execute();
  if (items.length === 0) return 'gone';
  if (items.length !== entry.holds.length) throw new Refused('request_malformed');

  for (const [place, item] of items.entries()) {
    const given = entry.holds[place];
    if (given === undefined) throw new Refused('request_malformed');
    const header = headerOf(item.header, given.header);
    const added = await db
      .insertInto('hold')
      .values({ account, id: given.hold, ...item, header })
      .onConflict((conflict) => conflict.columns(['account', 'id']).doNothing())
      .executeTakeFirst();
    if (added.numInsertedOrUpdatedRows === 0n) throw new Refused('exists_differently');
  }
  await appendChange(context, { account, space, version: 1, ...entry });
  await emptyArrival(context, account, entry.arrival);
  return 'filed';
}

/** What was delivered stays as it was delivered: a header can be added, never replaced. */
function headerOf(delivered: Uint8Array | null, given: Uint8Array | null): Uint8Array | null {
  if (delivered === null) return given;
  if (given !== null && Buffer.compare(delivered, given) !== 0) throw new Refused('request_malformed');
  return delivered;
}

/** The row stays with key and hash: the log of arrivals has no holes, and a late repetition is recognised. */
async function emptyArrival({ db }: WriteContext, account: Uint8Array, number: number): Promise<void> {
  await db.deleteFrom('arrival_item').where('account', '=', account).where('arrival', '=', number).execute();
  await db
    .updateTable('arrival')
    .set({ hour: null, part: null })
    .where('account', '=', account)
    .where('number', '=', number)
    .execute();
  await db
    .updateTable('account')
    .set((set) => ({ arrivals_here: set('arrivals_here', '-', 1) }))
    .where('id', '=', account)
    .execute();
}

export async function removeArrivals(
  context: WriteContext,
  input: { readonly account: Uint8Array; readonly numbers: readonly number[] },
): Promise<{ removed: number }> {
  const { db } = context;
  const { account } = input;
  let removed = 0;
  for (const number of new Set(input.numbers)) {
    const items = await db
      .selectFrom('arrival_item')
      .select('size_bytes')
      .where('account', '=', account)
      .where('arrival', '=', number)
      .execute();
    if (items.length === 0) continue;
    const freedBytes = items.reduce((sum, item) => sum + item.size_bytes, 0);
    await emptyArrival(context, account, number);
    await db
      .updateTable('account')
      .set((set) => ({ used_bytes: set('used_bytes', '-', freedBytes) }))
      .where('id', '=', account)
      .execute();
    removed += 1;
  }
  return { removed };
}
