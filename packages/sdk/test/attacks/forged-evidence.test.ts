/** Somebody who would like an honest operator to look like a liar; and a liar who would like to leave no evidence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { SdkError } from '../../src/errors.ts';
import { storable } from '../../src/account/stored-json.ts';
import { evidenceFile, keepEvidence } from '../../src/directory/key-log/evidence.ts';
import { verifyEvidence, type EvidenceVerdict } from '../../src/directory/key-log/verify-evidence.ts';
import type { RecordBody } from '../../src/sync/types.ts';
import { EQUIVOCATIONS } from '../key-log-runs/equivocations.ts';
import { LyingWorld, type Lie, type Reader } from '../key-log-runs/lying-world.ts';
import type { Owner } from '../key-log-runs/owner.ts';

interface People {
  readonly world: LyingWorld;
  readonly reader: Reader;
  readonly bob: Owner;
}

/** Alice has looked bob up twice: she has a head, and a pin of his version 1. */
async function people(): Promise<People> {
  const world = await LyingWorld.begin('witnessed');
  const [, bob] = world.owners;
  const [reader] = world.readers;
  assert.ok(bob !== undefined && reader !== undefined);
  await world.add(bob, await bob.rotation());
  assert.equal((await reader.ask(bob)).words, 'known 1');
  return { world, reader, bob };
}

const verify = (body: object): Promise<EvidenceVerdict> =>
  verifyEvidence(nodeEngine, evidenceFile(storable(body) as RecordBody));

/** What alice's vault has of one kind. */
function kept({ vault }: Reader, kind: string): Record<string, unknown> {
  const body = [...vault.bodies.values()].find((each) => each.kind === kind);
  assert.ok(body !== undefined, kind);
  return body;
}

/** A file of hers about an honest log. */
async function honestFile({ world, bob }: People, changed: object): Promise<object> {
  const answer = await world.log.answer({ known: null, wanted: [{ address: bob.address, fromVersion: 0 }] });
  const rest = { address: bob.address, seenSeconds: world.nowSeconds, log: world.log.pin };
  return { kind: 'evidence', v: 1, ...rest, previous: null, pinned: null, own: null, answer, ...changed };
}

const ghost = EQUIVOCATIONS.find(({ name }) => name === 'unsigned ghost version');

test('a head that the log never signed, said to be kept before, makes no fork of an honest one', async () => {
  const all = await people();
  const honest = kept(all.reader, 'key-heads');
  const other = Buffer.alloc(32, 7).toString('base64url');
  const tree = (log: 'index' | 'keys'): object => ({ ...(honest[log] as object), rootHash: other });
  for (const [reason, previous] of [
    ['index_forked', { ...honest, index: tree('index') }],
    ['keys_forked', { ...honest, keys: tree('keys') }],
  ] as const) {
    // What the file says is what a client with such a head would find; only nobody has signed that head.
    const file = await honestFile(all, { rule: 2, reason, previous });
    assert.deepEqual(await verify(file), { holds: false }, reason);
  }
});

test('true forks of which the head before was spoilt, or has no proof of its leaf, prove nothing', async () => {
  for (const [name, reason] of [
    ['fork of the same size', 'index_forked'],
    ['embedded checkpoint inconsistent', 'keys_forked'],
  ] as const) {
    const world = await LyingWorld.begin('alone');
    const [alice, bob] = world.owners;
    const [reader] = world.readers;
    assert.ok(alice !== undefined && bob !== undefined && reader !== undefined);
    await reader.ask(alice);
    const lie = EQUIVOCATIONS.find((each) => each.name === name);
    assert.equal((await reader.lied(bob, (await lie?.tell(world, bob)) ?? null)).words, `2 ${reason}`);
    const evidence = kept(reader, 'evidence');
    const previous = evidence['previous'] as { checkpoint: string; leaf: string; inclusion?: unknown };
    const verdict = await verify(evidence);
    assert.deepEqual([verdict.holds, verdict.holds && verdict.shownBy], [true, 'log']);
    const checkpoint = previous.checkpoint.replace(/\n(\d+)\n/, (_all, size: string) => `\n${size}0\n`);
    assert.deepEqual(await verify({ ...evidence, previous: { ...previous, checkpoint } }), { holds: false });
    const { inclusion: _left, ...without } = previous;
    for (const spoilt of [
      { ...previous, leaf: previous.leaf.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) },
      { ...previous, inclusion: [Buffer.alloc(32).toString('base64url')] },
      without,
    ]) {
      // Two roots of one index log need no leaf.
      assert.equal((await verify({ ...evidence, previous: spoilt })).holds, reason === 'index_forked');
    }
  }
});

