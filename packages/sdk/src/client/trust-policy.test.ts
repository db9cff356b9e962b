import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { formatVerifierKey } from '@latchkey/tlog';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { lyingWire } from '../../test/lying-wire.ts';
import { MemoryKeyLog, testWitness, type TestWitness } from '../../test/memory-key-log.ts';
import { operatedLog } from '../../test/operated-log.ts';
import { testHost } from '../../test/test-host.ts';
import type { Wire } from '../ports.ts';
import { memoryCache, memoryProfile } from '../testing/index.ts';
import {
  contactCard,
  lock,
  logIn,
  openClient,
  planPolicy,
  planWitnesses,
  register,
  takeContactCard,
  takePolicy,
  trustPolicy,
  unlock,
  type Client,
} from './index.ts';

const password = 'a password of several words';
const [north, south, mallory] = await Promise.all(['north', 'south', 'mallory'].map(testWitness));
const textOf = ({ key }: TestWitness): string => formatVerifierKey(key);
let server: TestServer;
let log: MemoryKeyLog;

before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

const operated = (wire: Wire): Wire => lyingWire({ ...operatedLog(() => log), ktHours: () => ({ heads: [] }) })(wire);

interface Person {
  readonly client: Client;
  readonly card: string;
  readonly kit: string;
  readonly device: Required<Pick<NonNullable<Parameters<typeof testHost>[0]>, 'profile' | 'cache'>>;
}

async function person(address: string): Promise<Person> {
  const device = { profile: memoryProfile(), cache: memoryCache() };
  const request = { address, origin: server.origin, password, deviceName: 'Desk' };
  const { client, card, kit } = await register(testHost({ ...device, between: operated }), request);
  return { client, card: card.text, kit: kit.text, device };
}

test('an owner adds the witness whose key came from the witness', async () => {
  assert.ok(north !== undefined && south !== undefined && mallory !== undefined);
  log = new MemoryKeyLog({ nowSeconds: () => Math.floor(Date.now() / 1_000) });
  const alice = await person('alice@localhost');
  const bob = await person('bob@localhost');
  assert.deepEqual((await trustPolicy(alice.client))?.cosigners, []);

  // Before the operator asks it, and where he slips another one in.
  await assert.rejects(planWitnesses(alice.client, [textOf(north)]), { code: 'policy_refused', message: /has to add/ });
  await log.ask([north, mallory]);
  await assert.rejects(planWitnesses(alice.client, [textOf(north)]), { code: 'policy_refused', message: /other/ });
  await assert.rejects(planWitnesses(alice.client, ['north+00+x']), { code: 'policy_refused', message: /copied/ });
  await log.ask([north]);
  const plan = await planWitnesses(alice.client, [textOf(north)]);
  assert.deepEqual(plan.added, [{ name: 'north.example', keys: [textOf(north)], isOutside: true }]);
  assert.deepEqual([plan.dropped, plan.isAtLeastAsStrict], [[], true]);
  await takePolicy(alice.client, plan);
  await assert.rejects(takePolicy(alice.client, plan), { code: 'policy_refused', message: /meanwhile/ });
  assert.equal((await trustPolicy(alice.client))?.from, 'owner');

  // It counts at once, in this process and the next: a head that north has not signed is refused.
  await log.beat({ cosigners: [] });
  const opened = await openClient(testHost({ ...alice.device, between: operated }));
  for (const client of [alice.client, opened]) {
    await assert.rejects(client.directory.resolve([client.address]), { reason: 'witnesses_too_few' });
  }
  await log.beat();
  await alice.client.directory.resolve([alice.client.address]);

  // Papers from before stay good, and so do locked devices.
  const host = testHost({ ...alice.device, between: operated });
  await lock(host);
  await unlock(host, password);
  for (const by of [{ card: alice.card, password }, { kit: alice.kit }]) {
    const request = { address: 'alice@localhost', origin: server.origin, deviceName: 'New', with: by };
    const joined = await logIn(testHost({ between: operated }), request);
    assert.equal((await trustPolicy(joined))?.from, 'owner');
  }

  // Bob has not added it: his papers stop where the server announces what he never took.
  const request = { address: 'bob@localhost', origin: server.origin, deviceName: 'New' };
  for (const by of [{ card: bob.card, password }, { kit: bob.kit }]) {
    await assert.rejects(logIn(testHost({ between: operated }), { ...request, with: by }), { code: 'server_differs' });
  }
  const bobHost = testHost({ ...bob.device, between: operated });
  await lock(bobHost);
  await assert.rejects(unlock(bobHost, password), { code: 'server_differs' });
  // His card names the policy that alice has replaced, hers one that he does not know.
  const taken = await takeContactCard(alice.client, (await contactCard(bob.client)).line);
  assert.equal(taken.address, bob.client.address);
  await assert.rejects(takeContactCard(bob.client, (await contactCard(alice.client)).line), {
    reason: 'policy_differs',
  });

  // A server that takes the witness away again is not followed.
  await log.ask([]);
  await assert.rejects(alice.client.directory.resolve([alice.client.address]), { reason: 'witnesses_too_few' });
  await assert.rejects(planWitnesses(alice.client, [textOf(north)]), { code: 'policy_refused' });
});

test('a policy from a file may be weaker, and is of this log', async () => {
  assert.ok(north !== undefined && south !== undefined);
  log = new MemoryKeyLog({ witnesses: [north, south], nowSeconds: () => Math.floor(Date.now() / 1_000) });
  const { client } = await person('carol@localhost');
  await log.ask([south]);
  await assert.rejects(planWitnesses(client, [textOf(south)]), { code: 'policy_refused' });
  const plan = await planPolicy(client, log.pin.policy);
  assert.deepEqual([plan.dropped.map(({ name }) => name), plan.isAtLeastAsStrict], [['north.example'], false]);
  await takePolicy(client, plan);
  assert.deepEqual((await trustPolicy(client))?.from, 'file');
  await client.directory.resolve([client.address]);
  const other = new MemoryKeyLog({ nowSeconds: () => 0, vrfWord: 'other' }).pin.policy;
  for (const text of [other, 'quorum none\n', 'no policy']) {
    await assert.rejects(planPolicy(client, text), { code: 'policy_refused' }, text);
  }
});
