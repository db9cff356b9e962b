import { copyFileSync, existsSync } from 'node:fs';
import type { Kysely } from 'kysely';
import { ServerError } from '../errors.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './migrations.ts';
import { liveColumns, openSqlite, sqliteWords, type Connection } from './sqlite.ts';

/**
 * Brings a database to this program's schema, all steps in one transaction, with a copy of the old file beside it.
 *
 * @throws ServerError `data_newer` where a newer program wrote it
 */
export async function migrate(file: string): Promise<void> {
  const existed = existsSync(file);
  const connection = openSqlite({ file, mode: 'write' });
  try {
    const from = await schemaVersion(connection);
    if (from > SCHEMA_VERSION) {
      throw new ServerError(
        'data_newer',
        `this data was written by a newer version (schema ${from}; this program knows ${SCHEMA_VERSION})`,
      );
    }
    if (from === SCHEMA_VERSION) return;
    if (existed && from > 0) {
      connection.truncateLog();
      copyFileSync(file, `${file}.before-${SCHEMA_VERSION}`);
    }
    connection.begin();
    try {
      await migrateFrom(from, connection);
      connection.commit();
    } catch (error) {
      connection.rollback();
      throw error;
    }
    connection.widenPages();
  } finally {
    connection.close();
  }
}

export async function schemaVersion({ db }: Connection): Promise<number> {
  if (!(await liveColumns(db)).has('setting')) return 0;
  const row = await db.selectFrom('setting').select('value').where('name', '=', 'schema').executeTakeFirst();
  return row === undefined ? 0 : Number(row.value);
}

async function migrateFrom(from: number, { db }: Connection): Promise<void> {
  for (const migration of MIGRATIONS) {
    if (migration.version <= from) continue;
    await migration.up(db as unknown as Kysely<unknown>, sqliteWords);
  }
  await db
    .insertInto('setting')
    .values({ name: 'schema', value: String(SCHEMA_VERSION) })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: String(SCHEMA_VERSION) }))
    .execute();
}
