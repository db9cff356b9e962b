/** X-Wing and the two halves of its refusals: ML-KEM's modulus check and X25519 points of low order. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import { ml_kem768_x25519 as xwing } from '@noble/post-quantum/hybrid.js';
import type { Corpus, CorpusCase } from '../../src/engine/corpus.ts';
import { littleEndian } from './ed25519-cases.ts';
import { patternBytes } from './pattern-bytes.ts';

const P = 2n ** 255n - 19n;
const Q = 3329;
const MLKEM_KEY_BYTES = 1184;
const MLKEM_CIPHERTEXT_BYTES = 1088;
const EMPTY = new Uint8Array(0);

/** u of the points whose multiples by a clamped scalar are all zero: 0, 1, p − 1, two of order 8, p and p + 1. */
export const LOW_ORDER_U: readonly Uint8Array[] = [
  0n,
  1n,
  P - 1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  P,
  P + 1n,
].map((u) => littleEndian(u));

const SEED = patternBytes('xwing seed', 32);
const { publicKey: PUBLIC_KEY } = xwing.keygen(SEED);

function replaceX25519(bytes: Uint8Array, u: Uint8Array): Uint8Array {
  return concatBytes(bytes.subarray(0, -32), u);
}

/** Sets the 12-bit coefficient `index` of the ML-KEM key. */
function withCoefficient(index: number, value: (before: number) => number): Uint8Array {
  const key = PUBLIC_KEY.slice();
  const at = (index >> 1) * 3;
  const [b0 = 0, b1 = 0, b2 = 0] = key.subarray(at, at + 3);
  if (index % 2 === 0) {
    const next = value(b0 | ((b1 & 15) << 8));
    key.set([next & 255, (b1 & 0xf0) | (next >> 8)], at);
  } else {
    const next = value((b1 >> 4) | (b2 << 4));
    key.set([(b1 & 15) | ((next & 15) << 4), next >> 4], at + 1);
  }
  return key;
}

/** A coefficient below 4096 − q can also be written as itself plus q: the same key to a decoder that does not look. */
function plusModulus(): Uint8Array {
  for (let index = 0; index < 768; index += 1) {
    let fits = false;
    const key = withCoefficient(index, (before) => {
      fits = before + Q < 4096;
      return fits ? before + Q : before;
    });
    if (fits) return key;
  }
  throw new Error('no small coefficient');
}

function encapsulateCases(): CorpusCase[] {
  const cases: readonly (readonly [string, Uint8Array, true | null])[] = [
    ['valid', PUBLIC_KEY, true],
    ['first coefficient q', withCoefficient(0, () => Q), null],
    ['first coefficient q - 1', withCoefficient(0, () => Q - 1), true],
    ['last coefficient q', withCoefficient(767, () => Q), null],
    ['last coefficient 4095', withCoefficient(767, () => 4095), null],
    ['a coefficient plus q', plusModulus(), null],
    ['X25519 half with its highest bit set', PUBLIC_KEY.map((byte, at) => (at === 1215 ? byte | 0x80 : byte)), true],
    ['X25519 half 9 + p', replaceX25519(PUBLIC_KEY, littleEndian(P + 9n)), true],
    ['one byte short', PUBLIC_KEY.subarray(0, -1), null],
    ['one byte long', concatBytes(PUBLIC_KEY, new Uint8Array(1)), null],
    ['ML-KEM half only', PUBLIC_KEY.subarray(0, MLKEM_KEY_BYTES), null],
    ['X25519 half only', PUBLIC_KEY.subarray(MLKEM_KEY_BYTES), null],
    ['empty', EMPTY, null],
  ];
  return [
    ...cases,
    ...LOW_ORDER_U.map(
      (u, index) => [`X25519 half of low order ${index}`, replaceX25519(PUBLIC_KEY, u), null] as const,
    ),
    ...LOW_ORDER_U.map((u, index) => {
      const high = u.map((byte, at) => (at === 31 ? byte | 0x80 : byte));
      return [`X25519 half of low order ${index}, highest bit set`, replaceX25519(PUBLIC_KEY, high), null] as const;
    }),
  ].map(([id, publicKey, expect]) => ({
    id: `to a key: ${id}`,
    action: 'hybridKemEncapsulate',
    input: { publicKey: bytesToHex(publicKey) },
    expect,
  }));
}

function decapsulateCases(): CorpusCase[] {
  const { cipherText } = xwing.encapsulate(PUBLIC_KEY, patternBytes('xwing coins', 64));
  const flip = (at: number): Uint8Array => cipherText.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const high = cipherText.map((byte, at) => (at === 1119 ? byte | 0x80 : byte));
  const opened: readonly (readonly [string, Uint8Array])[] = [
    ['valid', cipherText],
    ['ML-KEM half changed at its start (implicit rejection)', flip(0)],
    ['ML-KEM half changed at its end (implicit rejection)', flip(MLKEM_CIPHERTEXT_BYTES - 1)],
    ['ML-KEM half all zero (implicit rejection)', concatBytes(new Uint8Array(1088), cipherText.subarray(1088))],
    [
      'ML-KEM half all ones (implicit rejection)',
      concatBytes(new Uint8Array(1088).fill(255), cipherText.subarray(1088)),
    ],
    ['X25519 half changed', flip(MLKEM_CIPHERTEXT_BYTES)],
    ['X25519 half with its highest bit set', high],
    ['X25519 half 9', replaceX25519(cipherText, littleEndian(9n))],
    ['X25519 half 9 + p', replaceX25519(cipherText, littleEndian(P + 9n))],
  ];
  const refused: readonly (readonly [string, Uint8Array])[] = [
    ...LOW_ORDER_U.map((u, index) => [`X25519 half of low order ${index}`, replaceX25519(cipherText, u)] as const),
    ['one byte short', cipherText.subarray(0, -1)],
    ['one byte long', concatBytes(cipherText, new Uint8Array(1))],
    ['ML-KEM half only', cipherText.subarray(0, MLKEM_CIPHERTEXT_BYTES)],
    ['empty', EMPTY],
  ];
  const toCase = (id: string, encapsulation: Uint8Array, expect: string | null): CorpusCase => ({
    id: `opening: ${id}`,
    action: 'hybridKemDecapsulate',
    input: { seed: bytesToHex(SEED), encapsulation: bytesToHex(encapsulation) },
    expect,
  });
  return [
    ...opened.map(([id, sent]) => toCase(id, sent, bytesToHex(xwing.decapsulate(sent, SEED)))),
    ...refused.map(([id, sent]) => toCase(id, sent, null)),
  ];
}

export function hybridKemCorpus(): Corpus {
  const keys = [0, 1, 2].flatMap((index): CorpusCase[] => {
    const seed = patternBytes(`xwing key ${index}`, 32);
    const input = { seed: bytesToHex(seed) };
    const expect = bytesToHex(sha256(xwing.keygen(seed).publicKey));
    return [
      { id: `key ${index}, SHA-256 of it`, action: 'hybridKemKey', input, expect },
      { id: `key ${index}, there and back`, action: 'hybridKemRoundTrip', input, expect: true },
    ];
  });
  const short: CorpusCase = {
    id: 'seed of 31 bytes',
    action: 'hybridKemKey',
    input: { seed: '00'.repeat(31) },
    expect: 'throws argument_invalid',
  };
  return { operation: 'mlkem768x25519', cases: [...keys, short, ...encapsulateCases(), ...decapsulateCases()] };
}
