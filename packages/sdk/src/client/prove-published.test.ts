import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { canonicalAddress } from '@latchkey/protocol';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { keyOwner } from '../../test/key-owner.ts';
import { lyingWire, type Lies } from '../../test/lying-wire.ts';
import { MemoryKeyLog } from '../../test/memory-key-log.ts';
import { operatedLog } from '../../test/operated-log.ts';
import { testHost, type TestHostOptions } from '../../test/test-host.ts';
import { KeyLogError } from '../directory/key-log/key-log-error.ts';
import { RefusedError } from '../errors.ts';
import type { Wire } from '../ports.ts';
import { memoryCache, memoryProfile } from '../testing/index.ts';
import { logIn, openClient, register, type Registered } from './index.ts';

const password = 'correct horse battery';
let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

function registered(name: string, options: TestHostOptions = {}): Promise<Registered> {
  const request = { address: `${name}@localhost`, origin: server.origin, password, deviceName: 'Desk' };
  return register(testHost(options), request);
}

/** A server that has a log of its own, and takes nobody into it. */
const liesOf = (log: MemoryKeyLog): Lies =>
  operatedLog(
    () => log,
    () => [],
  );

function newLog(): MemoryKeyLog {
  return new MemoryKeyLog({ nowSeconds: () => Math.floor(Date.now() / 1_000) });
}

test('a registration ends when its own genesis is proved', async () => {
  const { client } = await registered('alice');
  const [own] = await client.directory.resolve([client.address]);
  assert.ok(own?.outcome === 'known' && own.trust === 'own');
});

test('a foreign genesis stops the registration, is kept as evidence, and no other log is believed after it', async () => {
  const device = { profile: memoryProfile(), cache: memoryCache() };
  const log = newLog();
  await log.add('carol@localhost', (await keyOwner(canonicalAddress('carol@localhost')).genesis()).note);
  await log.publish();
  const refusal = await registered('carol', { ...device, between: lyingWire(liesOf(log)) }).catch(
    (error: unknown) => error,
  );
  assert.ok(refusal instanceof KeyLogError);
  assert.deepEqual([refusal.rule, refusal.reason], [7, 'own_history_foreign']);
  assert.equal(refusal.evidence?.length, 16);
  assert.ok(!device.profile.files.has('account'));
  // The log that was seen first is pinned: the honest one is another log now, and is not believed instead.
  await assert.rejects(registered('carol', device), { code: 'key_log_refused', reason: 'origin_foreign' });
});

test('a leaf that is not visible yet is waited for', async () => {
  let hidden = 0;
  const between = lyingWire({
    ktResolve(answer) {
      hidden += 1;
      if (hidden < 3) throw new RefusedError('head_missing');
      return answer;
    },
  });
  await registered('dave', { between });
  assert.ok(hidden >= 3);
});

test('no server talks an account out of its key log', async () => {
  const device = { profile: memoryProfile(), cache: memoryCache() };
  const made = await registered('erin', device);
  await registered('frank');
  const frank = canonicalAddress('frank@localhost');
  const without = (wire: Wire): Wire => ({
    ...wire,
    call(route, request, options) {
      if (!route.path.startsWith('/kt/')) return wire.call(route, request, options);
      return Promise.reject(new RefusedError('route_unknown'));
    },
  });
  const client = await openClient(testHost({ ...device, between: without }));
  await assert.rejects(client.directory.resolve([frank]), { wire: 'route_unknown' });
  const anew = { address: 'erin@localhost', deviceName: 'Phone', with: { kit: made.kit.text } };
  await assert.rejects(logIn(testHost({ between: without }), anew), { wire: 'route_unknown' });
  const other = newLog();
  for (const { address, keys } of [made.client]) await other.add(address, keys.newest.identity.note);
  await other.add(frank, (await keyOwner(frank).genesis()).note);
  await other.publish();
  const exchanged = await openClient(testHost({ ...device, between: lyingWire(liesOf(other)) }));
  await assert.rejects(exchanged.directory.resolve([frank]), { code: 'key_log_refused', reason: 'origin_foreign' });
  // Another policy stops a login already at the first question.
  await assert.rejects(logIn(testHost({ between: lyingWire(liesOf(other)) }), anew), { code: 'server_differs' });
});

test('another policy than the hash that was printed is not taken', async () => {
  const log = newLog();
  const lies: Lies = { ...liesOf(log), wellKnown: (answer) => answer };
  await assert.rejects(registered('grace', { between: lyingWire(lies) }), { code: 'server_differs' });
});
