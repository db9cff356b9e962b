import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatabaseSync } from 'node:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUTE_NAMES, routeNamed } from '@latchkey/protocol/wire';
import { migrate } from '../store/migrate.ts';
import { openSqlite } from '../store/sqlite.ts';
import { formatInventory } from './format-inventory.ts';
import { inventoryProblems } from './inventory-problems.ts';

async function problemsAfter(change: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-inventory-'));
  try {
    const file = join(folder, 'db');
    await migrate(file);
    const database = new DatabaseSync(file);
    if (change !== '') database.exec(change);
    database.close();
    const connection = openSqlite({ file, mode: 'read' });
    const problems = await inventoryProblems(connection.db);
    connection.close();
    return problems;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the inventory is the live schema', async () => {
  assert.deepEqual(await problemsAfter(''), []);
});

test('a new column, a new table and a lost column are each found', async () => {
  assert.deepEqual(await problemsAfter('alter table arrival add column sender text'), [
    'arrival.sender is in the database and not in the inventory',
  ]);
  assert.deepEqual(await problemsAfter('create table visit (ip text)'), [
    'visit.ip is in the database and not in the inventory',
  ]);
  assert.deepEqual(await problemsAfter('alter table event drop column day'), [
    'event.day is in the inventory and not in the database',
  ]);
});

test('every route says what a changed server would learn, and the command prints it', () => {
  const text = formatInventory();
  for (const name of ROUTE_NAMES) {
    const { method, path, changedServerLearns } = routeNamed(name);
    assert.ok(changedServerLearns.length > 10, name);
    assert.ok(text.includes(`${method} ${path}: ${changedServerLearns}`), name);
  }
});
