/**
 * An element of the field of p = 2^255 − 19 as a sum of twelve doubles. Limb i is a multiple of 2^e(i), e(i) = ⌈21.25 · i⌉,
 * so that the limbs overlap nowhere and every product and sum below is exact: no double here ever needs more than its 53
 * bits (docs/decisions/0014). An element has many forms; `toBytes` gives the canonical one.
 */
export interface Limbs extends Float64Array {
  0: number;
  1: number;
  2: number;
  3: number;
  4: number;
  5: number;
  6: number;
  7: number;
  8: number;
  9: number;
  10: number;
  11: number;
}

export const P: bigint = 2n ** 255n - 19n;

/** e(0) to e(12). */
export const EXPONENTS: readonly number[] = [0, 22, 43, 64, 85, 107, 128, 149, 170, 192, 213, 234, 255];

export function zero(): Limbs {
  return new Float64Array(12) as unknown as Limbs;
}

/** Of a number from 0 to 2^255 − 1. */
export function fromInt(value: bigint): Limbs {
  return Float64Array.from({ length: 12 }, (_, at) => {
    const from = EXPONENTS[at] ?? 0;
    const bits = (EXPONENTS[at + 1] ?? 0) - from;
    return Number(BigInt.asUintN(bits, value >> BigInt(from))) * 2 ** from;
  }) as unknown as Limbs;
}

/** The canonical number, from 0 to p − 1. */
export function toInt(limbs: Limbs): bigint {
  const sum = limbs.reduce((total, limb) => total + BigInt(limb), 0n) % P;
  return sum < 0n ? sum + P : sum;
}

/** 2^255 is 19: what stands above the last limb comes back so at the first. */
export const WRAP: number = 19 * 2 ** -255;
