/** An operator whose key log says what he likes, against whole clients: nobody's mail is sealed to his keys. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress, statementHash } from '@latchkey/protocol';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import {
  keyEvidence,
  openClient,
  register,
  verifiedByHuman,
  verifyEvidence,
  type Client,
} from '../../src/client/index.ts';
import { receive, send } from '../../src/mail/index.ts';
import { RecipientsRefusedError } from '../../src/mail/refused-recipients.ts';
import { memoryCache, memoryProfile } from '../../src/testing/index.ts';
import type { Wire } from '../../src/ports.ts';
import { keyOwner, type MadeStatement } from '../key-owner.ts';
import { lyingWire } from '../lying-wire.ts';
import { draft } from '../mail-people.ts';
import { MemoryKeyLog } from '../memory-key-log.ts';
import { operatedLog } from '../operated-log.ts';
import { testHost } from '../test-host.ts';

const password = 'correct horse battery';
let server: TestServer;
let log: MemoryKeyLog;
let round = 0;
let alice: Client;
let bob: Client;
let reopen: () => Promise<Client>;

before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

/** All of the server but its key log, which is the operator's. */
const operated = (wire: Wire): Wire => lyingWire(operatedLog(() => log))(wire);

beforeEach(async () => {
  round += 1;
  log = new MemoryKeyLog({ nowSeconds: () => Math.floor(Date.now() / 1_000) });
  const of = async (name: string, device = { profile: memoryProfile(), cache: memoryCache() }): Promise<Client> => {
    const request = { address: `${name}${round}@localhost`, origin: server.origin, password, deviceName: 'Desk' };
    return (await register(testHost({ ...device, between: operated }), request)).client;
  };
  const device = { profile: memoryProfile(), cache: memoryCache() };
  alice = await of('alice', device);
  bob = await of('bob');
  reopen = () => openClient(testHost({ ...device, between: operated }));
});

function letter(to: Client): Parameters<typeof send>[1] {
  return draft({ to: [to.address], subject: 'Hello', text: 'For you alone' });
}

async function assertBlocked(client: Client, reason: string): Promise<void> {
  const error = await send(client, letter(bob)).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof RecipientsRefusedError, String(error));
  assert.deepEqual(error.recipients, [{ address: bob.address, outcome: 'changed', reason }]);
  assert.equal((await receive(bob)).arrived.length, 0);
}

function lastOf({ keys, address }: Client): MadeStatement {
  const { statement, note } = keys.newest.identity;
  assert.equal(statement.address, address);
  return { version: statement.version, flag: 'genesis', note, statement };
}

async function tell(made: MadeStatement): Promise<void> {
  await log.add(bob.address, made.note, made.flag);
  await log.publish();
}

test('an honest log: mail goes', async () => {
  const sent = await send(alice, letter(bob));
  assert.deepEqual(sent.recipients, [{ address: bob.address, outcome: 'delivered', firstUse: true }]);
  const { arrived } = await receive(bob);
  assert.equal(arrived[0]?.verified, true);
  assert.deepEqual(await keyEvidence(alice), []);
});

test('a ghost key for a correspondent stops mail to him, and is proved to anybody', async () => {
  await send(alice, letter(bob));
  assert.equal((await receive(bob)).arrived.length, 1);
  const ghost = await keyOwner(bob.address).alone({ after: lastOf(bob), flag: 'signed' });
  await tell(ghost);
  await assertBlocked(alice, 'ghost_version');
  await assertBlocked(await reopen(), 'ghost_version');
  const [evidence, ...more] = await keyEvidence(alice);
  assert.ok(evidence !== undefined && more.length === 0);
  assert.deepEqual(await verifyEvidence({ engine: nodeEngine }, evidence.file), {
    holds: true,
    rule: 4,
    reason: 'ghost_version',
    address: bob.address,
    shownBy: 'log',
    origin: log.index.origin,
  });
  // A human who is shown the ghost's hash cannot be talked into it: the log does not prove it.
  await assert.rejects(verifiedByHuman(alice, bob.address, statementHash(ghost.statement)), {
    code: 'statement_unverified',
  });
  // Bob's own client raises it as soon as it asks for anybody.
  await assert.rejects(send(bob, letter(alice)), { code: 'key_log_refused', reason: 'own_history_foreign' });
});

test('a re-issued address takes mail only after a human has compared', async () => {
  await send(alice, letter(bob));
  assert.equal((await receive(bob)).arrived.length, 1);
  const tombstone = await keyOwner(bob.address).tombstone({ after: lastOf(bob) });
  const stranger = await keyOwner(bob.address).alone({ after: tombstone });
  await tell(tombstone);
  await tell(stranger);
  await assertBlocked(alice, 'reissued');
  await verifiedByHuman(alice, bob.address, statementHash(stranger.statement));
  const [resolution] = await alice.directory.resolve([bob.address]);
  assert.ok(resolution?.outcome === 'known' && resolution.identity.statement.version === 2);
});

test('a log that is forked, rolled back or exchanged stops all mail', async () => {
  await send(alice, letter(bob));
  assert.equal((await receive(bob)).arrived.length, 1);
  const honest = log;
  const notes = [alice, bob].map((each) => lastOf(each));
  for (const [count, reason] of [
    [2, 'index_forked'],
    [1, 'index_rolled_back'],
  ] as const) {
    log = new MemoryKeyLog({ nowSeconds: () => Math.floor(Date.now() / 1_000) });
    for (const { note, statement } of notes.slice(0, count)) {
      await log.add(statement.kind === 'latchkey/identity/v1' ? statement.address : '', note);
      await log.publish();
    }
    for (const client of [alice, await reopen()]) {
      await assert.rejects(send(client, letter(bob)), { code: 'key_log_refused', reason });
    }
  }
  log = honest;
  await send(await reopen(), letter(bob));
  assert.deepEqual([...new Set((await keyEvidence(alice)).map(({ reason }) => reason))], ['index_forked']);
});

test('who was never written to is not believed either without his proof', async () => {
  const carol = canonicalAddress(`carol${round}@localhost`);
  const made = await keyOwner(carol).genesis();
  await log.add(carol, made.note);
  const at = log.keys.size - 1;
  const kept = log.notes.get(at);
  assert.ok(kept !== undefined);
  log.notes.set(at, { ...kept, note: (await keyOwner(carol).genesis()).note });
  await log.publish();
  const [resolution] = await alice.directory.resolve([carol]);
  assert.ok(resolution?.outcome === 'changed');
  assert.deepEqual([resolution.rule, resolution.reason, resolution.pinned], [3, 'commitment_wrong', null]);
});
