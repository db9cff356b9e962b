/** An operator who shows two people two key logs, and correspondents who would like it to look so: whole clients. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress } from '@latchkey/protocol';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { keyEvidence, register, verifyEvidence, type Client } from '../../src/client/index.ts';
import { read, receive, send, type MessageRow } from '../../src/mail/index.ts';
import type { Wire } from '../../src/ports.ts';
import { memoryCache, memoryProfile } from '../../src/testing/index.ts';
import { keyOwner } from '../key-owner.ts';
import { lyingWire } from '../lying-wire.ts';
import { draft } from '../mail-people.ts';
import { MemoryKeyLog, testWitness } from '../memory-key-log.ts';
import { operatedLog } from '../operated-log.ts';
import { testHost } from '../test-host.ts';

const password = 'correct horse battery';
const north = await testWitness('north');
let server: TestServer;
let round = 0;

before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

function newLog(): MemoryKeyLog {
  return new MemoryKeyLog({ nowSeconds: () => Math.floor(Date.now() / 1_000), witnesses: [north] });
}

/** All of the server but its key log. Every account gets into all of the operator's logs. */
function shows(log: MemoryKeyLog, all: readonly MemoryKeyLog[]): (wire: Wire) => Wire {
  return lyingWire(
    operatedLog(
      () => log,
      () => new Set(all),
    ),
  );
}

/** Alice is shown the first log, bob the second. */
async function people(logs: readonly [MemoryKeyLog, MemoryKeyLog]): Promise<{ alice: Client; bob: Client }> {
  round += 1;
  const of = async (name: string, log: MemoryKeyLog): Promise<Client> => {
    const host = testHost({ profile: memoryProfile(), cache: memoryCache(), between: shows(log, logs) });
    const request = { address: `${name}${round}@localhost`, origin: server.origin, password, deviceName: 'Desk' };
    return (await register(host, request)).client;
  };
  return { alice: await of('alice', logs[0]), bob: await of('bob', logs[1]) };
}

async function grow(log: MemoryKeyLog, name: string): Promise<void> {
  const address = canonicalAddress(`${name}@localhost`);
  await log.add(address, (await keyOwner(address).genesis()).note);
  await log.publish();
}

async function sendTo(to: Client, from: Client): Promise<MessageRow> {
  await send(from, draft({ to: [to.address], subject: 'Hello', text: 'For you alone' }));
  const { arrived } = await receive(to);
  const [row, ...more] = arrived;
  assert.ok(row !== undefined && more.length === 0);
  return row;
}

/** A correspondent whose own client carries what he likes. */
function carrying(client: Client, checkpoint: string | null): Client {
  return { ...client, directory: { ...client.directory, hourHead: async () => checkpoint } };
}

test('one log for both: the message says that it was the same, who had signed it, and where the proof lies', async () => {
  const log = newLog();
  const { alice, bob } = await people([log, log]);
  const row = await sendTo(bob, alice);
  assert.deepEqual([row.verified, row.verdict.logView], [true, 'same']);
  const { known } = row.verdict;
  assert.deepEqual([known?.trust, known?.witnesses], ['witnessed', ['north.example']]);
  const day = Math.floor(Date.now() / 86_400_000);
  const days: unknown[] = [];
  for await (const { body } of bob.vault.entries('key-day')) days.push(body?.['day'], body?.['checkpoint']);
  assert.equal(days[0], day);
  const heads: unknown[] = [];
  for await (const { body } of bob.mailbox.entries('message')) heads.push(body?.['head']);
  const checkpoint = createHash('sha256').update(String(days[1])).digest('base64url');
  assert.deepEqual(heads, [{ day, checkpoint }]);
  // Who reads it later is told the same.
  assert.deepEqual((await read(bob, row.id)).row.verdict, row.verdict);
});

test('whatever a correspondent carries alone is no alarm', async () => {
  const log = newLog();
  const { alice, bob } = await people([log, log]);
  await log.strike();
  await grow(log, 'carol');
  for (const checkpoint of [Buffer.from(log.indexCheckpoint).toString(), 'no checkpoint\n']) {
    const row = await sendTo(bob, carrying(alice, checkpoint));
    assert.deepEqual([row.verdict.signature, row.verdict.logView, row.verified], ['valid', 'inconsistent', false]);
  }
  const older = await sendTo(bob, carrying(alice, null));
  assert.deepEqual([older.verdict.logView, older.verified], ['none', true]);
  assert.deepEqual(await keyEvidence(bob), []);
});

test('gossip mismatch: two logs, and the first message between them proves it to anybody', async () => {
  const [hers, his] = [newLog(), newLog()];
  await grow(hers, 'somebody');
  const { alice, bob } = await people([hers, his]);
  const row = await sendTo(bob, alice);
  assert.deepEqual([row.verdict.signature, row.verdict.logView, row.verified], ['valid', 'contradicts', false]);
  const [evidence, ...more] = await keyEvidence(bob);
  assert.ok(evidence !== undefined && more.length === 0);
  assert.deepEqual(await verifyEvidence({ engine: nodeEngine }, evidence.file), {
    holds: true,
    rule: 6,
    reason: 'gossip_mismatch',
    address: alice.address,
    shownBy: 'log',
    origin: hers.index.origin,
  });
  // Nothing of the message is in what others are shown.
  assert.ok(!Buffer.from(evidence.file).includes('Hello'));
  assert.deepEqual(await keyEvidence(alice), [], 'she learns it from him, or from his answer');
  assert.equal((await sendTo(alice, bob)).verdict.logView, 'contradicts');
});

test('an operator who hides the hours gets no mail without them', async () => {
  const log = newLog();
  const { alice, bob } = await people([log, log]);
  const hours = log.hours.bind(log);
  log.hours = async () => ({ heads: [] });
  await assert.rejects(send(alice, draft({ to: [bob.address], subject: 'Hello', text: 'Hi' })), {
    code: 'key_log_refused',
    rule: 6,
    reason: 'hour_head_missing',
  });
  log.hours = hours;
  assert.equal((await sendTo(bob, alice)).verdict.logView, 'same');
});
