import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { useProblems } from '../src/commands/use-problems.ts';
import { databaseFile } from '../src/store/database-file.ts';
import { integrityProblems, openSqlite } from '../src/store/sqlite.ts';
import { randomHeader } from '../src/testing/index.ts';
import { bytes, id, pass, register, type TestOwner } from './test-owner.ts';

const rounds = 3;
const senders = 8;
const killAfter = 60;
const origin = 'http://kill.test';

async function serve(data: string): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(import.meta.dirname, 'serve-for-kill.ts'), [data]);
  const [port] = (await once(child, 'message')) as [number];
  return { child, port };
}

/** Delivers until the line breaks. @returns keys of what was acknowledged */
async function deliverUntilCut(owner: TestOwner, port: number, count: () => void): Promise<string[]> {
  const acknowledged: string[] = [];
  owner.wire.origin = `http://127.0.0.1:${port}`;
  try {
    const authorization = await pass(owner);
    for (;;) {
      const { blob } = await owner.wire.put('holdsPut', { hold: id() }, bytes(2_000));
      const key = id();
      const recipient = { address: owner.address, key, headers: [randomHeader()], part: bytes(100) };
      const { answers } = await owner.wire.call('deliver', { blobs: [blob], recipients: [recipient] }, authorization);
      assert.deepEqual(answers, ['ok']);
      acknowledged.push(Buffer.from(key).toString('hex'));
      count();
    }
  } catch (error) {
    // A cut line is a TypeError of fetch.
    if (!(error instanceof TypeError)) throw error;
    return acknowledged;
  }
}

test('what was acknowledged is there after kill -9, and nothing is there half', async () => {
  const data = mkdtempSync(join(tmpdir(), 'latchkey-kill-'));
  const acknowledged = new Set<string>();
  let owner: TestOwner | null = null;
  try {
    for (let round = 0; round < rounds; round++) {
      const { child, port } = await serve(data);
      owner ??= await register(origin, 'bob@localhost', { connectTo: `http://127.0.0.1:${port}` });
      const sender = owner;
      let delivered = 0;
      const count = (): void => {
        delivered += 1;
        if (delivered === killAfter + round * 7) child.kill('SIGKILL');
      };
      const working = Array.from({ length: senders }, () => deliverUntilCut(sender, port, count));
      for (const keys of await Promise.all(working)) for (const key of keys) acknowledged.add(key);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    const connection = openSqlite({ file: databaseFile(data), mode: 'write' });
    const arrivals = await connection.db.selectFrom('arrival').select(['key', 'number']).execute();
    const items = await connection.db.selectFrom('arrival_item').select('arrival').execute();
    const problems = [...(await integrityProblems(connection.db)), ...(await useProblems(connection.db))];
    connection.close();
    const kept = new Set(arrivals.map((row) => Buffer.from(row.key).toString('hex')));
    assert.ok(acknowledged.size >= rounds * killAfter, 'the load was too small to say anything');
    assert.deepEqual(
      [...acknowledged].filter((key) => !kept.has(key)),
      [],
    );
    assert.equal(items.length, arrivals.length);
    assert.deepEqual(
      arrivals.map((row) => row.number),
      arrivals.map((_row, place) => place + 1),
    );
    assert.deepEqual(problems, []);
  } finally {
    rmSync(data, { recursive: true });
  }
});
