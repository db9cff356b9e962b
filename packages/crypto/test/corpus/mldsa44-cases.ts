/** ML-DSA-44 (FIPS 204), pure, empty context: lengths, ranges, the hint's one encoding, and other modes refused. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js';
import type { Corpus, CorpusCase } from '../../src/engine/corpus.ts';
import { patternBytes } from './pattern-bytes.ts';

const CHALLENGE_BYTES = 32;
const Z_BYTES = 4 * 576;
const HINT_AT = CHALLENGE_BYTES + Z_BYTES;
const OMEGA = 80;
const EMPTY = new Uint8Array(0);

const SEED = patternBytes('mldsa44 seed', 32);
const KEY = ml_dsa44.keygen(SEED);
const MESSAGE = patternBytes('mldsa44 message', 40);
const SIGNATURE = ml_dsa44.sign(MESSAGE, KEY.secretKey, { extraEntropy: false });

/** How many hints each of the four polynomials has, added up: the last four bytes. */
function hintEnds(signature: Uint8Array): readonly number[] {
  return [...signature.subarray(HINT_AT + OMEGA)];
}

function changed(edit: (signature: Uint8Array) => void): Uint8Array {
  const signature = SIGNATURE.slice();
  edit(signature);
  if (bytesToHex(signature) === bytesToHex(SIGNATURE)) throw new Error('the edit changed nothing');
  return signature;
}

/** z holds γ1 − coefficient in 18 bits; zero bits make the coefficient γ1, above the bound γ1 − β. */
function largestCoefficient(signature: Uint8Array): void {
  signature.fill(0, CHALLENGE_BYTES, CHALLENGE_BYTES + 2);
  signature[CHALLENGE_BYTES + 2] = (signature[CHALLENGE_BYTES + 2] ?? 0) & 0xfc;
}

function hintCases(): readonly (readonly [string, Uint8Array])[] {
  const ends = hintEnds(SIGNATURE);
  const first = ends[0] ?? 0;
  const total = ends[3] ?? 0;
  if (first < 2 || total >= OMEGA) throw new Error('this signature has no room for the hint cases');
  return [
    ['hint indices out of order', changed((s) => s.set([s[HINT_AT + 1] ?? 0, s[HINT_AT] ?? 0], HINT_AT))],
    ['hint index twice', changed((s) => s.set([s[HINT_AT] ?? 0], HINT_AT + 1))],
    ['hint with a byte after its last index', changed((s) => s.set([1], HINT_AT + OMEGA - 1))],
    ['hint with a byte right after its last index', changed((s) => s.set([255], HINT_AT + total))],
    ['hint counts fall', changed((s) => s.set([first - 1], HINT_AT + OMEGA + 1))],
    ['hint counts above the most', changed((s) => s.set([OMEGA + 1], HINT_AT + OMEGA + 3))],
    ['hint with one index less', changed((s) => s.set([total - 1], HINT_AT + OMEGA + 3))],
    ['hint all zero', changed((s) => s.fill(0, HINT_AT))],
  ];
}

function verifyCase(id: string, parts: Partial<Record<'publicKey' | 'message' | 'signature', Uint8Array>>): CorpusCase {
  const { publicKey, message, signature } = {
    publicKey: KEY.publicKey,
    message: MESSAGE,
    signature: SIGNATURE,
    ...parts,
  };
  const input = {
    publicKey: bytesToHex(publicKey),
    message: bytesToHex(message),
    signature: bytesToHex(signature),
  };
  return { id, action: 'mldsa44Verify', input, expect: false };
}

function takenCases(): CorpusCase[] {
  const long = patternBytes('mldsa44 long message', 5000);
  const sign = (message: Uint8Array): Uint8Array => ml_dsa44.sign(message, KEY.secretKey, { extraEntropy: false });
  const hedged = ml_dsa44.sign(MESSAGE, KEY.secretKey, { extraEntropy: patternBytes('mldsa44 hedge', 32) });
  return [
    verifyCase('valid', {}),
    verifyCase('valid, hedged', { signature: hedged }),
    verifyCase('valid, empty message', { message: EMPTY, signature: sign(EMPTY) }),
    verifyCase('valid, 5,000 bytes', { message: long, signature: sign(long) }),
  ].map((one) => ({ ...one, expect: true }));
}

