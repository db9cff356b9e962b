import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { startTestServer, type TestServer } from '../src/testing/index.ts';
import { nextVersion, resolveUntil } from './key-log-client.ts';
import { register } from './test-owner.ts';

const HOUR_MS = 3_600_000;

/** It may have published another one before the disk was lost: two heads of one hour would prove a lie that nobody told. */
test('the hour of a restore gets no head', async () => {
  const data = mkdtempSync(join(tmpdir(), 'latchkey-restored-hour-'));
  let nowMs = Date.UTC(2026, 10, 23, 10, 20);
  const start = (): Promise<TestServer> => startTestServer({ data, clock: () => nowMs });
  const hoursOf = async ({ port }: TestServer): Promise<readonly number[]> => {
    const answer = await fetch(`http://127.0.0.1:${port}/kt/index/hours/2026-11-23`);
    return ((await answer.json()) as { heads: { hour: number }[] }).heads.map(({ hour }) => hour);
  };
  let server = await start();
  try {
    const alice = await register(server.origin, 'alice@localhost');
    await resolveUntil(alice.wire, alice.address, { versions: 1 });
    const ten = nowMs / HOUR_MS - (nowMs % HOUR_MS) / HOUR_MS;
    assert.deepEqual(await hoursOf(server), [ten]);
    await server.stop();

    const database = new DatabaseSync(join(data, 'latchkey.db'));
    database.exec('delete from log_hour');
    const restored = JSON.stringify({ backupHour: ten - 5, restoredHour: ten, keyLog: 'open' });
    database.prepare("insert into setting (name, value) values ('restored', ?)").run(restored);
    database.close();
    server = await start();
    alice.wire.origin = `http://127.0.0.1:${server.port}`;
    const { statement } = await nextVersion(alice);
    await alice.wire.call('directoryUpdate', { statement });
    await resolveUntil(alice.wire, alice.address, { versions: 2 });
    assert.deepEqual(await hoursOf(server), []);

    nowMs += HOUR_MS;
    for (let tries = 0; (await hoursOf(server)).length === 0 && tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.deepEqual(await hoursOf(server), [ten + 1]);
  } finally {
    await server.stop();
    rmSync(data, { recursive: true });
  }
});
