import { sql } from 'kysely';
import { TABLE_INVENTORY } from '../inventory/tables.ts';
import type { Tables } from '../store/schema.ts';
import type { Db } from '../store/sqlite.ts';

type OwnedTable = { [Name in keyof Tables]: 'account' extends keyof Tables[Name] ? Name : never }[keyof Tables];

/** Tables whose rows are about an account, from the inventory. */
export const OWNED_TABLES: readonly OwnedTable[] = Object.entries(TABLE_INVENTORY)
  .filter(([, { columns }]) => Object.hasOwn(columns, 'account'))
  .map(([name]) => name as OwnedTable);

/** Every row of the account, all columns, one JSON object a line; bytes are base64url. Row by row, however many. */
export async function* accountRows(db: Db, table: OwnedTable, account: Uint8Array): AsyncGenerator<Uint8Array> {
  const rows = db.selectFrom(table).selectAll().where('account', '=', account).stream();
  for await (const row of rows) yield Buffer.from(`${rowAsJson(row)}\n`);
}

/** Every entry of the key log under the address, which anybody could find who can compute its index. */
export async function* keyLeafRows(db: Db, account: Uint8Array): AsyncGenerator<Uint8Array> {
  const own = await db
    .selectFrom('address_index')
    .select('log_index')
    .where('account', '=', account)
    .executeTakeFirst();
  if (own === undefined) return;
  // A leaf is u8 type, u8 flag, index[32], commitment[32].
  const rows = db
    .selectFrom('key_leaf')
    .selectAll()
    .where(sql`substr(leaf, 3, 32)`, '=', own.log_index)
    .orderBy('position')
    .stream();
  for await (const row of rows) yield Buffer.from(`${rowAsJson(row)}\n`);
}

export function rowAsJson(row: object): string {
  return JSON.stringify(row, (_name, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : value,
  );
}
