import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { modelRoot, type ModelEntry } from '../../test/map-model.ts';
import { IndexTree } from './index-tree.ts';
import { verifyMapProof } from './verify-map-proof.ts';

const nodeSha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
/** Keys that share long beginnings, as hostile ones would. */
const nearKey = fc
  .tuple(fc.nat(31), fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x00, 0xff))
  .map(([at, byte, filler]) => new Uint8Array(32).fill(filler).with(at, byte));
const anyKey = fc.oneof(bytes32, nearKey);

function held(sets: readonly ModelEntry[]): ModelEntry[] {
  const latest = new Map(sets.map((entry) => [Buffer.from(entry.key).toString('hex'), entry]));
  return [...latest.values()];
}

test('the root is that of the model after every set, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ key: anyKey, value: bytes32 }), { maxLength: 40 }), (sets) => {
      const tree = new IndexTree();
      sets.forEach(({ key, value }, at) => {
        tree.set(key, value);
        assert.deepEqual(tree.root, modelRoot(held(sets.slice(0, at + 1))));
      });
      const backwards = new IndexTree(nodeSha256);
      for (const { key, value } of held(sets).toReversed()) backwards.set(key, value);
      assert.deepEqual(backwards.root, tree.root);
      assert.equal(tree.size, held(sets).length);
    }),
    { numRuns: 150 },
  );
});

test('every key is proved present or absent, and the other claim is refused', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ key: anyKey, value: bytes32 }), { maxLength: 60 }),
      fc.array(anyKey, { maxLength: 20 }),
      (sets, others) => {
        const tree = new IndexTree();
        for (const { key, value } of sets) tree.set(key, value);
        const root = tree.root;
        const values = new Map(held(sets).map(({ key, value }) => [Buffer.from(key).toString('hex'), value]));
        for (const key of [...sets.map((entry) => entry.key), ...others]) {
          const expected = values.get(Buffer.from(key).toString('hex')) ?? null;
          const { value, proof } = tree.prove(key);
          assert.deepEqual(value, expected);
          assert.deepEqual(tree.get(key), expected);
          assert.equal(verifyMapProof({ root, key, value, proof }), true);
          const lie = value === null ? new Uint8Array(32) : null;
          assert.equal(verifyMapProof({ root, key, value: lie, proof }), false);
        }
      },
    ),
    { numRuns: 150 },
  );
});