function refusedCases(): CorpusCase[] {
  const context = patternBytes('mldsa44 context', 3);
  const other = ml_dsa44.keygen(patternBytes('mldsa44 other seed', 32));
  const flip = (at: number): Uint8Array => changed((s) => s.set([(s[at] ?? 0) ^ 1], at));
  const zero = new Uint8Array(1);
  const flippedKey = KEY.publicKey.map((byte, at) => (at === 0 || at === 1311 ? byte ^ 1 : byte));
  return [
    verifyCase('other message', { message: patternBytes('mldsa44 other message', 40) }),
    verifyCase('message with a zero byte before', { message: concatBytes(zero, MESSAGE) }),
    verifyCase('other key', { publicKey: other.publicKey }),
    verifyCase('changed key', { publicKey: flippedKey }),
    verifyCase('signed with a context', {
      signature: ml_dsa44.sign(MESSAGE, KEY.secretKey, { context, extraEntropy: false }),
    }),
    verifyCase('signed after hashing', {
      signature: ml_dsa44.prehash(sha256).sign(MESSAGE, KEY.secretKey, { extraEntropy: false }),
    }),
    verifyCase('signed without the domain bytes', {
      signature: ml_dsa44.internal.sign(MESSAGE, KEY.secretKey, { extraEntropy: false }),
    }),
    verifyCase('first byte of the challenge', { signature: flip(0) }),
    verifyCase('last byte of the challenge', { signature: flip(CHALLENGE_BYTES - 1) }),
    verifyCase('first byte of z', { signature: flip(CHALLENGE_BYTES) }),
    verifyCase('last byte of z', { signature: flip(HINT_AT - 1) }),
    verifyCase('z above its bound', { signature: changed(largestCoefficient) }),
    ...hintCases().map(([id, signature]) => verifyCase(id, { signature })),
    verifyCase('signature one byte short', { signature: SIGNATURE.subarray(0, 2419) }),
    verifyCase('signature one byte long', { signature: concatBytes(SIGNATURE, zero) }),
    verifyCase('signature empty', { signature: EMPTY }),
    verifyCase('signature all zero', { signature: new Uint8Array(2420) }),
    verifyCase('key one byte short', { publicKey: KEY.publicKey.subarray(0, 1311) }),
    verifyCase('key one byte long', { publicKey: concatBytes(KEY.publicKey, zero) }),
    verifyCase('key empty', { publicKey: EMPTY }),
    verifyCase('key all zero', { publicKey: new Uint8Array(1312) }),
  ];
}

function keyCases(): CorpusCase[] {
  const cases = [0, 1, 2].flatMap((index): CorpusCase[] => {
    const seed = patternBytes(`mldsa44 key ${index}`, 32);
    const input = { seed: bytesToHex(seed) };
    const message = bytesToHex(patternBytes('mldsa44 round trip', index * 100));
    const { publicKey } = ml_dsa44.keygen(seed);
    return [
      { id: `key ${index}, SHA-256 of it`, action: 'mldsa44Key', input, expect: bytesToHex(sha256(publicKey)) },
      { id: `key ${index}, sign and verify`, action: 'mldsa44RoundTrip', input: { ...input, message }, expect: true },
    ];
  });
  const short = { seed: '00'.repeat(33) };
  return [...cases, { id: 'seed of 33 bytes', action: 'mldsa44Key', input: short, expect: 'throws argument_invalid' }];
}

export function mldsa44Corpus(): Corpus {
  return { operation: 'mldsa44', cases: [...keyCases(), ...takenCases(), ...refusedCases()] };
}
