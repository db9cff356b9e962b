import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statementHash } from '@latchkey/protocol';
import { keyOwner, newKit } from '../../test/key-owner.ts';
import { testWitness } from '../../test/memory-key-log.ts';
import {
  HOUR,
  START,
  World,
  alice,
  alices,
  bob,
  bobOne,
  bobZero,
  failure,
  kit,
  north,
  world,
  worldWithBob,
} from '../../test/proving-world.ts';

test('unsigned ghost version', async () => {
  const w = await worldWithBob();
  await w.add(await keyOwner(bob).alone({ after: bobZero, flag: 'signed' }));
  assert.equal(await w.says(), '4 ghost_version');
  assert.deepEqual(await w.hasEvidence(), ['ghost_version']);
  const [kept] = await w.directory().resolve([bob], { pinIsEnough: true });
  assert.ok(kept?.outcome === 'known' && kept.identity.statement.version === 0, 'the pin is as it was');
});

test('genesis twice', async () => {
  const w = await worldWithBob();
  const second = await keyOwner(bob).alone({ after: bobZero, flag: 'signed' });
  await w.add(second);
  const at = w.log.keys.size - 1;
  assert.ok(at === 2);
  assert.equal(await w.says(), '4 ghost_version');
  const fresh = await worldWithBob();
  const { Replay, encodeLeaf, decodeLeaf } = await import('@latchkey/key-directory');
  assert.ok(Replay !== undefined);
  const leaf = decodeLeaf(fresh.log.keys.entries[1] ?? new Uint8Array());
  // The log's own rules would stop an honest operator here; a false one signs what he likes.
  await assert.rejects(
    fresh.log.addLeaf(encodeLeaf({ ...leaf, flag: 'genesis' }), { opening: new Uint8Array(16), note: '' }),
    {
      code: 'genesis_twice',
    },
  );
});

test('reset without recovery signature; reset before the hold; reset after a veto', async () => {
  const owner = keyOwner(bob);
  const bare = await worldWithBob();
  await bare.add(await owner.alone({ after: bobZero, flag: 'reset' }));
  assert.equal(await bare.says(), '4 reset_unsigned');
  assert.deepEqual(await bare.hasEvidence(), ['reset_unsigned']);

  const w = await worldWithBob();
  const reset = await owner.reset({ after: bobZero, kit, recovery: kit.recovery });
  await w.add(reset);
  const held = await w.resolve();
  assert.ok(held.outcome === 'known' && held.identity.statement.version === 0, 'the old keys are in force');
  assert.equal(held.resetCountsSeconds, START + 72 * HOUR);
  await w.later(72 * HOUR - 1);
  assert.equal(await w.says(), 'proved 0');
  const vetoed = await worldWithBob();
  await vetoed.add(reset, await owner.veto({ after: reset, kills: reset, by: bobZero }));
  assert.equal(await vetoed.says(), 'proved 0');
  await vetoed.later(1_000 * HOUR);
  assert.equal(await vetoed.says(), 'proved 0');
  await w.later(1);
  assert.equal(await w.says(), 'proved 1');
});

test('reset before the hold: neither a wrong clock nor the operator’s own witness ends it', async () => {
  const owner = keyOwner(bob);
  const reset = await owner.reset({ after: bobZero, kit, recovery: kit.recovery });
  const w = await worldWithBob({ witnesses: [north] });
  // This machine's clock is ten hours behind: the wait begins when the witness saw it.
  await w.log.add(bob, reset.note, reset.flag);
  await w.log.publish({ index: { timeSeconds: START + 10 * HOUR } });
  const held = await w.resolve();
  assert.ok(held.outcome === 'known' && held.resetCountsSeconds === START + 82 * HOUR);
  // Then it runs ahead of the witness by a day, as far as a head is taken at all.
  w.nowSeconds = START + 90 * HOUR;
  await w.log.beat({ timeSeconds: START + 82 * HOUR - 1 });
  assert.equal(await w.says(), 'witnessed 0');
  await w.log.beat({ timeSeconds: START + 82 * HOUR });
  assert.equal(await w.says(), 'witnessed 1');

  const inside = await testWitness('localhost/own');
  const own = await worldWithBob({ witnesses: [inside] }, 'first_use');
  await own.log.add(bob, reset.note, reset.flag);
  await own.log.publish({ index: { timeSeconds: START + 10 * HOUR } });
  const alone = await own.resolve();
  assert.ok(alone.outcome === 'known' && alone.resetCountsSeconds === START + 72 * HOUR, 'only first sight counts');
});

test('weakened recovery used at once', async () => {
  const w = await worldWithBob();
  const thief = await newKit();
  const weakened = await keyOwner(bob).rotation({ after: bobZero, recovery: thief.recovery });
  await w.add(weakened, await keyOwner(bob).reset({ after: weakened, kit: thief }));
  assert.equal(await w.says(), 'proved 1');
  await w.later(143 * HOUR);
  assert.equal(await w.says(), 'proved 1');
  await w.later(HOUR);
  assert.equal(await w.says(), 'proved 2');
});

test('re-issue shown as rotation; re-issue shown as what it is', async () => {
  const owner = keyOwner(bob);
  const tombstone = await owner.tombstone({ after: bobZero });
  const lying = await worldWithBob();
  await lying.add(tombstone, await owner.alone({ after: tombstone, flag: 'signed' }));
  assert.equal(await lying.says(), '4 reissue_as_rotation');
  assert.deepEqual(await lying.hasEvidence(), ['reissue_as_rotation']);

  const w = await worldWithBob();
  await w.add(tombstone);
  assert.equal(await w.says(), '4 gone');
  const next = await owner.alone({ after: tombstone });
  await w.add(next);
  await w.later(365 * 24 * HOUR);
  assert.equal(await w.says(), '4 reissued');
  const directory = w.directory();
  const refused = { code: 'statement_unverified' };
  await assert.rejects(directory.acceptChangedVerifiedByHuman(bob, new Uint8Array(32)), refused);
  await directory.acceptChangedVerifiedByHuman(bob, statementHash(next.statement));
  assert.equal(await w.says(), 'proved 2');

  const stranger = await world();
  await stranger.add(bobZero, tombstone, next);
  assert.equal(await stranger.says(), '4 reissue_on_hold');
  await stranger.later(30 * 24 * HOUR);
  assert.equal(await stranger.says(), 'proved 2');
});

test('a false flag is refused and proved', async () => {
  const w = await worldWithBob();
  await w.add({ ...bobOne, flag: 'reset' });
  assert.equal(await w.says(), '4 flag_mismatch');
  assert.deepEqual(await w.hasEvidence(), ['flag_mismatch']);
});

// The own history: rule 7.

test('a leaf under the own address that the vault does not know is raised at the next look and the next start', async () => {
  const w = await worldWithBob();
  const running = w.directory();
  await running.resolve([bob]);
  await w.add(await keyOwner(alice).alone({ after: alices, flag: 'signed' }));
  await assert.rejects(running.resolve([bob]), { rule: 7, reason: 'own_history_foreign' });
  assert.equal(await failure(w), '7 own_history_foreign');
  assert.deepEqual(await w.hasEvidence(), ['own_history_foreign']);
});

test('a foreign genesis under the own address', async () => {
  const w = new World();
  await w.add(await keyOwner(alice).genesis());
  assert.equal(await failure(w), '7 own_history_foreign');
  assert.deepEqual(await w.hasEvidence(), ['own_history_foreign']);
  const empty = new World();
  await empty.add(bobZero);
  assert.equal(await failure(empty), '7 own_history_missing');
  assert.deepEqual(await empty.hasEvidence(), []);
});

// What is kept.
