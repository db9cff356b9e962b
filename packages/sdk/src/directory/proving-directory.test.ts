import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareWords, type ComparedParty } from '@latchkey/crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress, statementHash } from '@latchkey/protocol';
import { keyOwner, type MadeIdentity } from '../../test/key-owner.ts';
import { MemoryKeyLog } from '../../test/memory-key-log.ts';
import { evidenceFile } from './key-log/evidence.ts';
import { verifyEvidence } from './key-log/verify-evidence.ts';
import {
  HOUR,
  START,
  alice,
  alices,
  bob,
  bobOne,
  bobZero,
  failure,
  kit,
  nobody,
  north,
  south,
  world,
  worldWithBob,
} from '../../test/proving-world.ts';

test('who stands in the log is known, and pinned with the head that proved it', async () => {
  const w = await world();
  await w.add(bobZero);
  const first = await w.resolve();
  assert.ok(first.outcome === 'known' && first.trust === 'first_use');
  assert.deepEqual(first.identity.hash, statementHash(bobZero.statement));
  assert.equal(await w.says(), 'proved 0');
  await w.add(bobOne);
  assert.equal(await w.says(), 'proved 1');
  const [kept] = await w.directory().resolve([bob], { pinIsEnough: true });
  assert.ok(kept?.outcome === 'known' && kept.trust === 'pinned' && kept.versions.length === 2);
  assert.equal(await w.says(nobody), 'unknown');
  assert.deepEqual([...w.vault.bodies.values()].map(({ kind }) => kind).toSorted(), ['key-heads', 'pin']);
});

test('witnesses make it witnessed, for somebody new too', async () => {
  const w = await world({ witnesses: [north, south] });
  await w.add(bobZero);
  assert.equal(await w.says(), 'witnessed 0');
});

test('a false first key of somebody new is believed where nobody outside vouches, and only the words tell', async () => {
  // The operator's own log, well formed, with keys of the operator's making where bob's should be.
  const ghost = await keyOwner(bob).genesis();
  const [alone, watched] = [await world(), await world({ witnesses: [north, south] })];
  await alone.add(ghost);
  const believed = await alone.resolve();
  assert.ok(believed.outcome === 'known' && believed.trust === 'first_use');
  assert.equal(await alone.says(), 'proved 0');
  // Bob's machine has bob's true keys, alice's has the ghost: two people who read the words to each other hear it.
  const party = ({ statement }: MadeIdentity): ComparedParty => {
    const hash = statementHash(statement);
    return { genesis: hash, current: hash };
  };
  const onAlices = await compareWords(nodeEngine, [party(alices), party(ghost)]);
  const onBobs = await compareWords(nodeEngine, [party(bobZero), party(alices)]);
  assert.notDeepEqual(onAlices, onBobs);
  assert.deepEqual(await compareWords(nodeEngine, [party(alices), party(bobZero)]), onBobs);
  // With witnesses it stands in what all others see, bob's machine among them: who shows bob another log is forked.
  await watched.add(ghost);
  assert.equal(await watched.says(), 'witnessed 0');
});

test('what is asked for is what is new', async () => {
  const w = await worldWithBob();
  const asked: unknown[] = [];
  w.lie = (answer, { known, wanted }) => {
    asked.push([known, wanted.map(({ fromVersion }) => fromVersion)]);
    return answer;
  };
  const directory = w.directory();
  await directory.resolve([bob]);
  await directory.resolve([bob, bob]);
  const sizes = { indexSize: 2, keysSize: 2 };
  assert.deepEqual(asked, [
    [sizes, [0, 1]],
    [sizes, [1, 1]],
  ]);
});

