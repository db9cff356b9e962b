import { frozenQuery } from '../store/frozen-query.ts';
import type { WriteContext } from '../store/group-commit.ts';
import { Refused } from '../store/refused.ts';
import type { Tables } from '../store/schema.ts';
import { dayOf } from '../times.ts';
import { requireRoom } from './spaces.ts';

export interface NewBlob {
  readonly id: Uint8Array;
  readonly sizeBytes: number;
  /** Small ones lie here, large ones in a file of this name. */
  readonly content: Uint8Array | null;
  readonly file: string | null;
}

/** A row of its own, joined to no account. Until a hold names it the collector may take it after its 48 hours. */
export async function addBlob({ db }: WriteContext, { id, sizeBytes, content, file }: NewBlob): Promise<void> {
  await insertBlob(db, { id, size_bytes: sizeBytes, content, file });
}

/** The same where the call may come in several writes: its blobs have one id in all of them. */
export async function addBlobUnlessThere(
  { db }: WriteContext,
  { id, sizeBytes, content, file }: NewBlob,
): Promise<void> {
  await insertBlobUnlessThere(db, { id, size_bytes: sizeBytes, content, file });
}

export interface NewHold {
  readonly account: Uint8Array;
  readonly hold: Uint8Array;
  readonly blob: Uint8Array;
  readonly sizeBytes: number;
}

export interface Placed {
  readonly hold: Uint8Array;
  readonly blob: Uint8Array;
  readonly sizeBytes: number;
}

/** @returns the hold that is there: the first one wins where a call was repeated */
export async function addHold(context: WriteContext, input: NewHold): Promise<Placed> {
  const existing = await holdNamed(context, input.account, input.hold);
  if (existing !== null) return existing;
  await requireRoom(context, input.account, input.sizeBytes);
  await insertHold(context, input);
  await changeUse(context, input.account, input.sizeBytes);
  return { hold: input.hold, blob: input.blob, sizeBytes: input.sizeBytes };
}

export interface NewHeldBlob extends NewHold {
  readonly content: Uint8Array;
}

/** Both at once, for what lies in the row. Where the call was repeated nothing is added. */
export async function addHeldBlob(context: WriteContext, { content, ...held }: NewHeldBlob): Promise<Placed> {
  const placed = await addHold(context, held);
  const isNew = Buffer.compare(placed.blob, held.blob) === 0;
  if (isNew) await addBlob(context, { id: held.blob, sizeBytes: held.sizeBytes, content, file: null });
  return placed;
}

export interface NewUpload {
  readonly account: Uint8Array;
  readonly upload: Uint8Array;
  readonly sizeBytes: number;
  readonly file: string;
}

const maxUploads = 64;

/** The whole size counts from now on. @returns the file to write to */
export async function createUpload(context: WriteContext, input: NewUpload): Promise<{ file: string }> {
  const { db, nowMs } = context;
  const { account, upload, sizeBytes, file } = input;
  if ((await holdNamed(context, account, upload)) !== null) throw new Refused('exists_differently');
  const running = await db
    .selectFrom('upload')
    .select(['id', 'size_bytes', 'file'])
    .where('account', '=', account)
    .execute();
  const same = running.find((each) => Buffer.compare(each.id, upload) === 0);
  if (same !== undefined) {
    if (same.size_bytes !== sizeBytes) throw new Refused('exists_differently');
    return { file: same.file };
  }
  if (running.length >= maxUploads) throw new Refused('too_many');
  await requireRoom(context, account, sizeBytes);
  await db
    .insertInto('upload')
    .values({ account, id: upload, size_bytes: sizeBytes, file, started_on_day: dayOf(nowMs) })
    .execute();
  await changeUse(context, account, sizeBytes);
  return { file };
}

export interface NewPart {
  readonly account: Uint8Array;
  readonly upload: Uint8Array;
  readonly part: number;
  readonly hash: Uint8Array;
}

/** After the bytes are on disk. A part that is sent again replaces the one before. */
export async function addPart({ db }: WriteContext, input: NewPart): Promise<void> {
  const running = await db
    .selectFrom('upload')
    .select('id')
    .where('account', '=', input.account)
    .where('id', '=', input.upload)
    .executeTakeFirst();
  if (running === undefined) throw new Refused('not_found');
  await db
    .insertInto('upload_part')
    .values(input)
    .onConflict((conflict) => conflict.columns(['account', 'upload', 'part']).doUpdateSet({ hash: input.hash }))
    .execute();
}

