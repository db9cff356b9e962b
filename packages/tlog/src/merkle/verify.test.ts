import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { EMPTY_ROOT, leafHash, nodeHash } from './hash.ts';
import { RunningTree } from './running-tree.ts';
import { verifyConsistency, type ConsistencyClaim } from './verify-consistency.ts';
import { verifyInclusion, type InclusionClaim } from './verify-inclusion.ts';

// RFC 6962 section 2.1 as it is written, with another SHA-256.
const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest());
};
const split = (count: number): number => 2 ** Math.floor(Math.log2(count - 1));
function mth(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  const k = split(leaves.length);
  return sha256(Uint8Array.of(1), mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}
function path(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...path(index, leaves.slice(0, k)), mth(leaves.slice(k))]
    : [...path(index - k, leaves.slice(k)), mth(leaves.slice(0, k))];
}
function subproof(size: number, leaves: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (size === leaves.length) return whole ? [] : [mth(leaves)];
  const k = split(leaves.length);
  return size <= k
    ? [...subproof(size, leaves.slice(0, k), whole), mth(leaves.slice(k))]
    : [...subproof(size - k, leaves.slice(k), false), mth(leaves.slice(0, k))];
}

const LARGEST = 33;
const leaves = Array.from({ length: LARGEST }, (_, index) => sha256(Uint8Array.of(0), Uint8Array.of(index)));
const roots = Array.from({ length: LARGEST + 1 }, (_, size) => mth(leaves.slice(0, size)));
const root = (size: number): Uint8Array => roots[size] ?? EMPTY_ROOT;

function inclusion(index: number, size: number): InclusionClaim {
  return {
    leafHash: leaves[index] ?? EMPTY_ROOT,
    index,
    size,
    proof: path(index, leaves.slice(0, size)),
    root: root(size),
  };
}

function consistency(oldSize: number, newSize: number): ConsistencyClaim {
  const proof = oldSize === 0 ? [] : subproof(oldSize, leaves.slice(0, newSize), true);
  return { oldSize, oldRoot: root(oldSize), newSize, newRoot: root(newSize), proof };
}

test('leaves and nodes have prefixes of their own', () => {
  assert.deepEqual(leafHash(Uint8Array.of(7)), sha256(Uint8Array.of(0, 7)));
  assert.deepEqual(nodeHash(root(1), root(2)), sha256(Uint8Array.of(1), root(1), root(2)));
  assert.deepEqual(EMPTY_ROOT, sha256());
  const seen: number[] = [];
  const counting = (bytes: Uint8Array): Uint8Array => {
    seen.push(bytes.length);
    return sha256(bytes);
  };
  leafHash(Uint8Array.of(7), counting);
  nodeHash(root(1), root(2), counting);
  assert.deepEqual(seen, [2, 65]);
  for (const [left, right] of [
    [new Uint8Array(31), root(1)],
    [root(1), new Uint8Array(33)],
  ] as const) {
    assert.throws(() => nodeHash(left, right), { name: 'TlogError', code: 'argument_invalid' });
  }
});

test('a running tree has every root, and goes on from its peaks', () => {
  const tree = new RunningTree();
  for (const [size, leaf] of leaves.entries()) {
    assert.deepEqual([tree.size, tree.rootHash()], [size, root(size)]);
    const again = new RunningTree({ size, peaks: tree.peaks, sha256: (bytes) => sha256(bytes) });
    tree.append(leaf);
    again.append(leaf);
    assert.deepEqual([again.size, again.rootHash(), again.peaks], [tree.size, tree.rootHash(), tree.peaks]);
  }
  // Nothing that goes in or out is shared, whatever kind of bytes it is.
  tree.peaks[0]?.fill(0);
  tree.rootHash().fill(0);
  const given = Buffer.from(leaves[0] ?? EMPTY_ROOT);
  const fresh = new RunningTree();
  fresh.append(given);
  const resumed = new RunningTree({ size: 1, peaks: [given] });
  given.fill(0);
  assert.deepEqual([fresh.rootHash(), resumed.rootHash()], [root(1), root(1)]);
  assert.deepEqual(tree.rootHash(), root(LARGEST));
  // At an odd size and at an even one, where nothing is hashed yet.
  assert.throws(() => tree.append(new Uint8Array(31)), { code: 'argument_invalid' });
  assert.throws(() => new RunningTree().append(new Uint8Array(31)), { code: 'argument_invalid' });
  const inputs: number[] = [];
  const counted = new RunningTree({
    sha256: (bytes) => {
      inputs.push(bytes.length);
      return sha256(bytes);
    },
  });
  for (const leaf of leaves.slice(0, 3)) counted.append(leaf);
  assert.deepEqual(counted.rootHash(), root(3));
  assert.deepEqual(inputs, [65, 65]);
  for (const wrong of [
    { size: 1 },
    { size: 2, peaks: [root(1), root(2)] },
    { size: 1, peaks: [new Uint8Array(31)] },
    { size: -1 },
  ]) {
    assert.throws(() => new RunningTree(wrong), { name: 'TlogError', code: 'argument_invalid' });
  }
});

test('every leaf of every tree is proved, and no other place is', () => {
  for (let size = 1; size <= LARGEST; size += 1) {
    for (let index = 0; index < size; index += 1) {
      const claim = inclusion(index, size);
      assert.ok(verifyInclusion(claim), `${index} of ${size}`);
      for (let place = 0; place < size; place += 1) {
        assert.equal(verifyInclusion({ ...claim, index: place }), place === index, `${index} as ${place} of ${size}`);
      }
    }
  }
});

