/** Orders that nothing stops: what they give, and that it is no more than docs/orders.md says. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sweep } from '../../apps/server/src/sweeper.ts';
import { startTestServer } from '../../apps/server/src/testing/index.ts';
import { id, pass, register } from '../../apps/server/test/test-owner.ts';
import { ROUTE_NAMES, routeNamed } from '../../packages/protocol/src/wire/index.ts';

const DAY_MS = 86_400_000;

function holding(folder: string, wanted: Uint8Array): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(folder, name);
    return statSync(path).isFile() && readFileSync(path).includes(Buffer.from(wanted));
  });
}

test('what was copied before its deletion stays as it was sealed, and the server itself forgets it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-preserved-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [data, preserved] = [join(folder, 'data'), join(folder, 'preserved')];
  let nowMs = Date.now();
  const server = await startTestServer({ data, clock: () => nowMs });
  t.after(() => server.stop());
  const alice = await register(server.origin, 'alice@localhost');
  const [small, large] = [new Uint8Array(randomBytes(2_000)), new Uint8Array(randomBytes(90_000))];
  const holds = [id(), id()];
  await alice.wire.put('holdsPut', { hold: holds[0] ?? id() }, small);
  await alice.wire.put('holdsPut', { hold: holds[1] ?? id() }, large);
  cpSync(data, preserved, { recursive: true });
  const piece = small.subarray(100, 132);
  assert.ok(holding(preserved, piece).length > 0 && holding(preserved, large).length > 0);

  await alice.wire.call('holdsRemove', { holds });
  for (let day = 0; day < 4; day++) {
    nowMs += DAY_MS;
    await sweep(server.services);
  }
  assert.deepEqual(holding(data, large), []);
  // The writer's thread tidies the files after it has answered.
  for (let tries = 0; holding(data, piece).length > 0 && tries < 100; tries++) await sleep(100);
  assert.deepEqual(holding(data, piece), []);
  // The order gives what was sealed, byte for byte, and no more: whoever has the owner's keys opens it, nobody else.
  assert.ok(holding(preserved, piece).length > 0 && holding(preserved, large).length > 0);
});

test('whoever watches calls sees who sends in which hour; what is kept afterwards does not say it', async (t) => {
  const server = await startTestServer();
  t.after(() => server.stop());
  const [alice, bob] = [
    await register(server.origin, 'alice@localhost'),
    await register(server.origin, 'bob@localhost'),
  ];
  // A pass is asked for with the session, and delivered with from the same machine, a moment later.
  const right = await pass(alice);
  assert.match(routeNamed('passesIssue').changedServerLearns, /account, that it is about to send/);
  assert.match(routeNamed('deliver').changedServerLearns, /network address/);
  const { blob } = await alice.wire.put('holdsPut', { hold: id() }, new Uint8Array(randomBytes(500)));
  const part = new Uint8Array(randomBytes(1_040));
  const recipients = [{ address: bob.address, key: id(), headers: [null], part }];
  assert.deepEqual((await alice.wire.call('deliver', { blobs: [blob], recipients }, right)).answers, ['ok']);

  const { db } = server.services.store;
  const sender = await db
    .selectFrom('account')
    .select('id')
    .where('address', '=', alice.address)
    .executeTakeFirstOrThrow();
  const names = (row: object): boolean =>
    Object.values(row).some((value) => value instanceof Uint8Array && Buffer.from(value).equals(sender.id));
  // What she holds is hers to be seen; what she delivered is not.
  assert.ok((await db.selectFrom('hold').selectAll().execute()).some(names));
  for (const table of ['arrival', 'arrival_item', 'event', 'blob'] as const) {
    const rows = await db.selectFrom(table).selectAll().execute();
    assert.deepEqual(rows.filter(names), [], table);
  }
  const passText = right.replace(/^Pass /, '');
  assert.deepEqual(holding(server.data, Buffer.from(passText)), []);
  assert.deepEqual(holding(server.data, Buffer.from(passText, 'base64url').subarray(0, 16)), []);
});

test('no route keeps the network address that every one of them shows', () => {
  for (const name of ROUTE_NAMES) {
    const { changedServerLearns } = routeNamed(name);
    assert.match(changedServerLearns, /network address/, `${name} says nothing of the address it is called from`);
  }
});
