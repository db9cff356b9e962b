import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY_ROOT, leafHash, nodeHash } from '../merkle/hash.ts';
import { sha256 } from '../merkle/sha256.ts';
import { RunningTree } from '../merkle/running-tree.ts';
import { verifyConsistency } from '../merkle/verify-consistency.ts';
import { verifyInclusion } from '../merkle/verify-inclusion.ts';
import { MemoryTiles } from '../../test/memory-tiles.ts';
import { growTree, treeRoot } from './grow-tree.ts';
import { inclusionProver, proveConsistency, proveInclusion } from './prove.ts';

/** Over both edges of a tile of tiles; the second level is the first one again. */
const sizes = [0, 1, 2, 3, 5, 7, 8, 255, 256, 257, 511, 512, 513, 700, 65_535, 65_536, 65_537, 70_000];
const leaves = Array.from({ length: 70_000 }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));
const roots = new Map<number, Uint8Array>();
const running = new RunningTree();
roots.set(0, running.rootHash());
for (const leaf of leaves) {
  running.append(leaf);
  if (sizes.includes(running.size)) roots.set(running.size, running.rootHash());
}

test('a small tree has the root that RFC 6962 writes down', () => {
  const [a, b, c] = leaves as [Uint8Array, Uint8Array, Uint8Array];
  assert.deepEqual(roots.get(0), EMPTY_ROOT);
  assert.deepEqual(roots.get(1), a);
  assert.deepEqual(roots.get(3), nodeHash(nodeHash(a, b), c));
});

test('a tree grown by tiles proves every size to every other one', async () => {
  const store = new MemoryTiles();
  let size = 0;
  for (const next of sizes.slice(1)) {
    const growth = await growTree({ oldSize: size, tiles: store, leafHashes: leaves.slice(size, next) });
    store.keep(growth.tiles);
    size = growth.size;
    assert.equal(size, next);
    assert.deepEqual(growth.rootHash, roots.get(next));
    assert.deepEqual(await treeRoot(next, store), roots.get(next));
  }
  for (const newSize of sizes) {
    const newRoot = roots.get(newSize) ?? EMPTY_ROOT;
    for (const oldSize of sizes.filter((candidate) => candidate <= newSize)) {
      const proof = await proveConsistency({ oldSize, newSize }, store);
      const oldRoot = roots.get(oldSize) ?? EMPTY_ROOT;
      assert.ok(verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof }), `${oldSize} → ${newSize}`);
    }
    const prover = inclusionProver(newSize, store);
    for (const index of new Set([0, 1, newSize >> 1, newSize - 2, newSize - 1])) {
      if (index < 0 || index >= newSize) continue;
      const proof = await proveInclusion({ index, size: newSize }, store);
      assert.deepEqual(await prover(index), proof);
      const leaf = leaves[index] ?? EMPTY_ROOT;
      assert.ok(
        verifyInclusion({ leafHash: leaf, index, size: newSize, proof, root: newRoot }),
        `${index} in ${newSize}`,
      );
    }
  }
});

test('a prover hashes no node of a tile twice, and what it gives is the caller’s', async () => {
  const store = new MemoryTiles();
  store.keep((await growTree({ oldSize: 0, tiles: store, leafHashes: leaves.slice(0, 512) })).tiles);
  let hashed = 0;
  const prover = inclusionProver(512, store, (bytes) => {
    hashed += 1;
    return sha256(bytes);
  });
  const proofs: Uint8Array[][] = [];
  for (let index = 0; index < 512; index += 1) {
    const proof = await prover(index);
    const root = roots.get(512) ?? EMPTY_ROOT;
    assert.ok(verifyInclusion({ leafHash: leaves[index] ?? EMPTY_ROOT, index, size: 512, proof, root }));
    proofs.push(proof);
  }
  // Two full tiles without their roots, which the tile above them has.
  assert.ok(hashed <= 2 * 254, `${hashed}`);
  for (const proof of proofs) for (const hash of proof) hash.fill(0);
  assert.deepEqual(await prover(0), await proveInclusion({ index: 0, size: 512 }, store));
  assert.throws(() => prover(512), { code: 'argument_invalid' });
});
