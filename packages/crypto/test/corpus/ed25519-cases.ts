/** Ed25519: what strict verification takes and refuses, built point by point. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import type { Corpus, CorpusCase } from '../../src/engine/corpus.ts';
import { ed25519RfcCases } from './ed25519-rfc-cases.ts';
import { patternBytes } from './pattern-bytes.ts';

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const Point = ed25519.Point;
type Point = typeof Point.BASE;

export function littleEndian(value: bigint, lengthBytes = 32): Uint8Array {
  const bytes = new Uint8Array(lengthBytes);
  for (let at = 0, rest = value; at < lengthBytes; at += 1, rest >>= 8n) bytes[at] = Number(rest & 0xffn);
  return bytes;
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function challenge(encodedR: Uint8Array, encodedA: Uint8Array, message: Uint8Array): bigint {
  return fromLittleEndian(sha512(concatBytes(encodedR, encodedA, message))) % L;
}

/** A point of order 8, and with it all eight of small order. */
const ORDER_8 = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');
const SMALL_ORDER: readonly Point[] = Array.from({ length: 8 }, (_, times) =>
  times === 0 ? Point.ZERO : ORDER_8.multiplyUnsafe(BigInt(times)),
);

interface SmallOrderEncoding {
  readonly name: string;
  readonly point: Point;
  readonly bytes: Uint8Array;
}

/** Eight canonical encodings and six that a lax decoder takes: y + p where that fits, and a sign bit where x = 0. */
export const SMALL_ORDER_ENCODINGS: readonly SmallOrderEncoding[] = [
  ...SMALL_ORDER.map((point, times) => ({ name: `${times}·T`, point, bytes: point.toBytes() })),
  ...[
    { name: '0·T with sign', y: 1n, sign: 1 },
    { name: '4·T with sign', y: P - 1n, sign: 1 },
    { name: '0·T as p+1', y: P + 1n, sign: 0 },
    { name: '0·T as p+1 with sign', y: P + 1n, sign: 1 },
    { name: 'order 4 as p', y: P, sign: 0 },
    { name: 'order 4 as p with sign', y: P, sign: 1 },
  ].map(({ name, y, sign }) => {
    const bytes = littleEndian(y + (BigInt(sign) << 255n));
    return { name, point: Point.fromBytes(bytes, true), bytes };
  }),
];

const SCALAR_A = fromLittleEndian(patternBytes('ed25519 a', 32)) % L;
const SCALAR_R = fromLittleEndian(patternBytes('ed25519 r', 32)) % L;
const A = Point.BASE.multiply(SCALAR_A);
const R = Point.BASE.multiply(SCALAR_R);

interface Attempt {
  readonly id: string;
  readonly encodedA: Uint8Array;
  readonly encodedR: Uint8Array;
  /** Which challenges to look for. */
  readonly wanted: (k: bigint) => boolean;
  readonly s: (k: bigint) => bigint;
  readonly expect: boolean;
}

/** Counts messages up until the challenge fits. */
function grind({ id, encodedA, encodedR, wanted, s, expect }: Attempt): CorpusCase {
  for (let counter = 0; counter < 4096; counter += 1) {
    const message = littleEndian(BigInt(counter), 2);
    const k = challenge(encodedR, encodedA, message);
    if (wanted(k)) return verifyCase(id, { a: encodedA, message, r: encodedR, s: littleEndian(s(k) % L) }, expect);
  }
  throw new Error(`no message found for ${id}`);
}

interface Parts {
  readonly a: Uint8Array;
  readonly message: Uint8Array;
  readonly r: Uint8Array;
  readonly s: Uint8Array;
}

function verifyCase(id: string, { a, message, r, s }: Parts, expect: boolean): CorpusCase {
  const input = { publicKey: bytesToHex(a), message: bytesToHex(message), signature: bytesToHex(concatBytes(r, s)) };
  return { id, action: 'ed25519Verify', input, expect };
}