/** Before its place is written again. */
export async function forgetPart(
  { db }: WriteContext,
  { account, upload, part }: Omit<NewPart, 'hash'>,
): Promise<void> {
  await db
    .deleteFrom('upload_part')
    .where('account', '=', account)
    .where('upload', '=', upload)
    .where('part', '=', part)
    .execute();
}

export interface CompleteUpload {
  readonly account: Uint8Array;
  readonly upload: Uint8Array;
  readonly blob: Uint8Array;
}

/** The upload becomes a hold of the same id; its bytes were counted when it began. */
export async function completeUpload(context: WriteContext, input: CompleteUpload): Promise<Placed> {
  const { account, upload, blob } = input;
  const existing = await holdNamed(context, account, upload);
  if (existing !== null) return existing;
  const { size_bytes: sizeBytes } = await removeUpload(context, account, upload);
  await insertHold(context, { account, hold: upload, blob, sizeBytes });
  return { hold: upload, blob, sizeBytes };
}

export async function abortUpload(
  context: WriteContext,
  { account, upload }: { readonly account: Uint8Array; readonly upload: Uint8Array },
): Promise<{ file: string }> {
  const { size_bytes: sizeBytes, file } = await removeUpload(context, account, upload);
  await changeUse(context, account, -sizeBytes);
  return { file };
}

export async function removeHolds(
  context: WriteContext,
  { account, holds }: { readonly account: Uint8Array; readonly holds: readonly Uint8Array[] },
): Promise<{ removed: number }> {
  const removed = await context.db
    .deleteFrom('hold')
    .where('account', '=', account)
    .where('id', 'in', holds)
    .returning('size_bytes')
    .execute();
  const freedBytes = removed.reduce((sum, row) => sum + row.size_bytes, 0);
  await changeUse(context, account, -freedBytes);
  return { removed: removed.length };
}

async function holdNamed({ db }: WriteContext, account: Uint8Array, hold: Uint8Array): Promise<Placed | null> {
  const [row] = await holdOf(db, { account, id: hold });
  return row === undefined ? null : { hold, blob: row.blob, sizeBytes: row.size_bytes };
}

async function insertHold({ db }: WriteContext, { account, hold, blob, sizeBytes }: NewHold): Promise<void> {
  await insertBareHold(db, { account, id: hold, blob, size_bytes: sizeBytes });
}

async function removeUpload(
  { db }: WriteContext,
  account: Uint8Array,
  upload: Uint8Array,
): Promise<{ size_bytes: number; file: string }> {
  const row = await db
    .deleteFrom('upload')
    .where('account', '=', account)
    .where('id', '=', upload)
    .returning(['size_bytes', 'file'])
    .executeTakeFirst();
  if (row === undefined) throw new Refused('not_found');
  await db.deleteFrom('upload_part').where('account', '=', account).where('upload', '=', upload).execute();
  return row;
}

async function changeUse({ db }: WriteContext, account: Uint8Array, bytes: number): Promise<void> {
  await addUse(db, { id: account, bytes });
}

const insertBlob = frozenQuery((db, { id, size_bytes, content, file }: Omit<Tables['blob'], 'unnamed_on_day'>) =>
  db.insertInto('blob').values({ id, size_bytes, content, file, unnamed_on_day: null }),
);

const insertBlobUnlessThere = frozenQuery(
  (db, { id, size_bytes, content, file }: Omit<Tables['blob'], 'unnamed_on_day'>) =>
    db
      .insertInto('blob')
      .values({ id, size_bytes, content, file, unnamed_on_day: null })
      .onConflict((conflict) => conflict.doNothing()),
);

const holdOf = frozenQuery((db, { account, id }: Pick<Tables['hold'], 'account' | 'id'>) =>
  db.selectFrom('hold').select(['blob', 'size_bytes']).where('account', '=', account).where('id', '=', id),
);

const insertBareHold = frozenQuery((db, { account, id, blob, size_bytes }: Omit<Tables['hold'], 'header'>) =>
  db.insertInto('hold').values({ account, id, blob, size_bytes, header: null }),
);

const addUse = frozenQuery((db, { id, bytes }: { readonly id: Uint8Array; readonly bytes: number }) =>
  db
    .updateTable('account')
    .set((set) => ({ used_bytes: set('used_bytes', '+', bytes) }))
    .where('id', '=', id),
);
