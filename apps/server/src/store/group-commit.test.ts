import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { commitTogether, type Write, type WriteContext } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { Refused } from './refused.ts';
import { openSqlite, type Connection } from './sqlite.ts';

async function withDatabase(work: (connection: Connection, file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-commit-'));
  const file = join(folder, 'db');
  await migrate(file);
  const connection = openSqlite({ file, mode: 'write' });
  try {
    await work(connection, file);
  } finally {
    connection.close();
    rmSync(folder, { recursive: true });
  }
}

const put = async ({ db }: WriteContext, name: string): Promise<string> => {
  await db.insertInto('setting').values({ name, value: 'x' }).execute();
  return name;
};
const putThenRefuse = async (context: WriteContext, name: string): Promise<never> => {
  await put(context, name);
  throw new Refused('not_found');
};
const writes: Record<string, Write> = { put, putThenRefuse };

/** What another connection sees: only what was committed. */
async function settings(file: string): Promise<readonly string[]> {
  const reader = openSqlite({ file, mode: 'read' });
  const rows = await reader.db
    .selectFrom('setting')
    .select('name')
    .where('name', '!=', 'schema')
    .orderBy('name')
    .execute();
  reader.close();
  return rows.map((row) => row.name);
}

const job = (name: string, input: string): { name: string; input: string; nowMs: number } => ({
  name,
  input,
  nowMs: 0,
});

test('one write that is refused, or that breaks a key, takes nothing of the others with it', () =>
  withDatabase(async (connection, file) => {
    const outcomes = await commitTogether(connection, writes, [
      job('put', 'a'),
      job('putThenRefuse', 'b'),
      job('put', 'a'),
      job('put', 'c'),
      job('unknown', ''),
    ]);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.kind === 'failed' ? `failed in ${outcome.where}` : outcome.kind)),
      ['done', 'refused', 'failed in storage', 'done', 'failed in code'],
    );
    assert.deepEqual(await settings(file), ['a', 'c']);
  }));

for (const isWritten of [false, true]) {
  test(`a commit that fails and was ${isWritten ? '' : 'not '}written is a failure for all, and the next batch works`, () =>
    withDatabase(async (connection, file) => {
      const failing: Connection = {
        ...connection,
        commit() {
          if (isWritten) connection.commit();
          throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR' });
        },
      };
      const outcomes = await commitTogether(failing, writes, [job('put', 'a'), job('put', 'b')]);
      for (const outcome of outcomes) assert.ok(outcome.kind === 'failed' && outcome.where === 'storage');
      assert.deepEqual(await settings(file), isWritten ? ['a', 'b'] : []);
      const [next] = await commitTogether(connection, writes, [job('put', 'c')]);
      assert.equal(next?.kind, 'done');
    }));
}

test('a savepoint that cannot be released fails the batch, and nothing of it stays', () =>
  withDatabase(async (connection, file) => {
    let calls = 0;
    const failing: Connection = {
      ...connection,
      release() {
        calls += 1;
        if (calls === 2) {
          connection.rollback();
          throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR' });
        }
        connection.release();
      },
    };
    const outcomes = await commitTogether(failing, writes, [job('put', 'a'), job('put', 'b'), job('put', 'c')]);
    assert.ok(outcomes.every((outcome) => outcome.kind === 'failed'));
    assert.deepEqual(await settings(file), []);
  }));