test('keys that an accuser says were bob’s, or the own, are told as his word', async () => {
  const all = await people();
  const { world, bob, reader } = all;
  const mine = (await bob.thiefsGenesis()).note;
  const own = await verify(await honestFile(all, { rule: 7, reason: 'own_history_foreign', own: [mine] }));
  assert.deepEqual([own.holds, own.holds && own.shownBy], [true, 'account']);

  // Bob's third version, signed by his second; the accuser's pin has other keys in the place of the second.
  const [pin, position] = [kept(reader, 'pin'), world.positionsOf(bob).at(-1)];
  const thiefs = await bob.alone('signed', bob.chain[0] ?? null);
  await world.add(bob, await bob.rotation());
  const versions = [{ note: thiefs.note, recoveryCountsSeconds: 0 }];
  const answer = await world.log.answer({ known: null, wanted: [{ address: bob.address, fromVersion: 2 }] });
  const accused = { rule: 4, reason: 'ghost_version', pinned: { ...pin, position, versions }, answer };
  const file = await honestFile(all, accused);
  const verdict = await verify(file);
  // The flag is the operator's claim, and by those keys it would be a lie: so it looks, by the accuser's word alone.
  assert.deepEqual([verdict.holds, verdict.holds && verdict.shownBy], [true, 'account']);
  assert.deepEqual(await verify({ ...file, pinned: null }), { holds: false });
});

test('what is found about somebody pinned is kept with the whole history, which needs nobody’s word', async () => {
  const { world, reader, bob } = await people();
  await ghost?.tell(world, bob);
  assert.equal((await reader.lied(bob, null)).words, '4 ghost_version');
  const evidence = kept(reader, 'evidence');
  assert.equal(evidence['pinned'], null);
  const verdict = await verify(evidence);
  assert.deepEqual([verdict.holds, verdict.holds && verdict.shownBy], [true, 'log']);
});

test('an operator who has been caught and falls silent is still refused, and what was caught is kept', async () => {
  for (const second of ['silent', 'honest'] as const) {
    const { world, reader, bob } = await people();
    const branch = await world.branch();
    await ghost?.tell(world, bob);
    let asked = 0;
    const lie: Lie = async (answer, request) => {
      asked += 1;
      if (asked === 1) return answer;
      if (second === 'silent') throw new SdkError('answer_malformed', 'nothing came');
      return branch.answer(request);
    };
    assert.equal((await reader.lied(bob, lie)).words, '4 ghost_version');
    assert.ok(asked > 1);
    const verdict = await verify(kept(reader, 'evidence'));
    assert.deepEqual([verdict.holds, verdict.holds && verdict.shownBy], [true, 'account']);
    // Once it answers, that is kept in its place; and stays, whatever comes later.
    for (const later of [null, lie]) {
      asked = 0;
      assert.equal((await reader.lied(bob, later)).words, '4 ghost_version');
      const better = await verify(kept(reader, 'evidence'));
      assert.deepEqual([better.holds, better.holds && better.shownBy], [true, 'log']);
    }
  }
});

test('evidence that no vault takes does not stop the look that found it', async () => {
  const { world, bob } = await people();
  const [, , reader] = world.readers;
  assert.ok(reader !== undefined);
  await ghost?.tell(world, bob);
  const { address } = bob;
  const seenSeconds = world.nowSeconds;
  const answer = await world.log.answer({ known: null, wanted: [{ address, fromVersion: 0 }] });
  const [lookup] = answer.answers;
  assert.ok(lookup !== undefined);
  const finding = { rule: 4, reason: 'ghost_version', address, seenSeconds, log: world.log.pin } as const;
  const parts = { ...finding, previous: null, pinned: null, own: null };
  const raw = { head: answer.head, lookup };
  assert.ok((await keepEvidence(reader.vault, { ...parts, raw })) !== null);
  const leaves = lookup.leaves.flatMap((leaf) => Array.from({ length: 100 }, () => leaf));
  assert.equal(await keepEvidence(reader.vault, { ...parts, raw: { ...raw, lookup: { ...lookup, leaves } } }), null);
});
