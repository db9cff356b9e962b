import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress } from '@latchkey/protocol';
import { ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { keyOwner } from '../../test/key-owner.ts';
import { lyingWire } from '../../test/lying-wire.ts';
import { nodeNetwork, testHost } from '../../test/test-host.ts';
import { RefusedError } from '../errors.ts';
import type { Wire } from '../ports.ts';
import { memoryCache, memoryProfile } from '../testing/index.ts';
import { fetchWire } from '../transport/index.ts';
import { openClient, register, trustPolicy, type Client } from './index.ts';

const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => canonicalAddress(`${name}@localhost`)) as [
  ReturnType<typeof canonicalAddress>,
  ReturnType<typeof canonicalAddress>,
  ReturnType<typeof canonicalAddress>,
];
const data = mkdtempSync(join(tmpdir(), 'latchkey-before-the-log-'));
const devices = new Map<string, ReturnType<typeof newDevice>>();
let server: TestServer;

function newDevice(): { profile: ReturnType<typeof memoryProfile>; cache: ReturnType<typeof memoryCache> } {
  return { profile: memoryProfile(), cache: memoryCache() };
}

/** A server from before it had a log. */
function withoutLog(wire: Wire): Wire {
  const old = lyingWire({ wellKnown: (answer) => ({ ...answer, policy: 'none' as const }) })(wire);
  return {
    ...old,
    call(route, request, options) {
      if (!route.path.startsWith('/kt/')) return old.call(route, request, options);
      return Promise.reject(new RefusedError('route_unknown'));
    },
  };
}

/** The same device at the server of now, wherever it listens. */
function reopened(address: string, through = (wire: Wire): Wire => wire): Promise<Client> {
  const now = fetchWire(nodeNetwork, `http://127.0.0.1:${server.port}`, { engine: nodeEngine });
  const between = (wire: Wire): Wire =>
    through({
      origin: wire.origin,
      call: (route, request, options) => now.call(route, request, options),
      put: (...given) => now.put(...given),
      read: (...given) => now.read(...given),
      events: (...given) => now.events(...given),
    });
  return openClient(testHost({ ...devices.get(address), between }));
}

before(async () => {
  const first = await startTestServer({ data });
  const clients: Client[] = [];
  for (const address of [alice, bob, carol]) {
    const device = newDevice();
    devices.set(address, device);
    const request = { address, origin: first.origin, password: 'a password of several words', deviceName: 'Desk' };
    clients.push((await register(testHost({ ...device, between: withoutLog }), request)).client);
  }
  const [client] = clients;
  assert.ok(client !== undefined);
  const seen = await client.directory.resolve([bob, carol]);
  assert.deepEqual(
    seen.map((each) => each.outcome === 'known' && each.trust),
    ['first_use', 'first_use'],
  );
  assert.equal(await trustPolicy(client), null);
  await first.stop();

  const database = new DatabaseSync(join(data, 'latchkey.db'));
  for (const table of ['opening', 'address_index', 'key_leaf', 'index_leaf', 'log_tile', 'log_head', 'log_hour']) {
    database.exec(`delete from ${table}`);
  }
  // The operator’s chance: what becomes the first entry of an address is what he has on that day.
  const { note } = await keyOwner(carol).genesis();
  const replace = database.prepare(
    'update statement set note = ? where account = (select id from account where address = ?)',
  );
  assert.equal(replace.run(note, carol).changes, 1);
  database.close();
  for (const name of ['log-key', 'vrf-key']) rmSync(join(data, 'secrets', name));
  server = await startTestServer({ data, config: { origin: first.origin } });
  await firstHead();
});

/** A log that begins has no head for a moment. */
async function firstHead(): Promise<void> {
  const now = fetchWire(nodeNetwork, `http://127.0.0.1:${server.port}`, { engine: nodeEngine });
  for (;;) {
    try {
      await now.call(ROUTES.ktLookup, { index: '0'.repeat(64) });
      return;
    } catch (error) {
      if (!(error instanceof RefusedError && error.wire === 'head_missing')) throw error;
      await sleep(100);
    }
  }
}

after(async () => {
  await server.stop();
  rmSync(data, { recursive: true });
});

test('accounts from before the log find themselves in it, and whom they knew', async () => {
  const client = await reopened(alice);
  const [own, known] = await client.directory.resolve([alice, bob]);
  assert.deepEqual([own?.outcome, known?.outcome], ['known', 'known']);
  assert.ok(known?.outcome === 'known' && known.identity.statement.version === 0);
  assert.equal((await trustPolicy(client))?.from, 'first_use');
  assert.equal((await client.directory.ownHistory())?.refusal, null);
  // From now on there is no way back to a server without one.
  const back = await reopened(alice, withoutLog);
  await assert.rejects(back.directory.resolve([bob]), { wire: 'route_unknown' });
});

test('a false first entry: who knew the owner does not write, and the owner sends nothing', async () => {
  const client = await reopened(alice);
  const [found] = await client.directory.resolve([carol]);
  assert.ok(found?.outcome === 'changed');
  assert.equal(found.reason, 'other_version_pinned');
  const owner = await reopened(carol);
  await assert.rejects(owner.directory.resolve([alice]), {
    code: 'key_log_refused',
    rule: 7,
    reason: 'own_history_foreign',
  });
});
