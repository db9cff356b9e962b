import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { arePositions, positionsHash } from './positions.ts';

function reference(positions: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(positions.length * 8);
  positions.forEach((position, at) => bytes.writeBigUInt64BE(BigInt(position), at * 8));
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

test('positions are hashed as 64-bit big-endian numbers', () => {
  for (const positions of [[0], [7], [0, 1, 2], [3, 2 ** 31, 2 ** 32, 2 ** 53 - 1]]) {
    assert.deepEqual(positionsHash(positions), reference(positions));
  }
  const many = Array.from({ length: 65_536 }, (_, at) => at * 3);
  assert.deepEqual(positionsHash(many), reference(many));
});

test('the caller’s SHA-256 is the one that is used', () => {
  assert.deepEqual(
    positionsHash([5], (bytes) => bytes),
    Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 5),
  );
});

test('what is no history has no hash', () => {
  const tooMany = Array.from({ length: 65_537 }, (_, at) => at);
  for (const positions of [[-1], [0.5], [2 ** 53], [Number.NaN], [1, 1], [2, 1], tooMany]) {
    assert.equal(arePositions(positions), false);
    assert.throws(() => positionsHash(positions), { name: 'KeyDirectoryError', code: 'argument_invalid' });
  }
  assert.equal(arePositions([]), true);
  assert.throws(() => positionsHash([]), { code: 'argument_invalid' });
});
