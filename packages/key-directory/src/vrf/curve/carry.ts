import { WRAP, type Limbs } from './limbs.ts';

// Adding and taking away 1.5 · 2^(52 + e) rounds a double to a multiple of 2^e: the last bit that is left has this weight.
const ROUND_0 = 1.5 * 2 ** 74;
const ROUND_1 = 1.5 * 2 ** 95;
const ROUND_2 = 1.5 * 2 ** 116;
const ROUND_3 = 1.5 * 2 ** 137;
const ROUND_4 = 1.5 * 2 ** 159;
const ROUND_5 = 1.5 * 2 ** 180;
const ROUND_6 = 1.5 * 2 ** 201;
const ROUND_7 = 1.5 * 2 ** 222;
const ROUND_8 = 1.5 * 2 ** 244;
const ROUND_9 = 1.5 * 2 ** 265;
const ROUND_10 = 1.5 * 2 ** 286;
const ROUND_11 = 1.5 * 2 ** 307;

/**
 * Gives each limb's upper part to the next one. Afterwards limb i is at most 2^(e(i+1) − 1) · (1 + 2^-15), which is called
 * a growth of 1; a sum or a difference has the sum of both growths.
 *
 * A product's limb is a sum of twelve products of at most 2^42 · g · h of its own unit, of which eleven may be taken
 * nineteen times (the last limb's carry comes back as 19 times 2^0): below 2^49.8 · g · h, exact as long as g · h ≤ 9.
 * Two chains at once, because each step waits for the one before.
 */
export function carry(a: Limbs): void {
  let a0 = a[0];
  let a1 = a[1];
  let a2 = a[2];
  let a3 = a[3];
  let a4 = a[4];
  let a5 = a[5];
  let a6 = a[6];
  let a7 = a[7];
  let a8 = a[8];
  let a9 = a[9];
  let a10 = a[10];
  let a11 = a[11];
  let one = a0 + ROUND_0 - ROUND_0;
  let two = a6 + ROUND_6 - ROUND_6;
  a0 -= one;
  a6 -= two;
  a1 += one;
  a7 += two;
  one = a1 + ROUND_1 - ROUND_1;
  two = a7 + ROUND_7 - ROUND_7;
  a1 -= one;
  a7 -= two;
  a2 += one;
  a8 += two;
  one = a2 + ROUND_2 - ROUND_2;
  two = a8 + ROUND_8 - ROUND_8;
  a2 -= one;
  a8 -= two;
  a3 += one;
  a9 += two;
  one = a3 + ROUND_3 - ROUND_3;
  two = a9 + ROUND_9 - ROUND_9;
  a3 -= one;
  a9 -= two;
  a4 += one;
  a10 += two;
  one = a4 + ROUND_4 - ROUND_4;
  two = a10 + ROUND_10 - ROUND_10;
  a4 -= one;
  a10 -= two;
  a5 += one;
  a11 += two;
  one = a5 + ROUND_5 - ROUND_5;
  two = a11 + ROUND_11 - ROUND_11;
  a5 -= one;
  a11 -= two;
  a6 += one;
  a0 += two * WRAP;
  one = a6 + ROUND_6 - ROUND_6;
  two = a0 + ROUND_0 - ROUND_0;
  a[0] = a0 - two;
  a[1] = a1 + two;
  a[2] = a2;
  a[3] = a3;
  a[4] = a4;
  a[5] = a5;
  a[6] = a6 - one;
  a[7] = a7 + one;
  a[8] = a8;
  a[9] = a9;
  a[10] = a10;
  a[11] = a11;
}
