import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { placedRows } from '../../test/disk-thief/table-pages.ts';
import { sql } from 'kysely';
import { migrate } from './migrate.ts';
import { openSqlite, type Connection } from './sqlite.ts';
import { tryRewrite } from './try-rewrite.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-rewrite-'));
after(() => rmSync(folder, { recursive: true }));

async function withBlobs(name: string): Promise<{ file: string; connection: Connection }> {
  const file = join(folder, name);
  await migrate(file);
  const connection = openSqlite({ file, mode: 'write' });
  for (let count = 0; count < 60; count++) {
    const row = {
      id: randomBytes(16),
      size_bytes: 9_000,
      content: randomBytes(9_000),
      file: null,
      unnamed_on_day: null,
    };
    await connection.db.insertInto('blob').values(row).execute();
  }
  return { file, connection };
}

/** First overflow pages in the order of the blobs' ids. */
function pages({ file, connection }: { file: string; connection: Connection }): number[] {
  connection.truncateLog();
  const database = new DatabaseSync(file, { readOnly: true });
  const root = database.prepare(`select rootpage from sqlite_schema where name = 'blob'`).get()?.['rootpage'];
  database.close();
  return placedRows(readFileSync(file), Number(root)).map((row) => row.overflow[0] ?? 0);
}

const isRising = (numbers: readonly number[]): boolean =>
  numbers.every((number, place) => place === 0 || number > (numbers[place - 1] ?? 0));

test('after a rewrite contents lie in the order of their random ids, not in that of their coming', async () => {
  const blobs = await withBlobs('one');
  assert.ok(!isRising(pages(blobs)));
  const before = await blobs.connection.db.selectFrom('blob').selectAll().execute();
  tryRewrite(blobs.connection);
  assert.ok(isRising(pages(blobs)));
  assert.deepEqual(await blobs.connection.db.selectFrom('blob').selectAll().execute(), before);
  blobs.connection.close();
});

test('while somebody else writes it is left for another day', async () => {
  const blobs = await withBlobs('two');
  await sql`pragma busy_timeout = 10`.execute(blobs.connection.db);
  const other = new DatabaseSync(blobs.file);
  other.exec('begin immediate');
  assert.throws(() => blobs.connection.rewrite(), { code: 'ERR_SQLITE_ERROR' });
  tryRewrite(blobs.connection);
  other.exec('rollback');
  other.close();
  tryRewrite(blobs.connection);
  assert.ok(isRising(pages(blobs)));
  blobs.connection.close();
});