test('an answer that is cut short is asked for until it is whole, each part under its own head', async () => {
  const w = await world();
  await w.add(bobZero);
  const carol = canonicalAddress('carol@localhost');
  await w.add(await keyOwner(carol).genesis());
  let calls = 0;
  w.lie = async (answer) => {
    calls += 1;
    // The log grows meanwhile.
    await w.log.add(`n${calls}@localhost`, 'x', 'genesis');
    await w.log.publish();
    return { ...answer, answers: answer.answers.slice(0, 1) };
  };
  const resolved = await w.directory().resolve([bob, nobody, carol]);
  assert.deepEqual(
    resolved.map(({ outcome }) => outcome),
    ['known', 'unknown', 'known'],
  );
  assert.equal(calls, 4);
});

// Heads: rules 1, 2 and 5.

test('what a person has compared is noted, and ends where keys come into force without those', async () => {
  const owner = keyOwner(bob);
  const w = await worldWithBob();
  const verifiedOf = async (): Promise<unknown> => {
    const resolution = await w.resolve();
    assert.ok(resolution.outcome === 'known');
    assert.equal(resolution.sinceSeconds, START);
    return resolution.verified ?? null;
  };
  assert.equal(await verifiedOf(), null);
  await w.later(HOUR);
  const identity = statementHash(bobZero.statement);
  await w.directory().acceptChangedVerifiedByHuman(bob, identity);
  const noted = { identity, seconds: START + HOUR };
  assert.deepEqual(await verifiedOf(), noted);
  await w.add(bobOne);
  assert.deepEqual(await verifiedOf(), noted, 'the compared keys have signed the next');
  const [kept] = await w.directory().resolve([bob], { pinIsEnough: true });
  assert.deepEqual(kept?.outcome === 'known' ? kept.verified : null, noted);
  await w.add(await owner.reset({ after: bobOne, kit, recovery: kit.recovery }));
  assert.deepEqual(await verifiedOf(), noted, 'while it waits');
  await w.later(73 * HOUR);
  assert.equal(await w.says(), 'proved 2');
  assert.equal(await verifiedOf(), null);
});

test('of two devices that look at once the head that is kept has been held against both', async () => {
  const w = await world();
  await w.add(bobZero);
  const honest = w.log;
  const fork = new MemoryKeyLog({ nowSeconds: () => w.nowSeconds });
  for (const [address, { note }] of [
    [alice, alices],
    [bob, await keyOwner(bob).genesis()],
  ] as const) {
    await fork.add(address, note);
    await fork.publish();
  }
  const phone = w.directory();
  // This device looks at the fork, and the other one keeps an honest head before it can.
  w.log = fork;
  w.vault.beforeWrite(async () => {
    assert.equal((await phone.resolve([bob]))[0]?.outcome, 'known');
  });
  assert.equal(await failure(w), '2 index_forked');
  w.log = honest;
  assert.equal(await w.says(), 'proved 0');
});

test('evidence says nothing else than what the log has signed', async () => {
  const w = await worldWithBob();
  await w.add({ ...bobOne, flag: 'reset' });
  await w.says();
  const body = [...w.vault.bodies.values()].find(({ kind }) => kind === 'evidence');
  assert.ok(body !== undefined);
  const text = Buffer.from(evidenceFile(body)).toString();
  const holds = async (changed: string): Promise<boolean> =>
    (await verifyEvidence(nodeEngine, new Uint8Array(Buffer.from(changed)))).holds;
  assert.equal(await holds(text), true);
  assert.notEqual(text.replace('flag_mismatch', 'ghost_version'), text);
  for (const changed of [
    text.replace('flag_mismatch', 'ghost_version'),
    text.replace('"rule": 4', '"rule": 3'),
    text.replaceAll('bob@localhost', 'bab@localhost'),
    text.replace('"v": 1', '"v": 2'),
    text.replace(/"opening": "./, (match) => `${match.slice(0, -1)}${match.endsWith('A') ? 'B' : 'A'}`),
    text.replace(/"vrf": "./, (match) => `${match.slice(0, -1)}${match.endsWith('A') ? 'B' : 'A'}`),
    text.slice(1),
  ]) {
    assert.equal(await holds(changed), false);
  }
});
