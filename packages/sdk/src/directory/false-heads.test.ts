import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyOwner } from '../../test/key-owner.ts';
import { MemoryKeyLog } from '../../test/memory-key-log.ts';
import {
  HOUR,
  alice,
  alices,
  bob,
  bobOne,
  bobZero,
  change,
  failure,
  nobody,
  north,
  reasonOf,
  south,
  world,
  worldWithBob,
} from '../../test/proving-world.ts';

test('fork of the same size', async () => {
  const w = await worldWithBob();
  const honest = w.log;
  w.log = new MemoryKeyLog({ nowSeconds: () => w.nowSeconds });
  await w.add(alices);
  await w.add(await keyOwner(bob).genesis());
  assert.equal(await w.says(nobody).catch((error: unknown) => reasonOf(error)), '2 index_forked');
  assert.deepEqual(await w.hasEvidence(), ['index_forked', 'index_forked']);
  w.log = honest;
  assert.equal(await w.says(), 'proved 0');
});

test('inconsistent larger tree, and a consistency proof of something else', async () => {
  const w = await worldWithBob();
  const honest = w.log;
  w.log = new MemoryKeyLog({ nowSeconds: () => w.nowSeconds });
  await w.add(alices);
  await w.add(await keyOwner(bob).genesis());
  await w.add(await keyOwner(nobody).genesis());
  assert.equal(await failure(w), '2 index_inconsistent');
  w.log = honest;
  await w.add(bobOne);
  w.lie = change(({ head }) => (head.keysConsistency = [new Uint8Array(32)]));
  assert.equal(await failure(w), '2 keys_inconsistent');
});

test('rollback', async () => {
  const w = await worldWithBob();
  const old = w.log;
  w.log = new MemoryKeyLog({ nowSeconds: () => w.nowSeconds });
  await w.add(alices);
  assert.equal(await failure(w), '1 index_rolled_back');
  w.log = old;
  assert.equal(await w.says(), 'proved 0');
});

test('freeze: a head whose witnesses are of the day before yesterday', async () => {
  const w = await worldWithBob({ witnesses: [north] });
  w.nowSeconds += 24 * HOUR;
  assert.equal(await w.says(), 'witnessed 0');
  w.nowSeconds += 1;
  assert.equal(await failure(w), '1 head_stale');
  await w.log.beat();
  assert.equal(await w.says(), 'witnessed 0');
  await w.log.beat({ timeSeconds: w.nowSeconds + 25 * HOUR });
  assert.equal(await failure(w), '1 head_ahead_of_time');
});

test('freeze without witnesses: the log’s own time is no more than its word, and is looked at', async () => {
  const w = await worldWithBob();
  w.nowSeconds += 24 * HOUR;
  assert.equal(await w.says(), 'proved 0');
  w.nowSeconds += 1;
  assert.equal(await failure(w), '1 head_stale');
  await w.log.beat({ timeSeconds: w.nowSeconds + 24 * HOUR + 1 });
  assert.equal(await failure(w), '1 head_ahead_of_time');
  await w.log.beat();
  assert.equal(await w.says(), 'proved 0');
});

test('too few witnesses; one witness under two names; the auditor missing', async () => {
  const w = await worldWithBob({ witnesses: [north, south] });
  await w.log.beat({ cosigners: [north] });
  assert.equal(await failure(w), '1 witnesses_too_few');
  await w.log.beat({ cosigners: [north, { ...north, name: 'south' }] });
  assert.equal(await failure(w), '1 witnesses_too_few');
  await w.log.publish({ keys: { cosigners: [south] } });
  assert.equal(await failure(w), '1 witnesses_too_few');
});

test('extension line; another origin; a key id with a bad signature', async () => {
  const w = await worldWithBob({ witnesses: [north] });
  await w.log.beat({ extensions: ['more'] });
  assert.equal(await failure(w), '1 extension_line');
  await w.log.beat({ origin: w.log.keys.origin });
  assert.equal(await failure(w), '1 origin_foreign');
  await w.log.beat();
  const lines = Buffer.from(w.log.indexCheckpoint).toString().trimEnd().split('\n');
  const [dash, name, encoded] = (lines.pop() ?? '').split(' ');
  const line = Buffer.from(encoded ?? '', 'base64');
  line.writeUInt8(line.readUInt8(line.length - 1) ^ 1, line.length - 1);
  const bent = [...lines, `${dash} ${name} ${line.toString('base64')}`, ''].join('\n');
  w.log.indexCheckpoint = new Uint8Array(Buffer.from(bent));
  assert.equal(await failure(w), '1 signature_wrong');
});

test('second VRF key: it is another log', async () => {
  const w = await worldWithBob();
  const pinned = w.log.pin;
  const other = new MemoryKeyLog({ nowSeconds: () => w.nowSeconds, vrfWord: 'other' });
  w.log = other;
  await w.add(alices);
  await w.add(bobZero);
  Object.assign(other, { pin: pinned });
  assert.equal(await failure(w), '1 origin_foreign');
});

test('embedded checkpoint inconsistent; key log forked between index leaves', async () => {
  const w = await worldWithBob();
  const fork = new MemoryKeyLog({ nowSeconds: () => w.nowSeconds });
  await fork.add(alice, alices.note);
  await fork.add(bob, (await keyOwner(bob).genesis()).note);
  await w.log.publish({ keysCheckpoint: await fork.sign(fork.keys) });
  assert.equal(await failure(w), '2 keys_forked');
  assert.deepEqual(await w.hasEvidence(), ['keys_forked', 'keys_forked']);
});

test('index leaf not last', async () => {
  const w = await worldWithBob();
  const before_ = w.log.indexLeaf;
  await w.add(bobOne);
  w.lie = change(({ head }) => (head.indexLeaf = Buffer.from(before_).toString()));
  assert.match(await failure(w), /^(3 index_leaf_not_last|2 keys_inconsistent)$/);
  const fresh = await world();
  const first = fresh.log.indexLeaf;
  await fresh.add(bobZero);
  fresh.lie = change(({ head }) => (head.indexLeaf = Buffer.from(first).toString()));
  assert.equal(await failure(fresh), '3 index_leaf_not_last');
});

// Look-ups: rule 3.
