/** The oblivious function (RFC 9497, mode OPRF) over a group of noble's. */
import type { CurvePoint, CurvePointCons } from '@noble/curves/abstract/curve.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { ascii, framed, i2osp } from './primitives.ts';

export interface KeyPair {
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

export interface Oprf {
  blind(input: Uint8Array, blind: Uint8Array): Uint8Array;
  evaluate(key: Uint8Array, element: Uint8Array): Uint8Array;
  finalize(input: Uint8Array, blind: Uint8Array, evaluated: Uint8Array): Uint8Array;
  deriveKeyPair(seed: Uint8Array, info: Uint8Array): KeyPair;
  randomScalar(random: Uint8Array): Uint8Array;
}

interface Hasher<P> {
  hashToCurve(message: Uint8Array, options: { DST: string }): P;
  hashToScalar(message: Uint8Array, options: { DST: string }): bigint;
}

export interface OprfGroup<P extends CurvePoint<unknown, P>> {
  readonly name: string;
  readonly Point: CurvePointCons<P>;
  readonly hasher: Hasher<P>;
  hash(bytes: Uint8Array): Uint8Array;
}

export function oprfOf<P extends CurvePoint<unknown, P>>({ name, Point, hasher, hash }: OprfGroup<P>): Oprf {
  const context = `OPRFV1-\x00-${name}`;
  const multiply = (element: P, scalar: bigint): Uint8Array => element.multiply(scalar).toBytes();
  const elementOf = (bytes: Uint8Array): P => {
    const element = Point.fromBytes(bytes);
    if (element.equals(Point.ZERO)) throw new Error('the identity is no element');
    return element;
  };
  return {
    blind: (input, blind) =>
      multiply(hasher.hashToCurve(input, { DST: `HashToGroup-${context}` }), Point.Fn.fromBytes(blind)),
    evaluate: (key, element) => multiply(elementOf(element), Point.Fn.fromBytes(key)),
    finalize(input, blind, evaluated) {
      const unblinded = multiply(elementOf(evaluated), Point.Fn.inv(Point.Fn.fromBytes(blind)));
      return hash(concatBytes(framed(input), framed(unblinded), ascii('Finalize')));
    },
    deriveKeyPair(seed, info) {
      for (let counter = 0; counter < 256; counter++) {
        const input = concatBytes(seed, framed(info), i2osp(counter, 1));
        const scalar = hasher.hashToScalar(input, { DST: `DeriveKeyPair${context}` });
        if (scalar !== 0n) return { secretKey: Point.Fn.toBytes(scalar), publicKey: multiply(Point.BASE, scalar) };
      }
      throw new Error('no key in 256 tries');
    },
    randomScalar: (random) => Point.Fn.toBytes(hasher.hashToScalar(random, { DST: 'a scalar of this test' })),
  };
}
