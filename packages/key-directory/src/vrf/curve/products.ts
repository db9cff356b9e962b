import { type Addend, addendOf, addTo, copyOf, double, identity, type Point } from './point.ts';

/** Digits −8 to 7 of four bits each, the lowest first, one more than the bytes have. */
function windowsOf(scalar: Uint8Array): Int8Array {
  const digits = new Int8Array(2 * scalar.length + 1);
  let over = 0;
  for (let at = 0; at < 2 * scalar.length; at += 1) {
    const digit = (((scalar[at >> 1] ?? 0) >> (4 * (at & 1))) & 15) + over;
    over = digit >= 8 ? 1 : 0;
    digits[at] = digit - 16 * over;
  }
  digits[2 * scalar.length] = over;
  return digits;
}

/** Multiples 1 to 8 of 16^i · p, for scalars of so many bytes. */
export type FixedTable = readonly (readonly Addend[])[];

/** Costs as much as about five products; with it a product needs no doubling at all. */
export function fixedTable(point: Point, scalarBytes: number): FixedTable {
  const base = copyOf(point);
  return Array.from({ length: 2 * scalarBytes + 1 }, () => {
    const first = addendOf(base);
    const multiples = [first];
    while (multiples.length < 8) {
      addTo(base, first);
      multiples.push(addendOf(base));
    }
    double(base, true);
    return multiples;
  });
}

/** sum = sum + scalar · p, or minus it; the scalar is little-endian and has at most the table's bytes. */
export function addProduct(sum: Point, table: FixedTable, { scalar, isMinus }: FixedProduct): void {
  for (const [at, digit] of windowsOf(scalar).entries()) {
    const multiple = table[at]?.[Math.abs(digit) - 1];
    if (multiple !== undefined) addTo(sum, multiple, digit < 0 !== isMinus);
  }
}

export interface FixedProduct {
  readonly scalar: Uint8Array;
  readonly isMinus: boolean;
}

const NAF_BITS = 5;

/** Odd digits from −15 to 15, each with at least four zeros after it; little-endian scalars below 2^(8 · bytes − 1) or so. */
function nafOf(scalar: Uint8Array): Int8Array {
  const length = 8 * scalar.length;
  const digits = new Int8Array(length + NAF_BITS + 1);
  let over = 0;
  for (let at = 0; at <= length;) {
    const byte = at >> 3;
    const bits = ((scalar[byte] ?? 0) | ((scalar[byte + 1] ?? 0) << 8)) >> (at & 7);
    const window = over + (bits & 31);
    if (window % 2 === 0) {
      at += 1;
      continue;
    }
    over = window > 16 ? 1 : 0;
    digits[at] = window - 32 * over;
    at += NAF_BITS;
  }
  return digits;
}

/** p, 3p, 5p … 15p. */
function oddMultiples(point: Point): readonly Addend[] {
  const sum = copyOf(point);
  const twice = copyOf(point);
  double(twice, true);
  const step = addendOf(twice);
  const multiples = [addendOf(sum)];
  while (multiples.length < 8) {
    addTo(sum, step);
    multiples.push(addendOf(sum));
  }
  return multiples;
}

/** left.scalar · left.point − right.scalar · right.point, with one chain of doublings for both. */
export function differenceOfProducts(left: Product, right: Product): Point {
  const terms = [left, right].map(({ scalar, point }, at) => ({
    naf: nafOf(scalar),
    odd: oddMultiples(point),
    isMinus: at === 1,
  }));
  const sum = identity();
  for (let at = Math.max(...terms.map(({ naf }) => naf.length)) - 1; at >= 0; at -= 1) {
    const added = terms.filter(({ naf }) => (naf[at] ?? 0) !== 0);
    double(sum, added.length > 0);
    for (const { naf, odd, isMinus } of added) {
      const digit = naf[at] ?? 0;
      const multiple = odd[Math.abs(digit) >> 1];
      if (multiple !== undefined) addTo(sum, multiple, digit < 0 !== isMinus);
    }
  }
  return sum;
}

export interface Product {
  readonly point: Point;
  /** Little-endian. */
  readonly scalar: Uint8Array;
}
