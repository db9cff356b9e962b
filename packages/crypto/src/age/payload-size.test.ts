import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode } from '../../test/streams.ts';
import { chunkCountOf, chunkOffsetOf, payloadSizeOf, plaintextSizeOf } from './payload-size.ts';

const CHUNK = 65_536;

test('sizes at the boundaries of chunks', () => {
  const sizes = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1, 2 ** 30];
  assert.deepEqual(sizes.map(chunkCountOf), [1, 1, 1, 1, 2, 2, 3, 16_384]);
  assert.deepEqual(sizes.map(payloadSizeOf), [32, 33, 65_567, 65_568, 65_585, 131_120, 131_137, 1_074_003_984]);
});

test('a payload size leads back to its plaintext size', () => {
  const nearBoundary = fc
    .tuple(fc.nat(1000), fc.integer({ min: -20, max: 20 }))
    .map(([n, d]) => Math.max(0, n * CHUNK + d));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.maxSafeNat().map((n) => Math.floor(n / 2)),
        nearBoundary,
      ),
      (size) => {
        assert.equal(plaintextSizeOf(payloadSizeOf(size)), size);
      },
    ),
  );
});

test('sizes that no payload has are refused', () => {
  const possible = new Set([0, 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1].map(payloadSizeOf));
  for (const size of [0, 15, 16, 17, 31, 65_569, 65_583, 65_584, 131_121, 131_136]) {
    assert.ok(!possible.has(size));
    assert.throws(() => plaintextSizeOf(size), hasCode('payload_truncated'), String(size));
  }
  assert.equal(plaintextSizeOf(32), 0);
  assert.equal(plaintextSizeOf(33), 1);
  assert.equal(plaintextSizeOf(65_585), CHUNK + 1);
  assert.equal(plaintextSizeOf(131_137), 2 * CHUNK + 1);
});

test('a chunk starts behind the nonce and the chunks before it', () => {
  assert.deepEqual([0, 1, 2, 16_384].map(chunkOffsetOf), [16, 65_568, 131_120, 1_074_003_984]);
});

test('what is no size is refused', () => {
  for (const size of [-1, 0.5, Number.NaN, Infinity, 2 ** 53]) {
    for (const compute of [chunkCountOf, payloadSizeOf, plaintextSizeOf, chunkOffsetOf])
      assert.throws(() => compute(size), hasCode('argument_invalid'));
  }
  assert.throws(() => payloadSizeOf(Number.MAX_SAFE_INTEGER), hasCode('argument_invalid'));
  assert.throws(() => chunkOffsetOf(2 ** 40), hasCode('argument_invalid'));
});
