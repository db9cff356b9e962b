import { carry } from './carry.ts';
import { add, isEqual, subtract } from './field.ts';
import { fromInt, type Limbs, P, toInt, zero } from './limbs.ts';
import { multiply } from './multiply.ts';
import { square } from './square.ts';

/** A point of edwards25519 in extended coordinates: x = X/Z, y = Y/Z, X·Y = Z·T. Changed in place by what is done to it. */
export interface Point {
  readonly x: Limbs;
  readonly y: Limbs;
  readonly z: Limbs;
  readonly t: Limbs;
}

/** A point as an addition wants its second operand: Y + X, Y − X, 2Z, 2dT. */
export interface Addend {
  readonly plus: Limbs;
  readonly minus: Limbs;
  readonly twoZ: Limbs;
  readonly twoDT: Limbs;
}

const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
export const CURVE_D: Limbs = fromInt(D);
const TWO_D = fromInt((2n * D) % P);
carry(CURVE_D);
carry(TWO_D);

export function identity(): Point {
  return { x: zero(), y: fromInt(1n), z: fromInt(1n), t: zero() };
}

export function isIdentity({ x, y, z }: Point): boolean {
  return toInt(x) === 0n && isEqual(y, z);
}

export function copyOf({ x, y, z, t }: Point): Point {
  return { x: copied(x), y: copied(y), z: copied(z), t: copied(t) };
}

export function addendOf({ x, y, z, t }: Point): Addend {
  const out = { plus: zero(), minus: zero(), twoZ: zero(), twoDT: zero() };
  add(out.plus, y, x);
  subtract(out.minus, y, x);
  add(out.twoZ, z, z);
  multiply(out.twoDT, t, TWO_D);
  return out;
}

const a = zero();
const b = zero();
const c = zero();
const e = zero();
const f = zero();
const g = zero();
const h = zero();

/** p = 2p. Without T where the next step is another doubling, which does not look at it. */
export function double(p: Point, withT: boolean): void {
  square(a, p.x);
  square(b, p.y);
  square(c, p.z);
  add(e, p.x, p.y);
  square(e, e);
  add(h, a, b);
  subtract(e, h, e);
  subtract(g, a, b);
  add(f, c, c);
  add(f, f, g);
  // E has grown to 3 and F to 4: their product would not be exact (carry.ts).
  carry(f);
  multiply(p.x, e, f);
  multiply(p.y, g, h);
  multiply(p.z, f, g);
  if (withT) multiply(p.t, e, h);
}

/** p = p + q, or p − q. Complete: right for every pair of points of the curve, also of small order (RFC 8032, 5.1.4). */
export function addTo(p: Point, q: Addend, isMinus = false): void {
  subtract(a, p.y, p.x);
  add(b, p.y, p.x);
  multiply(a, a, isMinus ? q.plus : q.minus);
  multiply(b, b, isMinus ? q.minus : q.plus);
  multiply(c, p.t, q.twoDT);
  multiply(h, p.z, q.twoZ);
  subtract(e, b, a);
  if (isMinus) {
    add(f, h, c);
    subtract(g, h, c);
  } else {
    subtract(f, h, c);
    add(g, h, c);
  }
  add(h, b, a);
  multiply(p.x, e, f);
  multiply(p.y, g, h);
  multiply(p.t, e, h);
  multiply(p.z, f, g);
}

function copied(limbs: Limbs): Limbs {
  const out = zero();
  out.set(limbs);
  return out;
}
