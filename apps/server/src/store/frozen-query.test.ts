import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { frozenQuery } from './frozen-query.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './schema.ts';
import { openSqlite, type Connection } from './sqlite.ts';

type Invitation = Tables['invitation'];

const put = frozenQuery((db, { id, expires_day }: Pick<Invitation, 'id' | 'expires_day'>) =>
  db.insertInto('invitation').values({ id, expires_day, state: 'open' }),
);
const lasting = frozenQuery((db, { day, most }: { readonly day: number; readonly most: number }) =>
  db.selectFrom('invitation').selectAll().where('expires_day', '>=', day).orderBy('expires_day').limit(most),
);

const folder = mkdtempSync(join(tmpdir(), 'latchkey-frozen-'));
let connection: Connection;
before(async () => {
  const file = join(folder, 'test.sqlite');
  await migrate(file);
  connection = openSqlite({ file, mode: 'write' });
});
after(() => {
  connection.close();
  rmSync(folder, { recursive: true });
});

test('each call has its own values, and what was fixed stays', async () => {
  const { db } = connection;
  for (const day of [3, 1, 2]) await put(db, { id: Uint8Array.of(day), expires_day: day });
  const rowOf = (day: number): Invitation => ({ id: Uint8Array.of(day), expires_day: day, state: 'open' });
  assert.deepEqual(
    (await lasting(db, { day: 2, most: 9 })).map((row) => ({ ...row })),
    [rowOf(2), rowOf(3)],
  );
  assert.deepEqual(
    (await lasting(db, { day: 1, most: 1 })).map((row) => ({ ...row })),
    [rowOf(1)],
  );
  assert.deepEqual(await lasting(db, { day: 4, most: 9 }), []);
});

test('calls that overlap do not share values', async () => {
  const days = await Promise.all([1, 2, 3].map((day) => lasting(connection.db, { day, most: 1 })));
  assert.deepEqual(
    days.map(([row]) => row?.expires_day),
    [1, 2, 3],
  );
});
