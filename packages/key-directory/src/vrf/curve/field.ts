import { type Limbs, toInt, zero } from './limbs.ts';
import { multiply } from './multiply.ts';
import { square } from './square.ts';

/** out = a + b. */
export function add(out: Limbs, a: Limbs, b: Limbs): void {
  out[0] = a[0] + b[0];
  out[1] = a[1] + b[1];
  out[2] = a[2] + b[2];
  out[3] = a[3] + b[3];
  out[4] = a[4] + b[4];
  out[5] = a[5] + b[5];
  out[6] = a[6] + b[6];
  out[7] = a[7] + b[7];
  out[8] = a[8] + b[8];
  out[9] = a[9] + b[9];
  out[10] = a[10] + b[10];
  out[11] = a[11] + b[11];
}

/** out = a − b. */
export function subtract(out: Limbs, a: Limbs, b: Limbs): void {
  out[0] = a[0] - b[0];
  out[1] = a[1] - b[1];
  out[2] = a[2] - b[2];
  out[3] = a[3] - b[3];
  out[4] = a[4] - b[4];
  out[5] = a[5] - b[5];
  out[6] = a[6] - b[6];
  out[7] = a[7] - b[7];
  out[8] = a[8] - b[8];
  out[9] = a[9] - b[9];
  out[10] = a[10] - b[10];
  out[11] = a[11] - b[11];
}

/** −a, as a new element. */
export function negated(a: Limbs): Limbs {
  const out = zero();
  subtract(out, out, a);
  return out;
}

export function isEqual(a: Limbs, b: Limbs): boolean {
  const difference = zero();
  subtract(difference, a, b);
  return toInt(difference) === 0n;
}

/** a^(2^252 − 3), which is a^((p − 5) / 8): half of a square root. */
export function power252(a: Limbs): Limbs {
  const out = power250(a);
  squareTimes(out, 2);
  multiply(out, out, a);
  return out;
}

/** a^(p − 2): 1 / a, and 0 of 0. */
export function inverted(a: Limbs): Limbs {
  const out = power250(a);
  squareTimes(out, 5);
  const eleven = zero();
  square(eleven, a);
  squareTimes(eleven, 2);
  multiply(eleven, eleven, a);
  const two = zero();
  square(two, a);
  multiply(eleven, eleven, two);
  multiply(out, out, eleven);
  return out;
}

/** a^(2^250 − 1), by doubling the number of ones in the exponent. */
function power250(a: Limbs): Limbs {
  const ones5 = joined(joined(joined(joined(a, 1, a), 1, a), 1, a), 1, a);
  const ones10 = joined(ones5, 5, ones5);
  const ones20 = joined(ones10, 10, ones10);
  const ones40 = joined(ones20, 20, ones20);
  const ones50 = joined(ones40, 10, ones10);
  const ones100 = joined(ones50, 50, ones50);
  const ones200 = joined(ones100, 100, ones100);
  return joined(ones200, 50, ones50);
}

/** a^(2^times) · b. */
function joined(a: Limbs, times: number, b: Limbs): Limbs {
  const out = zero();
  out.set(a);
  squareTimes(out, times);
  multiply(out, out, b);
  return out;
}

function squareTimes(a: Limbs, times: number): void {
  for (let time = 0; time < times; time += 1) square(a, a);
}
