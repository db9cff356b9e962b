/** Clocks that jump and a witness that is away for a day: nothing that was taken is lost, and no head has a second one. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { verifyHead, type Directory, type StoredHead, type VerifiedHead } from '@latchkey/key-directory/verify';
import type { VerifierKey } from '@latchkey/tlog';
import { startTestServer, type TestServer } from '../src/testing/index.ts';
import {
  directoryOf,
  logKeysOf,
  lookedUp,
  nextVersion,
  resolveOrNull,
  resolveUntil,
  utf8,
  verifiedHead,
  type Resolved,
} from './key-log-client.ts';
import { register, type TestOwner } from './test-owner.ts';
import { startTestWitness, type TestWitness } from './test-witness.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 23, 12, 0, 0);

let serverMs = START;
let witnessMs = START;
let logKeys: readonly VerifierKey[] = [];
let witness: TestWitness;
let server: TestServer;
let owner: TestOwner;
let directory: Directory;
let versions = 1;

before(async () => {
  witness = await startTestWitness(
    'witness.example/w',
    () => logKeys,
    () => witnessMs,
  );
  const keyLog = { witness: [{ url: witness.url, key: [...witness.keys] }], auditor: [], quorum: null };
  server = await startTestServer({ clock: () => serverMs, config: { keyLog } });
  const { identities } = server.services.keyLog;
  logKeys = [...identities.keys.verifierKeys, ...identities.index.verifierKeys];
  owner = await register(server.origin, 'alice@localhost');
  const policy = await owner.wire.call('ktPolicy', {});
  assert.equal(logKeysOf(policy).length, 4);
  directory = directoryOf(policy);
  await resolveUntil(owner.wire, owner.address, { versions });
});
after(async () => {
  await server.stop();
  await witness.stop();
});

/** Accepted by the server: from here on it must never be lost. */
async function update(): Promise<void> {
  const next = await nextVersion(owner);
  await owner.wire.call('directoryUpdate', { statement: next.statement });
  owner = next.owner;
  versions += 1;
}

async function requireAll(nowMs: number, previous?: StoredHead): Promise<VerifiedHead> {
  const resolved = await resolveUntil(owner.wire, owner.address, { versions });
  const head = await verifiedHead(directory, resolved, { nowMs });
  const found = lookedUp(head, owner.address, resolved.answers[0]);
  assert.ok(!found.refused && found.found && found.version === versions - 1, JSON.stringify(found));
  if (previous !== undefined) assert.ok(head.index.size >= previous.index.size && head.keys.size >= previous.keys.size);
  for (const [place, roots] of witness.seen) assert.equal(roots.size, 1, `two heads: ${place}`);
  return head;
}

async function refusalOf({ head }: Resolved, nowMs: number): Promise<string | null> {
  const { indexCheckpoint, indexLeaf, ...proofs } = head;
  const answer = { indexCheckpoint: utf8(indexCheckpoint), indexLeaf: utf8(indexLeaf), ...proofs };
  const verdict = await verifyHead(directory, answer, { previous: null, nowSeconds: Math.floor(nowMs / 1_000) });
  return verdict.refused ? verdict.reason : null;
}

test('a witness that is away for a day: mail stops when the last head is a day old, and all is there when it is back', async () => {
  const before_ = await requireAll(serverMs);
  witness.mood = 'away';
  for (let hours = 0; hours < 25; hours += 5) {
    serverMs += 5 * HOUR;
    witnessMs += 5 * HOUR;
    await update();
  }
  const meanwhile = await resolveOrNull(owner.wire, owner.address);
  assert.ok(meanwhile !== null && meanwhile.answers[0]?.positions.length === 1, 'the last good head is served');
  assert.equal(await refusalOf(meanwhile, START + 24 * HOUR), null);
  assert.equal(await refusalOf(meanwhile, serverMs), 'head_stale');
  witness.mood = 'good';
  await requireAll(serverMs, before_);
});

for (const [name, jump] of [
  ['the server’s clock goes back for two days', () => (serverMs -= 48 * HOUR)],
  ['the server’s clock goes on for forty days', () => (serverMs += 40 * 24 * HOUR)],
  ['and back again', () => (serverMs -= 38 * 24 * HOUR)],
  ['the witness’s clock goes on for a day', () => (witnessMs += 23 * HOUR)],
  ['and back again, with the server’s', () => (serverMs = witnessMs -= 23 * HOUR)],
] as const) {
  test(`${name}: what was accepted is proved, in one head of each size`, async () => {
    const nowMs = witnessMs;
    const earlier = await requireAll(nowMs);
    jump();
    await update();
    await update();
    await requireAll(witnessMs, earlier);
  });
}

test('a client’s clock that is wrong by more than a day stops it, and by less does not', async () => {
  const resolved = await resolveUntil(owner.wire, owner.address, { versions });
  assert.equal(await refusalOf(resolved, witnessMs - 23 * HOUR), null);
  assert.equal(await refusalOf(resolved, witnessMs + 23 * HOUR), null);
  assert.equal(await refusalOf(resolved, witnessMs - 26 * HOUR), 'head_ahead_of_time');
  assert.equal(await refusalOf(resolved, witnessMs + 26 * HOUR), 'head_stale');
});
