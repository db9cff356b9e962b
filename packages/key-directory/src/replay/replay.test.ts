import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { leafHash, RunningTree } from '@latchkey/tlog';
import fc from 'fast-check';
import { modelRoot } from '../../test/map-model.ts';
import { encodeLeaf } from '../leaf.ts';
import { verifyMapProof } from '../map/verify-map-proof.ts';
import { positionsHash } from '../positions.ts';
import { Replay } from './replay.ts';

const nodeSha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

function index(n: number): Uint8Array {
  return nodeSha256(Uint8Array.of(n));
}

/** A log in which these indices are written one after the other. */
function leavesOf(order: readonly number[]): Uint8Array[] {
  return order.map((n, at) =>
    encodeLeaf({
      flag: order.indexOf(n) === at ? 'genesis' : 'signed',
      index: index(n),
      commitment: nodeSha256(Uint8Array.of(n, at)),
    }),
  );
}

test('roots, positions and versions are those of the model at every size', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(12), { maxLength: 60 }), fc.nat(3), (order, every) => {
      const replay = new Replay(nodeSha256);
      const log = new RunningTree();
      const lists = new Map<number, number[]>();
      leavesOf(order).forEach((leaf, at) => {
        const n = order[at] ?? 0;
        const list = lists.get(n) ?? [];
        assert.equal(replay.add(leaf), list.length);
        lists.set(n, [...list, at]);
        log.append(leafHash(leaf));
        if (at % (every + 1) !== 0) return;
        const entries = [...lists].map(([who, positions]) => ({ key: index(who), value: positionsHash(positions) }));
        assert.deepEqual(replay.mapRoot(), modelRoot(entries));
        assert.deepEqual(replay.logRoot(), log.rootHash());
      });
      assert.equal(replay.size, order.length);
      for (let n = 0; n <= 13; n += 1) {
        const positions = lists.get(n) ?? [];
        assert.deepEqual(replay.positionsOf(index(n)), positions);
        const { value, proof } = replay.prove(index(n));
        assert.deepEqual(value, positions.length === 0 ? null : positionsHash(positions));
        assert.equal(verifyMapProof({ root: replay.mapRoot(), key: index(n), value, proof }), true);
      }
    }),
    { numRuns: 60 },
  );
});

test('an index with thousands of versions has the hash of all its positions, however often it is asked for', () => {
  const replay = new Replay(nodeSha256);
  const often = new Replay(nodeSha256);
  const order = Array.from({ length: 3000 }, (_, at) => (at % 3 === 0 ? 1 : 2));
  leavesOf(order).forEach((leaf, at) => {
    replay.add(leaf);
    often.add(leaf);
    if (at % 7 === 0) often.mapRoot();
  });
  const entries = [1, 2].map((n) => ({
    key: index(n),
    value: positionsHash(order.flatMap((who, at) => (who === n ? [at] : []))),
  }));
  assert.deepEqual(replay.mapRoot(), modelRoot(entries));
  assert.deepEqual(often.mapRoot(), modelRoot(entries));
});

test('a log in which an index begins otherwise, or twice, is not read on', () => {
  const replay = new Replay();
  const [genesis, second] = leavesOf([1, 1]) as [Uint8Array, Uint8Array];
  assert.throws(() => replay.add(second), { code: 'genesis_missing' });
  assert.equal(replay.size, 0);
  assert.equal(replay.add(genesis), 0);
  const root = replay.mapRoot();
  assert.throws(() => replay.add(genesis), { code: 'genesis_twice' });
  assert.throws(() => replay.add(second.subarray(1)), { code: 'leaf_malformed' });
  assert.equal(replay.size, 1);
  assert.deepEqual(replay.mapRoot(), root);
  assert.equal(replay.add(second), 1);
});
