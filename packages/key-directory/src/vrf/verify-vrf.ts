import { sameBytes } from '../byte-fields.ts';
import { KeyDirectoryError } from '../errors.ts';
import { copyOf, double, identity, isIdentity, type Point } from './curve/point.ts';
import { decodePoint, encodePoints } from './curve/point-string.ts';
import { addProduct, differenceOfProducts, fixedTable, type FixedTable } from './curve/products.ts';
import { KeptOutputs } from './kept-outputs.ts';
import {
  CHALLENGE_BYTES,
  challenge,
  curveCandidate,
  MAX_TRIES,
  outputOf,
  Point as ReferencePoint,
  stringToInt,
  VRF_PROOF_BYTES,
} from './suite.ts';

/** A VRF key that was validated, with the last proofs that were found good. Made by `vrfVerifier` only. */
export interface VrfVerifier {
  readonly publicKey: Uint8Array;
  /** The 64 bytes of output that the proof proves for the input, or null where it proves nothing. */
  verify(input: Uint8Array, proof: Uint8Array): Uint8Array | null;
}

/**
 * A verifier for a key, after full key validation (RFC 9381, section 5.4.5): a key of small order would let its owner
 * prove the output of one input for all.
 * @throws KeyDirectoryError `argument_invalid` for what is no valid key
 */
export function vrfVerifier(publicKey: Uint8Array): VrfVerifier {
  const y = validKey(publicKey);
  if (y === null) throw new KeyDirectoryError('argument_invalid', 'this is no valid VRF key');
  const key = publicKey.slice();
  const kept = new KeptOutputs(MOST_KEPT);
  let verified = 0;
  let tables: Tables | null = null;
  return {
    publicKey: key,
    verify(input, proof) {
      const known = kept.get(input, proof);
      if (known !== null) return known;
      if (++verified === TABLES_FROM) tables = { base: baseTable(), key: fixedTable(y, CHALLENGE_BYTES) };
      const output = verifyWithKey({ key, y, tables }, input, proof);
      if (output !== null) kept.keep(input, proof, output);
      return output;
    },
  };
}

/** Tables of the two points that are the same in every proof cost as much as some ten proofs. */
const TABLES_FROM = 16;

/** A proof that was good stays good: whoever is written to again costs no second look. */
const MOST_KEPT = 1_024;

const SCALAR_BYTES = 32;
const BASE = decoded(ReferencePoint.BASE.toBytes());
let keptBaseTable: FixedTable | null = null;

function baseTable(): FixedTable {
  return (keptBaseTable ??= fixedTable(BASE, SCALAR_BYTES));
}

function decoded(bytes: Uint8Array): Point {
  const point = decodePoint(bytes);
  if (point === null) throw new KeyDirectoryError('argument_invalid', 'this is no point');
  return point;
}

interface Tables {
  readonly base: FixedTable;
  readonly key: FixedTable;
}

interface Key {
  readonly key: Uint8Array;
  readonly y: Point;
  readonly tables: Tables | null;
}

/**
 * ECVRF_verify with key validation (RFC 9381, section 5.3): the 64 bytes of output, or null for an invalid key or a
 * proof that does not verify.
 */
export function verifyVrf(publicKey: Uint8Array, input: Uint8Array, proof: Uint8Array): Uint8Array | null {
  const y = validKey(publicKey);
  return y === null ? null : verifyWithKey({ key: publicKey, y, tables: null }, input, proof);
}

/** ECVRF_validate_key: a point in its canonical form, and not one of the eight of small order. */
function validKey(publicKey: Uint8Array): Point | null {
  const y = decodePoint(publicKey);
  return y === null || isIdentity(withoutCofactor(y)) ? null : y;
}

function verifyWithKey({ key, y, tables }: Key, input: Uint8Array, proof: Uint8Array): Uint8Array | null {
  if (proof.length !== VRF_PROOF_BYTES) return null;
  const gamma = decodePoint(proof.subarray(0, 32));
  const c = proof.subarray(32, 32 + CHALLENGE_BYTES);
  const s = proof.subarray(32 + CHALLENGE_BYTES);
  if (gamma === null || stringToInt(s) >= ReferencePoint.Fn.ORDER) return null;
  const h = encodeToCurve(key, input);
  if (h === null) return null;
  // Everything here is public, and takes the time it takes.
  const u = differenceWithKey({ y, tables }, s, c);
  const v = differenceOfProducts({ point: h, scalar: s }, { point: gamma, scalar: c });
  const [hString, uString, vString, cleared] = encodePoints([h, u, v, withoutCofactor(gamma)]) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const expected = challenge([key, hString, proof.subarray(0, 32), uString, vString]);
  return sameBytes(c, expected) ? outputOf(cleared) : null;
}

/** s · B − c · Y. */
function differenceWithKey({ y, tables }: Pick<Key, 'y' | 'tables'>, s: Uint8Array, c: Uint8Array): Point {
  if (tables === null) return differenceOfProducts({ point: BASE, scalar: s }, { point: y, scalar: c });
  const sum = identity();
  addProduct(sum, tables.base, { scalar: s, isMinus: false });
  addProduct(sum, tables.key, { scalar: c, isMinus: true });
  return sum;
}

/** ECVRF_encode_to_curve_try_and_increment, as in suite.ts. */
function encodeToCurve(key: Uint8Array, alpha: Uint8Array): Point | null {
  for (let counter = 0; counter < MAX_TRIES; counter += 1) {
    const point = decodePoint(curveCandidate(key, alpha, counter));
    if (point === null) continue;
    const cleared = withoutCofactor(point);
    if (!isIdentity(cleared)) return cleared;
  }
  return null;
}

/** 8 · point. */
function withoutCofactor(point: Point): Point {
  const out = copyOf(point);
  double(out, false);
  double(out, false);
  double(out, true);
  return out;
}