function holds(points: { a: Point; r: Point; s: bigint }, k: bigint): boolean {
  return Point.BASE.multiplyUnsafe(points.s).equals(points.r.add(points.a.multiplyUnsafe(k)));
}

function smallOrderCases(): CorpusCase[] {
  const cases: CorpusCase[] = [];
  for (const small of SMALL_ORDER_ENCODINGS) {
    cases.push(
      grind({
        id: `A of small order, ${small.name}; the equation holds`,
        encodedA: small.bytes,
        encodedR: R.toBytes(),
        wanted: (k) => holds({ a: small.point, r: R, s: SCALAR_R }, k),
        s: () => SCALAR_R,
        expect: false,
      }),
    );
    const mixed = A.add(small.point);
    cases.push(
      grind({
        id: `R of small order, ${small.name}; the equation holds`,
        encodedA: mixed.toBytes(),
        encodedR: small.bytes,
        wanted: (k) => k !== 0n && holds({ a: mixed, r: small.point, s: (k * SCALAR_A) % L }, k),
        s: (k) => k * SCALAR_A,
        expect: false,
      }),
    );
    for (const other of SMALL_ORDER_ENCODINGS) {
      // Where no message makes the equation hold, the one with the cofactor still does.
      const possible = Array.from({ length: 8 }, (_, k) => BigInt(k + 8)).some((k) =>
        holds({ a: small.point, r: other.point, s: 0n }, k),
      );
      cases.push(
        grind({
          id: `A ${small.name} and R ${other.name}, S = 0; ${possible ? 'the equation holds' : 'only with cofactor'}`,
          encodedA: small.bytes,
          encodedR: other.bytes,
          wanted: (k) => !possible || holds({ a: small.point, r: other.point, s: 0n }, k),
          s: () => 0n,
          expect: false,
        }),
      );
    }
  }
  return cases;
}

function mixedOrderCases(): CorpusCase[] {
  const cases: CorpusCase[] = [];
  for (const [times, torsion] of SMALL_ORDER.entries()) {
    if (times === 0) continue;
    const a = A.add(torsion);
    const r = R.add(torsion);
    const common = { s: (k: bigint) => SCALAR_R + k * SCALAR_A };
    const whole = (points: { a: Point; r: Point }) => (k: bigint) =>
      holds({ ...points, s: (SCALAR_R + k * SCALAR_A) % L }, k);
    const lax = (points: { a: Point; r: Point }) => (k: bigint) => !whole(points)(k);
    const encoded = { encodedA: a.toBytes(), encodedR: R.toBytes() };
    const both = { encodedA: a.toBytes(), encodedR: r.toBytes() };
    cases.push(
      grind({ ...common, ...encoded, id: `A + ${times}·T, torsion cancels`, wanted: whole({ a, r: R }), expect: true }),
      grind({
        ...common,
        ...encoded,
        id: `A + ${times}·T, only with cofactor`,
        wanted: lax({ a, r: R }),
        expect: false,
      }),
      grind({ ...common, ...both, id: `A and R + ${times}·T, torsion cancels`, wanted: whole({ a, r }), expect: true }),
      grind({
        ...common,
        ...both,
        id: `A and R + ${times}·T, only with cofactor`,
        wanted: lax({ a, r }),
        expect: false,
      }),
      grind({
        ...common,
        id: `R + ${times}·T, only with cofactor`,
        encodedA: A.toBytes(),
        encodedR: r.toBytes(),
        wanted: () => true,
        expect: false,
      }),
    );
  }
  return cases;
}