test('every tree is proved from every smaller one', () => {
  for (let newSize = 0; newSize <= LARGEST; newSize += 1) {
    for (let oldSize = 0; oldSize <= newSize; oldSize += 1) {
      const claim = consistency(oldSize, newSize);
      assert.ok(verifyConsistency(claim), `${oldSize} → ${newSize}`);
      assert.ok(verifyConsistency({ ...claim, sha256: (bytes) => sha256(bytes) }));
      if (oldSize < newSize) {
        const swapped = {
          ...claim,
          oldSize: newSize,
          oldRoot: claim.newRoot,
          newSize: oldSize,
          newRoot: claim.oldRoot,
        };
        assert.ok(!verifyConsistency(swapped), `${newSize} → ${oldSize}`);
      }
    }
  }
});

const changes = fc.constantFrom<(proof: readonly Uint8Array[], place: number) => readonly Uint8Array[]>(
  (proof, place) => proof.toSpliced(place, 1),
  (proof, place) => proof.toSpliced(place, 0, root(7)),
  (proof, place) => proof.toSpliced(place, 0, proof[place] ?? root(7)),
  (proof, place) => proof.map((hash, at) => (at === place ? hash.with(31, 1 ^ (hash[31] ?? 0)) : hash)),
  (proof, place) => proof.map((hash, at) => (at === place ? hash.subarray(1) : hash)),
  (proof) => [...proof, root(7)],
  (proof) => [root(7), ...proof],
  (proof) => proof.toReversed(),
);

test('a changed inclusion proof proves nothing', () => {
  fc.assert(
    fc.property(fc.nat(LARGEST - 1), fc.nat(LARGEST - 1), fc.nat(5), changes, (one, two, place, change) => {
      const claim = inclusion(Math.min(one, two), Math.max(one, two) + 1);
      const proof = change(claim.proof, place % Math.max(1, claim.proof.length));
      const same = Buffer.concat(proof).equals(Buffer.concat(claim.proof));
      assert.equal(verifyInclusion({ ...claim, proof }), same);
    }),
    { numRuns: 2000 },
  );
});

test('a changed consistency proof proves nothing', () => {
  fc.assert(
    fc.property(fc.nat(LARGEST), fc.nat(LARGEST), fc.nat(5), changes, (one, two, place, change) => {
      const claim = consistency(Math.min(one, two), Math.max(one, two));
      const proof = change(claim.proof, place % Math.max(1, claim.proof.length));
      const same = Buffer.concat(proof).equals(Buffer.concat(claim.proof));
      assert.equal(verifyConsistency({ ...claim, proof }), same);
    }),
    { numRuns: 2000 },
  );
});

test('what is no size, index or hash proves nothing', () => {
  const one = inclusion(3, 7);
  const more = consistency(3, 7);
  const short = new Uint8Array(31);
  for (const [name, changed] of Object.entries({
    'index past the end': { index: 7 },
    'index below 0': { index: -1 },
    'half an index': { index: 3.5 },
    'no leaves': { size: 0 },
    'half a leaf': { size: 7.5 },
    'a size past 2^53': { size: 2 ** 53 },
    'a short leaf': { leafHash: short },
    'a short root': { root: short },
    'another root': { root: root(6) },
    'no root': { root: new Uint8Array(0) },
    '64 hashes': { proof: Array.from({ length: 64 }, () => root(1)) },
  })) {
    assert.ok(!verifyInclusion({ ...one, ...changed }), name);
  }
  for (const [name, changed] of Object.entries({
    'old size below 0': { oldSize: -1 },
    'half an old leaf': { oldSize: 3.5 },
    'half a new leaf': { newSize: 7.5 },
    'a short old root': { oldRoot: short },
    'a short new root': { newRoot: short },
    'another old root': { oldRoot: root(2) },
    'another new root': { newRoot: root(6) },
    'an empty old tree with a root': { oldSize: 0, proof: [] },
    'an empty old tree with a proof': { oldSize: 0, oldRoot: EMPTY_ROOT },
    '64 hashes': { proof: Array.from({ length: 64 }, () => root(1)) },
  })) {
    assert.ok(!verifyConsistency({ ...more, ...changed }), name);
  }
  const same = consistency(5, 5);
  assert.ok(!verifyConsistency({ ...same, newRoot: root(6) }));
  assert.ok(!verifyConsistency({ ...same, proof: [root(5)] }));
  const empty = consistency(0, 0);
  assert.ok(!verifyConsistency({ ...empty, newRoot: root(1) }));
  assert.ok(!verifyConsistency({ ...empty, oldRoot: root(1) }));
  assert.ok(!verifyConsistency({ ...empty, oldRoot: root(1), newRoot: root(1) }));
  assert.ok(!verifyConsistency({ ...empty, proof: [EMPTY_ROOT] }));
});

test('trees near 2^53 leaves are climbed without rounding', () => {
  // One leaf at the far right of a tree whose left part is given by its subtrees alone.
  const size = Number.MAX_SAFE_INTEGER;
  const peaks = Array.from({ length: 53 }, (_, height) => leafHash(Uint8Array.of(height)));
  const tree = new RunningTree({ size, peaks });
  const last = peaks[52] ?? EMPTY_ROOT;
  const proof = peaks.slice(0, 52).toReversed();
  const claim = { leafHash: last, index: size - 1, size, proof, root: tree.rootHash() };
  assert.ok(verifyInclusion(claim));
  assert.ok(!verifyInclusion({ ...claim, index: size - 2 }));
});
