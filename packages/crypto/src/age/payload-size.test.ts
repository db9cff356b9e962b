import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ageVectors } from '../../test/age-vectors.ts';
import { hasCode } from '../../test/streams.ts';
import { chunkCountOf, chunkOffsetOf, payloadSizeOf, plaintextSizeOf } from './payload-size.ts';

const CHUNK = 65_536;

const { accept, reject } = ageVectors('sizes');

test('sizes at the boundaries of chunks', () => {
  const found = accept.map(({ plaintext }) => ({
    plaintext,
    payload: payloadSizeOf(plaintext),
    chunks: chunkCountOf(plaintext),
  }));
  assert.deepEqual(found, accept);
  for (const { plaintext, payload } of accept) assert.equal(plaintextSizeOf(payload), plaintext);
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
  for (const size of reject) assert.throws(() => plaintextSizeOf(size), hasCode('payload_truncated'), String(size));
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