function changedCases(): CorpusCase[] {
  const message = patternBytes('ed25519 message', 40);
  const r = R.toBytes();
  const a = A.toBytes();
  const sNumber = (SCALAR_R + challenge(r, a, message) * SCALAR_A) % L;
  const s = littleEndian(sNumber);
  const good: Parts = { a, message, r, s };
  const flip = (bytes: Uint8Array, at: number, bit = 1): Uint8Array =>
    bytes.map((byte, index) => (index === at ? byte ^ bit : byte));
  const notOnCurve = littleEndian(2n);
  const hugeY = littleEndian(P + 3n);
  const cases: readonly (readonly [string, Partial<Parts>, boolean])[] = [
    ['valid', {}, true],
    ['S + L', { s: littleEndian(sNumber + L) }, false],
    ['S + 2L', { s: littleEndian(sNumber + 2n * L) }, false],
    ['S + 8L', { s: littleEndian(sNumber + 8n * L) }, false],
    ['S with its highest bit set', { s: flip(s, 31, 0x80) }, false],
    ['S with bit 253 set', { s: flip(s, 31, 0x20) }, false],
    ['S = L', { s: littleEndian(L) }, false],
    ['S = L - 1', { s: littleEndian(L - 1n) }, false],
    ['S + 1', { s: littleEndian(sNumber + 1n) }, false],
    ['S = 0', { s: littleEndian(0n) }, false],
    ['sign of R', { r: flip(r, 31, 0x80) }, false],
    ['first bit of R', { r: flip(r, 0) }, false],
    ['R not on the curve', { r: notOnCurve }, false],
    ['R with y = p + 3', { r: hugeY }, false],
    ['R all ones', { r: new Uint8Array(32).fill(255) }, false],
    ['sign of A', { a: flip(a, 31, 0x80) }, false],
    ['A not on the curve', { a: notOnCurve }, false],
    ['A with y = p + 3', { a: hugeY }, false],
    ['A all ones', { a: new Uint8Array(32).fill(255) }, false],
    ['A and R negated', { a: A.negate().toBytes(), r: R.negate().toBytes() }, false],
    ['first bit of the message', { message: flip(message, 0) }, false],
    ['message one byte shorter', { message: message.subarray(1) }, false],
    ['message empty', { message: new Uint8Array(0) }, false],
    ['A of 31 bytes', { a: a.subarray(1) }, false],
    ['A of 33 bytes', { a: concatBytes(a, littleEndian(0n, 1)) }, false],
    ['A empty', { a: new Uint8Array(0) }, false],
    ['signature of 63 bytes', { s: s.subarray(0, 31) }, false],
    ['signature of 65 bytes', { s: concatBytes(s, littleEndian(0n, 1)) }, false],
    ['signature empty', { r: new Uint8Array(0), s: new Uint8Array(0) }, false],
  ];
  return cases.map(([id, change, expect]) => verifyCase(id, { ...good, ...change }, expect));
}

function lengthCases(): CorpusCase[] {
  const cases: CorpusCase[] = [];
  for (const lengthBytes of [1, 63, 64, 65, 127, 128, 129, 1023, 4096]) {
    const seed = patternBytes(`ed25519 seed ${lengthBytes}`, 32);
    const message = patternBytes(`ed25519 message ${lengthBytes}`, lengthBytes);
    const signature = ed25519.sign(message, seed);
    const input = { seed: bytesToHex(seed), message: bytesToHex(message) };
    const id = `message of ${lengthBytes} bytes`;
    cases.push({ id: `${id}, sign`, action: 'ed25519Sign', input, expect: bytesToHex(signature) });
    const parts = { a: ed25519.getPublicKey(seed), message, r: signature.subarray(0, 32), s: signature.subarray(32) };
    cases.push(verifyCase(`${id}, verify`, parts, true));
  }
  const short = { seed: '00'.repeat(31) };
  cases.push({ id: 'seed of 31 bytes', action: 'ed25519Key', input: short, expect: 'throws argument_invalid' });
  return cases;
}

export function ed25519Corpus(): Corpus {
  return {
    operation: 'ed25519',
    cases: [...ed25519RfcCases(), ...lengthCases(), ...changedCases(), ...mixedOrderCases(), ...smallOrderCases()],
  };
}
