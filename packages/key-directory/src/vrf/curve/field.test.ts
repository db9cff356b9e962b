import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { carry } from './carry.ts';
import { add, inverted, isEqual, negated, power252, subtract } from './field.ts';
import { EXPONENTS, fromInt, type Limbs, P, toInt, zero } from './limbs.ts';
import { multiply } from './multiply.ts';
import { square } from './square.ts';

/** What the limbs say, without any of the code that reads them. */
function exact(limbs: Limbs): bigint {
  return modP(Array.from(limbs, (limb) => BigInt(limb)).reduce((sum, limb) => sum + limb, 0n));
}

function modP(value: bigint): bigint {
  return ((value % P) + P) % P;
}

const edges = [0n, 1n, 18n, 19n, 20n, P - 1n, P, P + 1n, 2n ** 255n - 1n, 2n ** 254n, 2n ** 128n - 1n];
const numbers = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: 2n ** 255n - 1n }));

/** The largest limbs of a growth: a bound of carry.ts, reached in every limb, with any signs. */
function largest(growth: number, signs: number): Limbs {
  return Float64Array.from({ length: 12 }, (_, at) => {
    const unit = 2 ** (EXPONENTS[at] ?? 0);
    const half = 2 ** ((EXPONENTS[at + 1] ?? 0) - 1);
    return ((signs >> at) & 1 ? -1 : 1) * Math.floor((growth * half * (1 + 2 ** -15)) / unit) * unit;
  }) as unknown as Limbs;
}

test('a number is its limbs, whatever its form', () => {
  fc.assert(
    fc.property(numbers, (value) => {
      const limbs = fromInt(value);
      assert.equal(exact(limbs), modP(value));
      assert.equal(toInt(limbs), modP(value));
      carry(limbs);
      assert.equal(exact(limbs), modP(value));
    }),
  );
});

test('sums, differences, products, squares and inverses are those of whole numbers', () => {
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const [left, right, out] = [fromInt(a), fromInt(b), zero()];
      add(out, left, right);
      assert.equal(exact(out), modP(a + b));
      subtract(out, left, right);
      assert.equal(exact(out), modP(a - b));
      assert.equal(exact(negated(left)), modP(-a));
      carry(left);
      carry(right);
      multiply(out, left, right);
      assert.equal(exact(out), modP(a * b));
      square(out, left);
      assert.equal(exact(out), modP(a * a));
      multiply(out, left, inverted(left));
      assert.equal(exact(out), modP(a) === 0n ? 0n : 1n);
      assert.equal(isEqual(left, right), modP(a) === modP(b));
    }),
  );
});

test('an operand may be the result', () => {
  const two = fromInt(2n);
  multiply(two, two, two);
  assert.equal(exact(two), 4n);
  square(two, two);
  assert.equal(exact(two), 16n);
  add(two, two, two);
  subtract(two, two, fromInt(30n));
  assert.equal(exact(two), 2n);
});

test('the power is that of a root', () => {
  let power = 1n;
  for (let bit = 251n; bit >= 0n; bit -= 1n) {
    power = (power * power) % P;
    if (((2n ** 252n - 3n) >> bit) & 1n) power = (power * 12345n) % P;
  }
  assert.equal(exact(power252(fromInt(12345n))), power);
});

test('no product rounds at the largest limbs that are allowed, and carried limbs keep the bound', () => {
  const signs = [0, 0xfff, 0x555, 0xaaa, 0x001, 0x800, 0x0f0];
  for (const [g, h] of [
    [1, 9],
    [3, 3],
    [2, 4],
  ] as const) {
    for (const one of signs) {
      for (const other of signs) {
        const [left, right, out] = [largest(g, one), largest(h, other), zero()];
        multiply(out, left, right);
        assert.equal(exact(out), modP(exact(left) * exact(right)));
        for (const [at, limb] of out.entries()) {
          assert.ok(Math.abs(limb) <= 2 ** ((EXPONENTS[at + 1] ?? 0) - 1) * (1 + 2 ** -15), `limb ${at}`);
        }
      }
      const [squared, base] = [zero(), largest(3, one)];
      square(squared, base);
      assert.equal(exact(squared), modP(exact(base) ** 2n));
    }
  }
});
