import { limits } from '@latchkey/protocol/wire';
import { sql } from 'kysely';
import type { WriteContext } from '../store/group-commit.ts';
import type { Tables } from '../store/schema.ts';
import { dayOf } from '../times.ts';

/** More than 48 hours whatever the hour of the day on which a blob was found to be nobody's. */
const unnamedDays = 3;
const rowsAtOnce = 500;

/** Rows whose time is over. @returns files that nothing names any more */
export async function sweepRows({ db, nowMs }: WriteContext): Promise<{ files: string[] }> {
  const today = dayOf(nowMs);
  await db
    .deleteFrom('event')
    .where('day', '<', today - limits.EVENTS_KEPT_DAYS)
    .execute();
  await db.deleteFrom('session').where('expires_day', '<', today).execute();
  await db.deleteFrom('invitation').where('expires_day', '<', today).execute();
  await db
    .deleteFrom('report')
    .where('day', '<', today - limits.REPORTS_KEPT_DAYS)
    .execute();
  await db.updateTable('account').set({ new_until_day: null }).where('new_until_day', '<', today).execute();
  const uploads = await db
    .deleteFrom('upload')
    .where('started_on_day', '<', today - limits.UPLOAD_KEPT_DAYS)
    .returning(['account', 'id', 'size_bytes', 'file'])
    .execute();
  for (const upload of uploads) {
    await db.deleteFrom('upload_part').where('account', '=', upload.account).where('upload', '=', upload.id).execute();
    await db
      .updateTable('account')
      .set((set) => ({ used_bytes: set('used_bytes', '-', upload.size_bytes) }))
      .where('id', '=', upload.account)
      .execute();
  }
  return { files: uploads.map((upload) => upload.file) };
}

const ownedTables = [
  'login',
  'session',
  'statement',
  'opening',
  'address_index',
  'upload',
  'upload_part',
  'hold',
  'arrival',
  'arrival_item',
  'space',
  'record',
  'change',
  'head',
  'event',
] as const satisfies readonly (keyof Tables)[];

/** What others need to follow an address to whoever has it next. */
const kept = new Set<string>(['statement', 'opening', 'address_index']);
const tombstone = 'latchkey/tombstone/v1\n';

/**
 * Accounts whose days of grace are over: every row goes, the address stays taken. Under a tombstone its statements stay,
 * which are public: without them nobody could tell who has the address next from a lie.
 */
export async function sweepAccounts({ db, nowMs }: WriteContext): Promise<{ files: string[] }> {
  const closed = await db
    .selectFrom('account')
    .select('id')
    .where('state', '=', 'closing')
    .where('removed_on_day', '<=', dayOf(nowMs))
    .limit(20)
    .execute();
  const files: string[] = [];
  for (const { id } of closed) {
    const uploads = await db.selectFrom('upload').select('file').where('account', '=', id).execute();
    files.push(...uploads.map((upload) => upload.file));
    const newest = await db
      .selectFrom('statement')
      .select('note')
      .where('account', '=', id)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    const isBuried = newest?.note.startsWith(tombstone) === true;
    const removed = ownedTables.filter((table) => !isBuried || !kept.has(table));
    for (const table of removed) await db.deleteFrom(table).where('account', '=', id).execute();
    await db
      .updateTable('account')
      .set({
        state: 'gone',
        removed_on_day: null,
        quota_bytes: 0,
        quota_arrivals: 0,
        used_bytes: 0,
        arrivals_here: 0,
        arrivals_ever: 0,
        events_ever: 0,
        new_until_day: null,
      })
      .where('id', '=', id)
      .execute();
  }
  return { files };
}

/**
 * Mark and sweep: what no hold and no arrival names is marked with the day, and removed when it was still so days
 * later. There is no counter that could drift.
 */
export async function sweepBlobs({ db, nowMs }: WriteContext): Promise<{ files: string[]; more: boolean }> {
  const today = dayOf(nowMs);
  const named = sql<Uint8Array>`(select blob from hold union select blob from arrival_item)`;
  await db
    .updateTable('blob')
    .set({ unnamed_on_day: null })
    .where('unnamed_on_day', 'is not', null)
    .where('id', 'in', named)
    .execute();
  const removed = await db
    .deleteFrom('blob')
    .where('id', 'in', (blobs) =>
      blobs
        .selectFrom('blob')
        .select('id')
        .where('unnamed_on_day', '<=', today - unnamedDays)
        .limit(rowsAtOnce),
    )
    .returning('file')
    .execute();
  await db
    .updateTable('blob')
    .set({ unnamed_on_day: today })
    .where('unnamed_on_day', 'is', null)
    .where('id', 'not in', named)
    .execute();
  return {
    files: removed.map((row) => row.file).filter((file) => file !== null),
    more: removed.length === rowsAtOnce,
  };
}
