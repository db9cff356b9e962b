import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareIndexLeaf, encodeIndexLeaf, IndexTree, positionsHash, readIndexLeaf, Replay } from '../../src/index.ts';
import { NOW, seed, sha256, SmallDirectory, WITNESSES } from '../small-directory.ts';
import { verifyHead, verifyLookup } from '../../src/verify.ts';

/** What somebody sees who reads both logs from their beginnings: a reason, or null, for every index leaf. */
function audit(small: SmallDirectory, keys: readonly Uint8Array[] = small.keys.entries): (string | null)[] {
  const replay = new Replay(sha256);
  return small.index.entries.map((entry) => {
    const leaf = readIndexLeaf(entry);
    while (replay.size < leaf.keys.size) replay.add(keys[replay.size] ?? new Uint8Array(0));
    const refusal = compareIndexLeaf(replay, leaf);
    return refusal === null ? null : `${refusal.rule} ${refusal.reason}`;
  });
}

async function grown(small: SmallDirectory, labels: readonly string[]): Promise<void> {
  for (const label of labels) {
    await small.add({ label: `${label}@example.org`, note: label });
    await small.publish();
  }
}

test('an honest log is replayed to the same roots', async () => {
  const small = new SmallDirectory();
  await grown(small, ['alice', 'bob', 'alice', 'carol', 'alice']);
  await small.publish();
  assert.deepEqual(audit(small), [null, null, null, null, null, null]);
});

test('map root not from replay', async () => {
  const small = new SmallDirectory();
  await grown(small, ['alice', 'bob']);
  const tree = new IndexTree();
  tree.set(small.indexOf('alice@example.org'), positionsHash([0]));
  await small.publish({ mapRoot: tree.root });
  assert.deepEqual(audit(small), [null, null, '7 map_root_not_from_replay']);
});

test('map flip and flip back: the leaf between is seen by who reads every one', async () => {
  const small = new SmallDirectory();
  await grown(small, ['alice', 'bob']);
  await small.publish({ mapRoot: seed('flip') });
  await small.publish();
  assert.deepEqual(audit(small), [null, null, '7 map_root_not_from_replay', null]);
});

test('key log forked between index leaves', async () => {
  const small = new SmallDirectory();
  await grown(small, ['alice', 'bob']);
  const fork = new SmallDirectory();
  await grown(fork, ['alice', 'ghost']);
  const checkpoint = await fork.keys.checkpoint({ cosigners: WITNESSES });
  await small.index.append(encodeIndexLeaf({ mapRoot: fork.replay.mapRoot(), checkpoint }));
  await grown(small, ['carol']);
  assert.deepEqual(audit(small), [null, null, '7 keys_root_not_from_replay', null]);
  assert.deepEqual(audit(small, [...fork.keys.entries, ...small.keys.entries.slice(2)]), [
    null,
    '7 keys_root_not_from_replay',
    null,
    '7 keys_root_not_from_replay',
  ]);
});

test('an index leaf that goes back in the key log', async () => {
  const small = new SmallDirectory();
  await grown(small, ['alice']);
  const first = small.indexLeaf;
  await grown(small, ['bob']);
  await small.index.append(first);
  assert.deepEqual(audit(small), [null, null, '7 keys_rolled_back']);
});

test('a replay that has not read far enough gives no verdict', async () => {
  const small = new SmallDirectory();
  await grown(small, ['alice']);
  assert.throws(() => compareIndexLeaf(new Replay(), readIndexLeaf(small.indexLeaf)), { code: 'argument_invalid' });
});

test('an index leaf whose checkpoint is none', () => {
  const leaf = encodeIndexLeaf({ mapRoot: new Uint8Array(32), checkpoint: new Uint8Array(Buffer.from('no note')) });
  assert.throws(() => readIndexLeaf(leaf), { code: 'index_leaf_malformed' });
});

test('bad tile, partial tile: what is proved from it does not verify', async () => {
  const small = new SmallDirectory();
  await grown(small, ['alice', 'bob', 'carol', 'dave', 'erin']);
  const head = await verifyHead(small.directory, await small.head(), { previous: null, nowSeconds: NOW });
  assert.ok(!head.refused);
  const label = 'alice@example.org';
  const answer = await small.lookup(label);
  assert.ok(!verifyLookup(head, { label, known: null }, answer).refused);
  small.keys.spoilTile = (tile) => tile.with(40, (tile[40] ?? 0) ^ 1);
  const bad = verifyLookup(head, { label, known: null }, await small.lookup(label));
  assert.deepEqual(bad, { refused: true, rule: 3, reason: 'leaf_not_in_log' });
  small.keys.spoilTile = (tile) => tile.subarray(0, 64);
  await assert.rejects(small.lookup(label), { code: 'tile_wrong' });
});
