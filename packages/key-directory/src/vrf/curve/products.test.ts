import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, hexToBytes, numberToBytesLE } from '@noble/curves/utils.js';
import fc from 'fast-check';
import { addendOf, addTo, copyOf, double, identity, isIdentity, type Point } from './point.ts';
import { decodePoint, encodePoints } from './point-string.ts';
import { addProduct, differenceOfProducts, fixedTable } from './products.ts';

const Reference = ed25519.Point;
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const scalars = fc.oneof(
  fc.constantFrom(0n, 1n, 8n, 15n, 16n, 17n, 31n, Reference.Fn.ORDER - 1n, 2n ** 252n, 2n ** 128n - 1n),
  fc.bigInt({ min: 0n, max: Reference.Fn.ORDER - 1n }),
);
const challenges = fc.oneof(fc.constantFrom(0n, 1n, 2n ** 128n - 1n), fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }));
/** Points of the whole curve, so that some have a part of small order. */
const points = fc
  .tuple(fc.bigInt({ min: 1n, max: Reference.Fn.ORDER - 1n }), fc.constantFrom(...ED25519_TORSION_SUBGROUP))
  .map(([scalar, small]) => Reference.BASE.multiplyUnsafe(scalar).add(Reference.fromHex(small)));

function ours(point: typeof Reference.BASE): Point {
  const decoded = decodePoint(point.toBytes());
  assert.ok(decoded !== null);
  return decoded;
}

function stringOf(point: Point): Uint8Array | undefined {
  return encodePoints([point])[0];
}

/** By doubling and adding alone: the reference takes products of small-order points by the order's rest. */
function timesPlain(point: typeof Reference.BASE, scalar: bigint): typeof Reference.BASE {
  let sum = Reference.ZERO;
  for (let bit = 256n; bit >= 0n; bit -= 1n) {
    sum = sum.double();
    if ((scalar >> bit) & 1n) sum = sum.add(point);
  }
  return sum;
}

test('strings are points where they are the reference’s, and come back', () => {
  const strange = [
    ...ED25519_TORSION_SUBGROUP.map((hex) => hexToBytes(hex)),
    // p, p + 1, and −0: second spellings.
    ...[2n ** 255n - 19n, 2n ** 255n - 18n, 2n ** 255n + 1n, 2n ** 256n - 1n].map((n) => numberToBytesLE(n, 32)),
  ];
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...strange), bytes32), (bytes) => {
      const point = decodePoint(bytes);
      assert.equal(point !== null, isReference(bytes));
      if (point !== null) assert.deepEqual(stringOf(point), bytes);
    }),
    { numRuns: 200 },
  );
  assert.equal(decodePoint(new Uint8Array(31)), null);
  assert.equal(decodePoint(new Uint8Array(33)), null);
});

function isReference(bytes: Uint8Array): boolean {
  try {
    Reference.fromBytes(bytes);
    return true;
  } catch {
    return false;
  }
}

test('sums, differences and doubles are the reference’s, of small order too', () => {
  fc.assert(
    fc.property(points, points, (left, right) => {
      const [sum, difference, twice] = [ours(left), ours(left), ours(left)];
      addTo(sum, addendOf(ours(right)));
      addTo(difference, addendOf(ours(right)), true);
      double(twice, true);
      const own = copyOf(twice);
      addTo(own, addendOf(ours(left)));
      assert.deepEqual(encodePoints([sum, difference, twice, own]), [
        left.add(right).toBytes(),
        left.subtract(right).toBytes(),
        left.double().toBytes(),
        left.double().add(left).toBytes(),
      ]);
    }),
    { numRuns: 40 },
  );
});

test('both ways to a difference of two products give the reference’s', () => {
  fc.assert(
    fc.property(points, points, scalars, challenges, (left, right, s, c) => {
      const expected = timesPlain(left, s).subtract(timesPlain(right, c)).toBytes();
      const [scalar, challenge] = [numberToBytesLE(s, 32), numberToBytesLE(c, 16)];
      const chained = differenceOfProducts({ point: ours(left), scalar }, { point: ours(right), scalar: challenge });
      assert.deepEqual(stringOf(chained), expected);
      const sum = identity();
      addProduct(sum, fixedTable(ours(left), 32), { scalar, isMinus: false });
      addProduct(sum, fixedTable(ours(right), 16), { scalar: challenge, isMinus: true });
      assert.deepEqual(stringOf(sum), expected);
      assert.equal(bytesToNumberLE(scalar), s);
    }),
    { numRuns: 12 },
  );
});

test('only the neutral element is it', () => {
  assert.ok(isIdentity(identity()));
  assert.ok(isIdentity(ours(Reference.ZERO)));
  for (const hex of ED25519_TORSION_SUBGROUP) {
    assert.equal(isIdentity(ours(Reference.fromHex(hex))), Reference.fromHex(hex).is0());
  }
  assert.equal(isIdentity(ours(Reference.BASE)), false);
});
