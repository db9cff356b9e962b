import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moveTip, type SpaceMark, thinPlaces } from './marks.ts';
import type { TreePlace } from './log-tree.ts';

const placeAt = (size: number): TreePlace => ({ size, peaks: new Uint8Array(0) });

test('of many old places few are kept, and none is far from the next', () => {
  let past: readonly TreePlace[] = [];
  const steps = [1, 3, 2, 7, 1, 1, 5];
  let tip = 0;
  for (let step = 0; step < 3_000; step += 1) {
    const before = tip;
    tip += steps[step % steps.length] ?? 1;
    past = thinPlaces(tip, [placeAt(before), ...past]);
    assert.ok(past.length <= Math.log2(tip) + 1, `${past.length} places at ${tip}`);
    const sizes = [tip, ...past.map(({ size }) => size), 0];
    for (const [index, size] of sizes.slice(1).entries()) {
      const newer = sizes[index] ?? 0;
      assert.ok(size < newer, 'newest first, none twice, none at the tip');
      // What may have to be fetched again for a head between the two.
      assert.ok(newer - size <= (4 * (tip - size)) / 2 + 8, `${size} to ${newer} at ${tip}`);
    }
  }
  assert.ok(past.length > 5);
});

test('the tip moves forward only, and takes the own head over', () => {
  const own = new Uint8Array(16).fill(1);
  const root = new Uint8Array(32);
  const head = { device: own, size: 5, root, counter: 3, hour: 9 };
  const other = { device: new Uint8Array(16).fill(2), size: 4, root, counter: 8, hour: 9, checked: false };
  const mark: SpaceMark = {
    tip: placeAt(4),
    past: [placeAt(2)],
    heads: [{ ...head, size: 2, counter: 2, checked: true }, other],
    counter: 2,
    refetch: false,
  };
  const moved = moveTip(mark, placeAt(5), head);
  assert.deepEqual(moved, {
    tip: placeAt(5),
    past: [placeAt(4), placeAt(2)],
    heads: [other, { ...head, checked: true }],
    counter: 3,
    refetch: false,
  });
  const further = { ...mark, tip: placeAt(9), counter: 7 };
  const kept = moveTip(further, placeAt(5), head);
  assert.deepEqual([kept.tip, kept.counter], [placeAt(9), 7]);
});
