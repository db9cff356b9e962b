/** What a restored server does with its key log (docs/spec/17-backup.md). The witness and the auditor are the real ones. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { register as registerWire } from '../../apps/server/test/test-owner.ts';
import type { TestServer } from '../../apps/server/src/testing/index.ts';
import { newOperator } from './operator.ts';

async function sizeOf(server: TestServer, log: 'keys' | 'index'): Promise<number> {
  const response = await fetch(`${server.origin}/kt/${log}/checkpoint`);
  return response.status === 200 ? Number((await response.text()).split('\n')[1]) : 0;
}

async function until(what: string, isSo: () => Promise<boolean>, withinMs = 120_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await isSo())) {
    assert.ok(performance.now() < endMs, `not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('the log takes back from the auditor what it had signed after the backup, and goes on', async (t) => {
  const operator = await newOperator(t);
  let server = await operator.start();
  await operator.startCosigners();
  await registerWire(server.origin, 'alice@localhost');
  await until('one entry', async () => (await sizeOf(server, 'index')) === 1);
  operator.backup('backup');
  await registerWire(server.origin, 'bob@localhost');
  await until('two entries', async () => (await sizeOf(server, 'index')) === 2);
  const before = await (await fetch(`${server.origin}/kt/keys/tile/entries/000.p/2`)).bytes();
  await server.stop();

  // The newest data is lost. While nobody can say what was signed nothing is.
  operator.loseDisk();
  operator.restore('backup');
  await operator.stopCosigners();
  server = await operator.start();
  await assert.rejects(registerWire(server.origin, 'carol@localhost'), { code: 'key_log_closed' });
  await operator.startCosigners(['witness']);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await assert.rejects(registerWire(server.origin, 'carol@localhost'), { code: 'key_log_closed' });
  assert.equal(await sizeOf(server, 'keys'), 1);

  await operator.startCosigners();
  await until('open', async () => server.services.keyLog.isOpen);
  // A start may add a head of the index log, over the same keys, signed by all who are asked now.
  await until('two entries again', async () => (await sizeOf(server, 'index')) >= 2);
  const after = await (await fetch(`${server.origin}/kt/keys/tile/entries/000.p/2`)).bytes();
  assert.deepEqual(after, before);
  // Bob's account went with the disk, his address did not.
  await assert.rejects(registerWire(server.origin, 'bob@localhost'), { code: 'address_taken' });
  await registerWire(server.origin, 'carol@localhost');
  await until('three entries', async () => (await sizeOf(server, 'keys')) === 3);
  await server.stop();
  server = await operator.start();
  assert.ok(server.services.keyLog.isOpen, 'a later start asks nobody');
});

test('an older copy put in place without a word closes the log for good, and signs nothing', async (t) => {
  const operator = await newOperator(t);
  let server = await operator.start();
  await operator.startCosigners();
  await registerWire(server.origin, 'alice@localhost');
  await until('one entry', async () => (await sizeOf(server, 'index')) === 1);
  operator.backup('backup');
  await registerWire(server.origin, 'bob@localhost');
  await until('two entries', async () => (await sizeOf(server, 'index')) === 2);
  await server.stop();
  operator.loseDisk();
  operator.restore('backup');
  // The operator says that nothing happened.
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(operator.folder, 'data/latchkey.db'));
  database.exec(`delete from setting where name = 'restored'`);
  database.close();

  server = await operator.start();
  await registerWire(server.origin, 'mallory@localhost').catch(() => undefined);
  await until('closed', async () => !server.services.keyLog.isOpen);
  assert.equal(await sizeOf(server, 'keys'), 1, 'no second history was published');
  rmSync(join(operator.folder, 'backup'), { recursive: true });
});
