import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { EMPTY_TREE, isTreePlace, LogTree, rootOf } from './log-tree.ts';

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest());

/** RFC 6962, section 2.1, word by word. */
function rootByDefinition(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return sha256();
  if (leaves.length === 1) return sha256(Uint8Array.of(0), first);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha256(Uint8Array.of(1), rootByDefinition(leaves.slice(0, half)), rootByDefinition(leaves.slice(half)));
}

const leaves = Array.from({ length: 70 }, (_, index) => sha256(Uint8Array.of(index)));

test('the root is that of the definition at every size', async () => {
  const tree = new LogTree(nodeEngine, EMPTY_TREE);
  assert.deepEqual(await tree.root(), rootByDefinition([]));
  for (const [index, leaf] of leaves.entries()) {
    await tree.append(leaf);
    assert.equal(tree.size, index + 1);
    assert.deepEqual(await tree.root(), rootByDefinition(leaves.slice(0, index + 1)));
  }
});

test('the roots of certificate transparency’s own example', async () => {
  // Leaves and roots that implementations of RFC 6962 publish as their test data.
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];
  const tree = new LogTree(nodeEngine, EMPTY_TREE);
  for (const [index, root] of roots.entries()) {
    assert.equal(Buffer.from(await tree.root()).toString('hex'), root);
    if (index < inputs.length) await tree.append(new Uint8Array(Buffer.from(inputs[index] ?? '', 'hex')));
  }
});

test('a tree goes on from any place as if it had never stopped', async () => {
  for (let stop = 0; stop <= 40; stop += 1) {
    const before = new LogTree(nodeEngine, EMPTY_TREE);
    for (const leaf of leaves.slice(0, stop)) await before.append(leaf);
    const place = before.place();
    assert.ok(isTreePlace(place));
    assert.deepEqual(await rootOf(nodeEngine, place), rootByDefinition(leaves.slice(0, stop)));
    const after = new LogTree(nodeEngine, place);
    for (const leaf of leaves.slice(stop, 50)) await after.append(leaf);
    assert.deepEqual(await after.root(), rootByDefinition(leaves.slice(0, 50)));
    assert.equal(after.size, 50);
    assert.deepEqual(before.place(), place, 'what grew from a place does not touch it');
  }
});

test('a place has as many peaks as its size has ones', () => {
  const peaks = (count: number): Uint8Array => new Uint8Array(count * 32);
  assert.ok(isTreePlace(EMPTY_TREE));
  assert.ok(isTreePlace({ size: 7, peaks: peaks(3) }));
  assert.ok(isTreePlace({ size: 8, peaks: peaks(1) }));
  assert.ok(isTreePlace({ size: Number.MAX_SAFE_INTEGER, peaks: peaks(53) }));
  for (const place of [
    { size: 7, peaks: peaks(2) },
    { size: 7, peaks: peaks(4) },
    { size: 8, peaks: new Uint8Array(31) },
    { size: 0, peaks: peaks(1) },
    { size: -1, peaks: peaks(0) },
    { size: 0.5, peaks: peaks(0) },
    { size: 2 ** 53, peaks: peaks(1) },
    { size: Number.NaN, peaks: peaks(0) },
  ]) {
    assert.ok(!isTreePlace(place), String(place.size));
  }
});
