import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { carry } from './carry.ts';
import { add, inverted, isEqual, negated, power252, subtract } from './field.ts';
import { fromInt, type Limbs, P, toInt, zero } from './limbs.ts';
import { multiply } from './multiply.ts';
import { CURVE_D, type Point } from './point.ts';
import { square } from './square.ts';

const ONE = fromInt(1n);
/** 2^((p − 1) / 4), a square root of −1. */
const SQRT_MINUS_1 = fromInt(19681161376707505956807079304988542015446066515923890162744021073123829784752n);
carry(SQRT_MINUS_1);
const SIGN = 1n << 255n;

/** RFC 8032, section 5.1.3, canonical forms alone; null for what is no point. */
export function decodePoint(bytes: Uint8Array): Point | null {
  if (bytes.length !== 32) return null;
  const number = bytesToNumberLE(bytes);
  const isOdd = number >= SIGN;
  const yNumber = isOdd ? number - SIGN : number;
  if (yNumber >= P) return null;
  const y = fromInt(yNumber);
  carry(y);
  const ySquared = zero();
  square(ySquared, y);
  const u = zero();
  const v = zero();
  subtract(u, ySquared, ONE);
  multiply(v, ySquared, CURVE_D);
  add(v, v, ONE);
  const root = rootOfRatio(u, v);
  if (root === null) return null;
  const xNumber = toInt(root);
  if (xNumber === 0n && isOdd) return null;
  const x = ((xNumber & 1n) === 1n) === isOdd ? root : negated(root);
  const t = zero();
  multiply(t, x, y);
  return { x, y, z: fromInt(1n), t };
}

/** A square root of u / v; null where it has none. */
function rootOfRatio(u: Limbs, v: Limbs): Limbs | null {
  const uv3 = zero();
  const power = zero();
  square(power, v);
  multiply(uv3, power, v);
  multiply(uv3, uv3, u);
  square(power, power);
  multiply(power, power, uv3);
  const root = power252(power);
  multiply(root, root, uv3);
  const check = zero();
  square(check, root);
  multiply(check, check, v);
  if (isEqual(check, u)) return root;
  if (!isEqual(check, negated(u))) return null;
  multiply(root, root, SQRT_MINUS_1);
  return root;
}

/** RFC 8032, section 5.1.2, of several points with one inversion for all of them. */
export function encodePoints(points: readonly Point[]): Uint8Array[] {
  const before: Limbs[] = [];
  let product = ONE;
  for (const { z } of points) {
    before.push(product);
    const next = zero();
    multiply(next, product, z);
    product = next;
  }
  const inverse = inverted(product);
  const strings: Uint8Array[] = [];
  for (const [at, { x, y, z }] of [...points.entries()].toReversed()) {
    const oneOverZ = zero();
    multiply(oneOverZ, inverse, before[at] ?? ONE);
    multiply(inverse, inverse, z);
    strings.push(encoded(x, y, oneOverZ));
  }
  return strings.toReversed();
}

function encoded(x: Limbs, y: Limbs, oneOverZ: Limbs): Uint8Array {
  const affine = zero();
  multiply(affine, x, oneOverZ);
  const sign = (toInt(affine) & 1n) === 1n ? SIGN : 0n;
  multiply(affine, y, oneOverZ);
  return numberToBytesLE(toInt(affine) + sign, 32);
}
