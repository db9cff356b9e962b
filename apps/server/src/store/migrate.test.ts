/** An upgrade: a copy first, all steps or none, nothing lost; and never the data of a newer program. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import type { Kysely } from 'kysely';
import { migrate } from './migrate.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './migrations.ts';
import { liveColumns, openSqlite, sqliteWords } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-migrate-'));
after(() => rmSync(folder, { recursive: true }));

/** As a program of that schema left it, with one statement in it. */
async function dataOf(version: number, name: string): Promise<string> {
  const file = join(folder, `${name}.db`);
  const begun = new DatabaseSync(file);
  // As SQLite itself has it: the first programs did not choose.
  begun.exec('pragma page_size = 4096; pragma journal_mode = wal; create table first (one); drop table first');
  begun.close();
  const connection = openSqlite({ file, mode: 'write' });
  for (const { up } of MIGRATIONS.filter((each) => each.version <= version)) {
    await up(connection.db as unknown as Kysely<unknown>, sqliteWords);
  }
  connection.close();
  const database = new DatabaseSync(file);
  database.exec(`insert into setting values ('schema', '${version}')`);
  database.exec(`insert into statement (account, version, note) values (x'0102', 0, 'kept')`);
  database.close();
  return file;
}

async function columnsOf(file: string): Promise<unknown> {
  const connection = openSqlite({ file, mode: 'read' });
  try {
    return new Map([...(await liveColumns(connection.db))].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  } finally {
    connection.close();
  }
}

const pageBytesOf = (file: string): unknown => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare('pragma page_size').get()?.['page_size'];
  } finally {
    database.close();
  }
};

const noteIn = (file: string): unknown => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare('select note from statement').get()?.['note'];
  } finally {
    database.close();
  }
};

for (const { version } of MIGRATIONS.slice(0, -1)) {
  test(`data of schema ${version} becomes what a new one is, with a copy of before beside it`, async () => {
    const file = await dataOf(version, `from-${version}`);
    const fresh = join(folder, `fresh-${version}.db`);
    await migrate(fresh);
    const before = await columnsOf(file);
    assert.equal(pageBytesOf(file), 4_096);
    await migrate(file);
    assert.deepEqual(await columnsOf(file), await columnsOf(fresh));
    assert.equal(noteIn(file), 'kept');
    assert.equal(pageBytesOf(file), 8_192);
    const copy = `${file}.before-${SCHEMA_VERSION}`;
    assert.deepEqual(await columnsOf(copy), before);
    assert.equal(noteIn(copy), 'kept');
    // The way back of the guide: the copy in the place of the file is the old data.
    assert.ok(!existsSync(`${fresh}.before-${SCHEMA_VERSION}`));
    // A second start changes nothing.
    const after = readFileSync(file);
    await migrate(file);
    assert.ok(after.equals(readFileSync(file)));
  });
}

test('a step that fails leaves the data as it was, and the copy', async () => {
  const file = await dataOf(SCHEMA_VERSION - 1, 'failing');
  const database = new DatabaseSync(file);
  // What the last step adds is there already: it cannot be added.
  database.exec('alter table account add column new_until_day bigint');
  database.close();
  const before = await columnsOf(file);
  await assert.rejects(migrate(file));
  assert.deepEqual(await columnsOf(file), before);
  assert.equal(noteIn(file), 'kept');
  assert.ok(existsSync(`${file}.before-${SCHEMA_VERSION}`));
});

test('data of a newer program is not touched', async () => {
  const file = await dataOf(SCHEMA_VERSION, 'newer');
  const database = new DatabaseSync(file);
  database.exec(`update setting set value = '${SCHEMA_VERSION + 1}' where name = 'schema'`);
  database.close();
  const before = readFileSync(file);
  await assert.rejects(migrate(file), { code: 'data_newer' });
  assert.ok(before.equals(readFileSync(file)));
  assert.ok(!readdirSync(folder).some((name) => name.startsWith('newer.db.before')));
});
