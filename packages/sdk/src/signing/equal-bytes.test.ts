import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equalBytes } from './equal-bytes.ts';

test('bytes are equal in length and in every place', () => {
  const one = Uint8Array.of(1, 2, 3);
  assert.equal(equalBytes(one, Uint8Array.of(1, 2, 3)), true);
  for (const other of [[], [1, 2], [1, 2, 3, 4], [0, 2, 3], [1, 2, 4]]) {
    assert.equal(equalBytes(one, Uint8Array.from(other)), false);
    assert.equal(equalBytes(Uint8Array.from(other), one), false);
  }
});
