import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNote, type VerifierKey } from '@latchkey/tlog';
import type { KeyLogConfig } from '../src/config/config.ts';
import { startTestServer, type TestServer } from '../src/testing/index.ts';
import {
  directoryOf,
  logKeysOf,
  lookedUp,
  nextVersion,
  resolveOrNull,
  resolveUntil,
  verifiedHead,
} from './key-log-client.ts';
import { register } from './test-owner.ts';
import { startTestWitness, type TestWitness } from './test-witness.ts';

interface Stage {
  readonly server: TestServer;
  readonly witnesses: readonly TestWitness[];
}

async function withWitnesses(
  count: number,
  work: (stage: Stage) => Promise<void>,
  config: Partial<KeyLogConfig> = {},
): Promise<void> {
  let keys: readonly VerifierKey[] = [];
  const witnesses = await Promise.all(
    Array.from({ length: count }, (_each, place) => startTestWitness(`example.org/w${place}`, () => keys)),
  );
  const witness = witnesses.map(({ url, keys: own }) => ({ url, key: [...own] }));
  const server = await startTestServer({ config: { keyLog: { witness, auditor: [], quorum: null, ...config } } });
  const { identities } = server.services.keyLog;
  keys = [...identities.keys.verifierKeys, ...identities.index.verifierKeys];
  try {
    await work({ server, witnesses });
    for (const { seen } of witnesses) for (const [place, roots] of seen) assert.equal(roots.size, 1, place);
  } finally {
    await server.stop();
    for (const each of witnesses) await each.stop();
  }
}

test('a head needs more than half of the witnesses; one that is away or silent holds nobody up', async () => {
  await withWitnesses(3, async ({ server, witnesses: [good, also, last] }) => {
    assert.ok(good !== undefined && also !== undefined && last !== undefined);
    last.mood = 'silent';
    const alice = await register(server.origin, 'alice@localhost');
    const policy = await alice.wire.call('ktPolicy', {});
    assert.deepEqual(logKeysOf(policy).length, 4);
    const directory = directoryOf(policy);
    const resolved = await resolveUntil(alice.wire, alice.address, { versions: 1, withinMs: 5_000 });
    const head = await verifiedHead(directory, resolved);
    assert.deepEqual(
      head.indexWitnesses.map(({ name }) => name),
      ['witness-1-ed25519', 'witness-1-mldsa44', 'witness-2-ed25519', 'witness-2-mldsa44'],
    );
    assert.equal(lookedUp(head, alice.address, resolved.answers[0]).refused, false);

    // Two of three are away: the last good head is served, and proves.
    also.mood = 'away';
    const { owner, statement } = await nextVersion(alice);
    await alice.wire.call('directoryUpdate', { statement });
    await new Promise((resolve) => setTimeout(resolve, 700));
    const meanwhile = await resolveOrNull(alice.wire, alice.address);
    assert.equal(textOf(meanwhile?.head.indexCheckpoint), textOf(resolved.head.indexCheckpoint));
    assert.equal(meanwhile?.answers[0]?.positions.length, 1);

    also.mood = 'good';
    const later = await resolveUntil(alice.wire, alice.address, { versions: 2, withinMs: 10_000 });
    const laterHead = await verifiedHead(directory, later);
    const found = lookedUp(laterHead, owner.address, later.answers[0]);
    assert.ok(!found.refused && found.found && found.version === 1);
    assert.deepEqual(also.heads.get(policy.keys.origin)?.size, 2);
  });
});

test('before witnesses ever signed there is no head; a wrong signature is none', async () => {
  await withWitnesses(1, async ({ server, witnesses: [witness] }) => {
    assert.ok(witness !== undefined);
    witness.mood = 'wrong';
    const alice = await register(server.origin, 'alice@localhost');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(await resolveOrNull(alice.wire, alice.address), null);
    assert.equal((await fetch(`${server.origin}/kt/keys/checkpoint`)).status, 404);
    assert.ok(witness.requests > 0);
    witness.mood = 'good';
    const resolved = await resolveUntil(alice.wire, alice.address, { versions: 1 });
    await verifiedHead(directoryOf(await alice.wire.call('ktPolicy', {})), resolved);
    const checkpoint = await (await fetch(`${server.origin}/kt/index/checkpoint`)).arrayBuffer();
    // Two lines of the log, two of the witness.
    assert.equal(parseNote(new Uint8Array(checkpoint)).signatures.length, 4);
  });
});

/** What a head says, without signatures: the head of an hour may come in between, another signature over the same text. */
function textOf(note: string | undefined): string | undefined {
  return note?.split('\n\n')[0];
}

test('a witness that has seen more than this data holds closes the log', async () => {
  await withWitnesses(1, async ({ server, witnesses: [witness] }) => {
    assert.ok(witness !== undefined);
    const alice = await register(server.origin, 'alice@localhost');
    const resolved = await resolveUntil(alice.wire, alice.address, { versions: 1 });
    const { keys } = await alice.wire.call('ktPolicy', {});
    witness.heads.set(keys.origin, { size: 1_000, rootHash: new Uint8Array(32) });
    const { statement } = await nextVersion(alice);
    await alice.wire.call('directoryUpdate', { statement });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const asked = witness.requests;
    const { statement: refused } = await nextVersion(alice);
    await assert.rejects(alice.wire.call('directoryUpdate', { statement: refused }), { code: 'key_log_closed' });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    assert.equal(witness.requests, asked, 'nothing more is signed');
    const meanwhile = await resolveOrNull(alice.wire, alice.address);
    assert.equal(textOf(meanwhile?.head.indexCheckpoint), textOf(resolved.head.indexCheckpoint));
  });
});
