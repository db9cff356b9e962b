import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { ServerError } from '../errors.ts';
import { JOINS, TABLE_INVENTORY } from '../inventory/tables.ts';
import type { Db } from '../store/sqlite.ts';
import { print, type Command } from './command.ts';
import { typedAddress, unknown } from './accounts.ts';
import { withData } from './open-data.ts';

/** Everything there is about one account: each row of each table, each blob, and what follows side by side. */
export const handover: Command = {
  name: 'handover',
  operands: ['ADDRESS'],
  summary: 'write everything that is kept about an account to --out DIR',
  run: ({ read, operands, out }) =>
    withData(read.config.data, async ({ db }) => {
      if (out === null) throw new ServerError('argument_invalid', 'handover needs --out DIR');
      if (existsSync(out)) throw new ServerError('output_exists', `${out} exists`);
      const address = typedAddress(operands[0] ?? '');
      const account = await db.selectFrom('account').select('id').where('address', '=', address).executeTakeFirst();
      if (account === undefined) throw unknown(address);
      mkdirSync(join(out, 'blobs'), { recursive: true, mode: 0o700 });
      const hashes = new Map<string, string>();
      const put = (name: string, bytes: Uint8Array): void => {
        writeFileSync(join(out, name), bytes, { mode: 0o600 });
        hashes.set(name, sha256(bytes));
      };
      for (const table of Object.keys(TABLE_INVENTORY)) {
        const rows = await rowsOf(db, table, account.id);
        if (rows !== null) put(`${table}.jsonl`, Buffer.from(rows.map((row) => `${asJson(row)}\n`).join('')));
      }
      for (const { id, content, file } of await blobsOf(db, account.id)) {
        const name = `blobs/${Buffer.from(id).toString('hex')}`;
        if (content !== null) put(name, content);
        if (file === null) continue;
        const source = join(read.config.data, 'blobs', file.slice(0, 2), file);
        await copyFile(source, join(out, name));
        hashes.set(name, sha256(await readFile(join(out, name))));
      }
      put('sharers.json', Buffer.from(`${JSON.stringify(await sharersOf(db, account.id), null, 2)}\n`));
      put('INVENTORY.json', Buffer.from(`${JSON.stringify({ tables: TABLE_INVENTORY, joins: JOINS }, null, 2)}\n`));
      const manifest = [...hashes].map(([name, hash]) => `${hash}  ${name}\n`).join('');
      writeFileSync(join(out, 'SHA256SUMS'), manifest, { mode: 0o600 });
      print(`${hashes.size} files in ${out}. Everything of the owner's in them is sealed; only the owner can open it.`);
      return 0;
    }),
};

/** null for tables that are about no account. */
async function rowsOf(db: Db, table: string, account: Uint8Array): Promise<readonly unknown[] | null> {
  const columns = TABLE_INVENTORY[table]?.columns ?? {};
  const key = table === 'account' ? 'id' : 'account';
  if (!Object.hasOwn(columns, key)) return null;
  return (await sql`select * from ${sql.table(table)} where ${sql.ref(key)} = ${account}`.execute(db)).rows;
}

async function blobsOf(
  db: Db,
  account: Uint8Array,
): Promise<readonly { id: Uint8Array; content: Uint8Array | null; file: string | null }[]> {
  return db
    .selectFrom('blob')
    .select(['id', 'content', 'file'])
    .where((where) =>
      where.or([
        where('id', 'in', where.selectFrom('hold').select('blob').where('account', '=', account)),
        where('id', 'in', where.selectFrom('arrival_item').select('blob').where('account', '=', account)),
      ]),
    )
    .execute();
}

/** The join that the inventory admits: who else has a blob of this account. */
async function sharersOf(db: Db, account: Uint8Array): Promise<readonly unknown[]> {
  const { rows } = await sql<{ blob: string; address: string }>`
    with named as (select account, blob from hold union select account, blob from arrival_item)
    select lower(hex(own.blob)) as blob, other_account.address as address
    from named own join named other on other.blob = own.blob and other.account <> own.account
    join account other_account on other_account.id = other.account
    where own.account = ${account} order by 1, 2`.execute(db);
  return rows;
}

function asJson(row: unknown): string {
  return JSON.stringify(row, (_name, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : value,
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
