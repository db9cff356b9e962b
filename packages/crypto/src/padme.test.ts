import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { paddedBodyBytes, paddedRecordBytes, padmeBytes } from './padme.ts';

/** The rule once more, with integers of any size and no rounding. */
function padmeByTheBook(length: bigint): bigint {
  if (length < 2n) return length;
  const exponent = BigInt(length.toString(2).length - 1);
  const digits = BigInt(exponent.toString(2).length);
  const mask = (1n << (exponent - digits)) - 1n;
  return (length + mask) & ~mask;
}

const lengths = fc.oneof(
  fc.nat(100_000),
  fc.maxSafeNat().map((length) => length % 2 ** 52),
  fc.tuple(fc.nat(51), fc.integer({ min: -2, max: 2 })).map(([power, near]) => Math.max(0, 2 ** power + near)),
);

test('every length up to 20,000 is padded by the book', () => {
  for (let length = 0; length <= 20_000; length += 1)
    assert.equal(padmeBytes(length), Number(padmeByTheBook(BigInt(length))));
});

test('padding is by the book, never shorter, at most 12 % longer, settled after once, and keeps the order', () => {
  fc.assert(
    fc.property(lengths, lengths, (one, other) => {
      const padded = padmeBytes(one);
      assert.equal(padded, Number(padmeByTheBook(BigInt(one))));
      assert.ok(padded >= one && padded <= one * 1.12);
      assert.equal(padmeBytes(padded), padded);
      if (one <= other) assert.ok(padded <= padmeBytes(other));
    }),
    { numRuns: 2000 },
  );
});

test('few lengths are left: under 2,000 for everything up to 2^52', () => {
  let seen = 0;
  for (let length = 0; length < 2 ** 52; seen += 1) length = padmeBytes(length + 1);
  assert.ok(seen < 2000, `${seen} lengths`);
});

test('bodies and records keep their floors and are padded by Padmé above them', () => {
  fc.assert(
    fc.property(lengths, (length) => {
      assert.equal(paddedBodyBytes(length), length <= 4096 ? 4096 : padmeBytes(length));
      const step = [256, 1024, 4096, 16384].find((size) => length <= size);
      assert.equal(paddedRecordBytes(length), step ?? padmeBytes(length));
    }),
  );
});

test('what is out of range is named', () => {
  for (const pad of [padmeBytes, paddedBodyBytes, paddedRecordBytes]) {
    assert.throws(() => pad(-1), { message: 'length must be a whole number from 0 to 4503599627370496' });
  }
});
