import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sweep } from '../sweeper.ts';
import { startTestServer, type TestServer } from '../testing/index.ts';
import { bytes, id, register, send, type TestOwner } from '../../test/test-owner.ts';

let server: TestServer;
let alice: TestOwner;
let bob: TestOwner;
let nowMs = Date.now();

before(async () => {
  server = await startTestServer({ clock: () => nowMs });
  alice = await register(server.origin, 'alice@localhost');
  bob = await register(server.origin, 'bob@localhost');
});
after(() => server.stop());

test('what happened is listed in order, from any number on', async () => {
  await send(alice, [bob.address]);
  const space = id();
  await bob.wire.call('spacesCreate', { space, kind: 'other' });
  await bob.wire.call('spacesWrite', {
    space,
    writes: [{ record: id(), version: 1, epoch: 0, sealed: bytes(9) }],
    head: null,
  });
  const { events, newest, more } = await bob.wire.call('eventsList', { after: 0, limit: 10 });
  assert.deepEqual(events, [
    { number: 1, kind: 'arrival', arrival: 1 },
    { number: 2, kind: 'space', space, size: 0 },
    { number: 3, kind: 'space', space, size: 1 },
  ]);
  assert.deepEqual([newest, more], [3, false]);
  const page = await bob.wire.call('eventsList', { after: 1, limit: 1 });
  assert.deepEqual([page.events.length, page.more], [1, true]);
  assert.deepEqual((await bob.wire.call('eventsList', { after: 3, limit: 1 })).events, []);
  await assert.rejects(bob.wire.call('eventsList', { after: 4, limit: 1 }), { code: 'cursor_old' });
});

test('a stream first catches up, then brings each event as it comes, and none of anybody else', async () => {
  const abort = new AbortController();
  const { newest } = await bob.wire.call('eventsList', { after: 0, limit: 1 });
  const stream = bob.wire.events(newest - 1, abort.signal);
  const next = async (): Promise<unknown> => (await stream.next()).value;
  assert.deepEqual(await next(), (await bob.wire.call('eventsList', { after: newest - 1, limit: 1 })).events[0]);
  for (let round = 0; round < 3; round++) {
    const coming = next();
    await send(bob, [alice.address]);
    await send(alice, [bob.address]);
    const event = await coming;
    assert.ok(typeof event === 'object' && event !== null && 'kind' in event && event.kind === 'arrival');
  }
  abort.abort();
  await assert.rejects(next(), { name: 'AbortError' });
});

test('a stream ends with its session', async () => {
  const { sessions } = await alice.wire.call('sessionsList', {});
  const carol = await register(server.origin, 'carol@localhost');
  const own = (await carol.wire.call('sessionsList', {})).sessions[0];
  assert.ok(own !== undefined && sessions.length === 1);
  const abort = AbortSignal.timeout(10_000);
  const stream = carol.wire.events(0, abort);
  const coming = stream.next();
  await new Promise((resolve) => setTimeout(resolve, 100));
  await carol.wire.call('sessionsRemove', { id: own.id });
  await send(alice, [carol.address]);
  assert.equal((await coming).done, true);
});

test('after 90 days an old cursor is told so, and a listing goes on from the newest', async () => {
  const { newest } = await bob.wire.call('eventsList', { after: 0, limit: 1 });
  nowMs += 91 * 86_400_000;
  await sweep(server.services);
  await assert.rejects(bob.wire.call('eventsList', { after: 0, limit: 1 }), { code: 'cursor_old' });
  await assert.rejects(bob.wire.events(0, AbortSignal.timeout(5_000)).next(), { code: 'cursor_old' });
  assert.deepEqual((await bob.wire.call('eventsList', { after: newest, limit: 1 })).events, []);
  await send(alice, [bob.address]);
  assert.equal((await bob.wire.call('eventsList', { after: newest, limit: 9 })).events.length, 1);
  await assert.rejects(bob.wire.call('eventsList', { after: newest - 1, limit: 9 }), { code: 'cursor_old' });
});

test('a stream ends soon after its account is suspended', async () => {
  const eve = await register(server.origin, 'eve@localhost');
  const stream = eve.wire.events(0, AbortSignal.timeout(20_000));
  await eve.wire.call('spacesCreate', { space: id(), kind: 'other' });
  assert.equal((await stream.next()).done, false);
  const { store } = server.services;
  await store.write('setState', { address: eve.address, from: ['open'], to: 'suspended' });
  await assert.rejects(eve.wire.call('accountAbout', {}), { code: 'account_suspended' });
  const account = await store.db
    .selectFrom('account')
    .select('id')
    .where('address', '=', eve.address)
    .executeTakeFirstOrThrow();
  await store.write('createSpace', { account: account.id, space: id(), kind: 'other' });
  assert.deepEqual(await stream.next(), { done: true, value: undefined });
});
