import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyOwner } from '../../test/key-owner.ts';
import { bob, bobOne, bobZero, lookup, nobody, world, worldWithBob } from '../../test/proving-world.ts';

test('foreign VRF; VRF for another address', async () => {
  const w = await world();
  await w.add(bobZero);
  w.lie = lookup((found) => (found.vrfProof = new Uint8Array(80).fill(1)));
  assert.equal(await w.says(), '3 vrf_wrong');
  w.lie = lookup((found) => (found.vrfProof = w.log.vrf(nobody).proof));
  assert.equal(await w.says(), '3 vrf_wrong');
  const absent = await w.log.lookup(nobody);
  w.lie = lookup((found) => Object.assign(found, absent));
  assert.equal(await w.says(), '3 vrf_wrong');
});

test('an index that is pinned needs no proof, and nothing of another index is taken for it', async () => {
  const w = await worldWithBob();
  const ofNobody = await w.log.lookup(nobody);
  w.lie = lookup((found) => (found.vrfProof = new Uint8Array(80).fill(1)));
  assert.equal(await w.says(), 'proved 0');
  w.lie = lookup((found) => Object.assign(found, ofNobody));
  assert.equal(await w.says(), '3 map_proof_wrong');
  await w.add(await keyOwner(nobody).genesis());
  const another = await w.log.lookup(nobody);
  w.lie = lookup((found) => Object.assign(found, another));
  assert.equal(await w.says(), '3 map_proof_wrong');
  w.lie = (answer) => answer;
  assert.equal(await w.says(), 'proved 0');
});

test('wrong opening', async () => {
  const w = await world();
  await w.add(bobZero);
  w.lie = lookup((found) => {
    const [leaf] = found.leaves;
    if (leaf !== undefined) leaf.opened = { opening: new Uint8Array(16), note: bobZero.note };
  });
  assert.equal(await w.says(), '3 commitment_wrong');
  const ghost = await keyOwner(bob).genesis();
  w.lie = lookup(({ leaves: [leaf] }) => {
    if (leaf !== undefined && leaf.opened !== null) leaf.opened.note = ghost.note;
  });
  assert.equal(await w.says(), '3 commitment_wrong');
  w.lie = lookup(({ leaves: [leaf] }) => {
    if (leaf !== undefined) leaf.opened = null;
  });
  assert.equal(await w.says(), '3 opening_missing');
});

test('stale version: truncated positions; extra position; reordered positions; false absence', async () => {
  const w = await worldWithBob();
  await w.add(bobOne);
  w.lie = lookup((found) => {
    found.positions.pop();
    found.leaves.pop();
  });
  assert.equal(await w.says(), '3 map_proof_wrong');
  w.lie = lookup((found) => found.positions.push(w.log.keys.size - 1));
  assert.match(await w.says(), /^3 (map_proof_wrong|positions_malformed)$/);
  w.lie = lookup((found) => found.positions.unshift(0));
  assert.equal(await w.says(), '3 map_proof_wrong');
  w.lie = lookup((found) => (found.positions = found.positions.toReversed()));
  assert.equal(await w.says(), '3 positions_malformed');
  w.lie = lookup((found) => {
    found.positions = [];
    found.leaves = [];
  });
  assert.equal(await w.says(), '3 map_proof_wrong');
  w.lie = (answer) => answer;
  assert.equal(await w.says(), 'proved 1');
});

test('map flip: a history that was there is gone, shorter or another in a newer index', async () => {
  const w = await worldWithBob();
  const [leaf = new Uint8Array(), own = new Uint8Array()] = [w.log.keys.entries[1], w.log.keys.entries[0]];
  const replayOf = async (...leaves: readonly Uint8Array[]): Promise<void> => {
    const { Replay } = await import('@latchkey/key-directory');
    w.log.replay = new Replay();
    for (const each of leaves) w.log.replay.add(each);
  };
  await w.log.keys.append(leaf);
  await replayOf(
    own,
    own.map((byte, at) => (at === 5 ? byte ^ 1 : byte)),
    own.map((byte, at) => (at === 6 ? byte ^ 1 : byte)),
  );
  await w.log.publish();
  assert.equal(await w.says(), '3 history_lost');
});

// Statements: rule 4. Each by its name, through the whole client.

test('a lie under a pinned index is kept as evidence only with the proof of the index', async () => {
  const w = await worldWithBob();
  await w.add(await keyOwner(bob).alone({ after: bobZero, flag: 'signed' }));
  w.lie = lookup((found) => (found.vrfProof = new Uint8Array(80).fill(1)));
  assert.equal(await w.says(), '4 ghost_version');
  assert.deepEqual(await w.hasEvidence(), []);
  w.lie = (answer) => answer;
  assert.equal(await w.says(), '4 ghost_version');
  assert.deepEqual(await w.hasEvidence(), ['ghost_version']);
});
