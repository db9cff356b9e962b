/** What the key log writes. docs/spec/13-key-log.md, "Order of writes". */
import type { WriteContext } from '../store/group-commit.ts';
import type { LogName } from '../store/schema.ts';

/** What makes an identity statement an entry of the key log. */
export interface NewLeaf {
  readonly leaf: Uint8Array;
  readonly opening: Uint8Array;
}

export interface AddressIndex {
  readonly logIndex: Uint8Array;
  readonly proof: Uint8Array;
}

/** In the transaction that accepts the statement: its place in the log is fixed with it. */
export async function insertLeaf(
  { db }: WriteContext,
  { account, version, leaf, opening }: NewLeaf & { readonly account: Uint8Array; readonly version: number },
): Promise<void> {
  const { newest } = await db
    .selectFrom('key_leaf')
    .select((select) => select.fn.max('position').as('newest'))
    .executeTakeFirstOrThrow();
  await db
    .insertInto('key_leaf')
    .values({ position: newest === null ? 0 : newest + 1, leaf })
    .execute();
  await db.insertInto('opening').values({ account, version, opening }).execute();
}

export async function insertIndex(
  { db }: WriteContext,
  account: Uint8Array,
  { logIndex, proof }: AddressIndex,
): Promise<void> {
  await db.insertInto('address_index').values({ account, log_index: logIndex, proof }).execute();
}

export interface EarlierStatement extends NewLeaf {
  readonly account: Uint8Array;
  readonly version: number;
  /** With the first statement of an account. */
  readonly index: AddressIndex | null;
}

/** Statements from before the log. Repeating it changes nothing. */
export async function addEarlierStatements(
  context: WriteContext,
  { statements }: { readonly statements: readonly EarlierStatement[] },
): Promise<void> {
  for (const { account, version, index, ...leaf } of statements) {
    const known = await context.db
      .selectFrom('opening')
      .select('version')
      .where('account', '=', account)
      .where('version', '=', version)
      .executeTakeFirst();
    if (known !== undefined) continue;
    if (index !== null) await insertIndex(context, account, index);
    await insertLeaf(context, { account, version, ...leaf });
  }
}

export interface Growth {
  readonly log: LogName;
  readonly fromSize: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
  readonly tiles: readonly { readonly level: number; readonly index: number; readonly bytes: Uint8Array }[];
  /** Of the index log: its new last entry. Those of the key log are there already. */
  readonly entry: Uint8Array | null;
}

/**
 * The next signed head with everything under it, before anybody sees it. A second head of a size, or one that goes back,
 * is never written: that is a fault of ours, and the process ends.
 */
export async function growLog({ db }: WriteContext, growth: Growth): Promise<void> {
  const { log, fromSize, size, root, note } = growth;
  const signed = await headOf({ db }, log, 'signed');
  if (signed?.size === size && isSame(signed.root, root)) return;
  if ((signed?.size ?? 0) !== fromSize || size <= fromSize) throw new Error(`a second head of the ${log} log`);
  for (const { level, index: tile, bytes: hashes } of growth.tiles) {
    await db
      .insertInto('log_tile')
      .values({ log, level, tile, hashes })
      .onConflict((conflict) => conflict.columns(['log', 'level', 'tile']).doUpdateSet({ hashes }))
      .execute();
  }
  if (growth.entry !== null) {
    await db.insertInto('index_leaf').values({ position: fromSize, leaf: growth.entry }).execute();
  }
  await putHead({ db }, { log, state: 'signed', size, root, note });
}

export interface TakenBack {
  /** The place of the first entry. */
  readonly from: number;
  readonly entries: readonly Uint8Array[];
  readonly growth: Growth;
}

/**
 * Entries that this server had signed and lost, from those who keep them. What they said, statement and opening, is gone
 * with the disk; a leaf that lies here already is the same one, or nothing is written.
 */
export async function takeBackEntries(context: WriteContext, { from, entries, growth }: TakenBack): Promise<void> {
  const { db } = context;
  const table = growth.log === 'keys' ? 'key_leaf' : 'index_leaf';
  const known = await db.selectFrom(table).selectAll().where('position', '>=', from).execute();
  const leaves = new Map(known.map(({ position, leaf }) => [position, leaf]));
  for (const [place, leaf] of entries.entries()) {
    const here = leaves.get(from + place);
    if (here === undefined)
      await db
        .insertInto(table)
        .values({ position: from + place, leaf })
        .execute();
    else if (!isSame(here, leaf)) throw new Error(`the ${growth.log} log has another entry at ${from + place}`);
  }
  await growLog(context, growth);
}

export interface PublishedHead {
  readonly log: LogName;
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
  /** The head is kept as that of this hour, unless the hour has one. */
  readonly hour: number | null;
}

/** A signed head that enough witnesses have signed too; or the same again with newer signatures. */
export async function publishHead({ db }: WriteContext, { log, size, root, note, hour }: PublishedHead): Promise<void> {
  const signed = await headOf({ db }, log, 'signed');
  const published = await headOf({ db }, log, 'published');
  if (signed?.size !== size || !isSame(signed.root, root) || (published?.size ?? 0) > size) {
    throw new Error(`a head of the ${log} log that was not signed`);
  }
  await putHead({ db }, { log, state: 'published', size, root, note });
  if (hour === null) return;
  await db
    .insertInto('log_hour')
    .values({ hour, note })
    .onConflict((conflict) => conflict.column('hour').doNothing())
    .execute();
}

type Row = {
  readonly log: LogName;
  readonly state: 'signed' | 'published';
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
};

async function headOf(
  { db }: Pick<WriteContext, 'db'>,
  log: LogName,
  state: Row['state'],
): Promise<{ size: number; root: Uint8Array } | undefined> {
  return db
    .selectFrom('log_head')
    .select(['size', 'root'])
    .where('log', '=', log)
    .where('state', '=', state)
    .executeTakeFirst();
}

async function putHead({ db }: Pick<WriteContext, 'db'>, row: Row): Promise<void> {
  const { size, root, note } = row;
  await db
    .insertInto('log_head')
    .values(row)
    .onConflict((conflict) => conflict.columns(['log', 'state']).doUpdateSet({ size, root, note }))
    .execute();
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
