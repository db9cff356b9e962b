import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsInSight } from './rows-in-sight.ts';

const rowPx = 76;

test('whatever one scrolls to, each row in sight is drawn, and never more than forty', () => {
  // Up to a screen of 4K.
  for (const heightPx of [1, 75, 76, 77, 700, 744, 1_384, 2_160]) {
    for (const count of [0, 1, 9, 40, 41, 100_000]) {
      for (let topPx = -200; topPx < 12_000; topPx += 37.3) {
        const { first, end } = rowsInSight({ topPx, heightPx, rowPx, count });
        assert.ok(0 <= first && first <= end && end <= count);
        assert.ok(end - first <= 40, `${end - first} rows`);
        for (let row = Math.max(0, Math.floor(topPx / rowPx)); row < count && row * rowPx < topPx + heightPx; row++)
          assert.ok(first <= row && row < end, `row ${row} is in sight`);
      }
    }
  }
});

test('where the list has no height, nothing is drawn', () => {
  assert.deepEqual(rowsInSight({ topPx: 0, heightPx: 0, rowPx, count: 10 }), { first: 0, end: 0 });
});
