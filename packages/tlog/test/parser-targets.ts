/**
 * Notes, verifier keys, checkpoints, proofs, policies and all else that is parsed, under random changes of good ones: each is taken, and then written back as it was read, or
 * refused with a listed code, and soon.
 */
import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { FuzzTarget } from '@latchkey/testkit';
import {
  decodeEntryBundle,
  encodeEntryBundle,
  formatAddCheckpoint,
  formatCheckpoint,
  formatCosignatures,
  formatNote,
  formatPolicy,
  formatTilePath,
  formatTlogProof,
  formatVerifierKey,
  parseAddCheckpoint,
  parseCheckpoint,
  parseCosignatures,
  parseNote,
  parsePolicy,
  parseTilePath,
  parseTlogProof,
  parseVerifierKey,
  TlogError,
} from '../src/index.ts';
import { ed25519Cosigner, ed25519Key } from './platform-key.ts';

interface Vectors {
  readonly accept: readonly Readonly<Record<string, unknown>>[];
}

function texts(file: string, property: string): Uint8Array[] {
  const path = new URL(`../../../vectors/notes/${file}.json`, import.meta.url);
  const { accept } = JSON.parse(readFileSync(path, 'utf8')) as Vectors;
  return accept.flatMap((vector) => (typeof vector[property] === 'string' ? [Buffer.from(vector[property])] : []));
}

function refusedOr<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}

function same(input: Uint8Array, again: string | Uint8Array): true {
  assert.ok(Buffer.from(input).equals(Buffer.from(again)), 'what was taken is written back otherwise');
  return true;
}

/** A parser of bytes, or of text, and what writes the same again. */
function target(
  name: string,
  seeds: readonly (string | Uint8Array)[],
  again: (input: Uint8Array) => string | Uint8Array,
): FuzzTarget {
  return {
    name,
    seeds: seeds.map((seed) => Buffer.from(seed)),
    judge(input) {
      const written = refusedOr(() => again(input));
      return written !== null && same(input, written);
    },
  };
}

/** The empty text, which nothing takes, for what is not UTF-8. */
const text = (input: Uint8Array): string => (isUtf8(input) ? Buffer.from(input).toString('utf8') : '');
const lineOf =
  '— example.com/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';
const hash = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const checkpoint = `example.com/log\n20852163\n${hash}`;
const note = `${checkpoint}\n${lineOf}`;
const [logKey, w0, w1] = [
  ed25519Key('example.com/log'),
  ed25519Cosigner('w0.example.com'),
  ed25519Cosigner('w1.example.com'),
].map(({ key }) => formatVerifierKey(key));
const policy = `log ${logKey} https://example.com/log\nwitness a ${w0}\nwitness b ${w1}\ngroup g 1 a b\nquorum g\n`;

export const parserTargets: readonly FuzzTarget[] = [
  target('checkpoint', [checkpoint, `o\n0\n${hash}more\n`], (input) => formatCheckpoint(parseCheckpoint(text(input)))),
  target('tile path', ['tile/0/x001/067.p/5', 'tile/entries/x001/x234/067', 'tile/63/000'], (input) =>
    formatTilePath(parseTilePath(text(input))),
  ),
  target(
    'entry bundle',
    [
      encodeEntryBundle([Buffer.from('one'), Buffer.from(''), Buffer.alloc(300)]),
      encodeEntryBundle([Buffer.alloc(66)]),
    ],
    (input) => encodeEntryBundle(decodeEntryBundle(input)),
  ),
  target(
    'proof',
    [
      `c2sp.org/tlog-proof@v1\nextra AA==\nindex 7\n${hash}${hash}\n${note}`,
      `c2sp.org/tlog-proof@v1\nindex 0\n\n${note}`,
    ],
    (input) => formatTlogProof(parseTlogProof(input)),
  ),
  target('witness request', [`old 20852014\n${hash}${hash}\n${note}`, `old 0\n\n${note}`], (input) =>
    formatAddCheckpoint(parseAddCheckpoint(input)),
  ),
  target('cosignatures', [lineOf, lineOf.repeat(3)], (input) => formatCosignatures(parseCosignatures(input))),
  {
    // People write policies: white space and comments are lost, what is said is not.
    name: 'policy',
    seeds: [Buffer.from(policy), Buffer.from(`# why\n\n${policy.replaceAll(' ', '\t')}`)],
    judge(input) {
      const read = refusedOr(() => parsePolicy(text(input)));
      if (read === null) return false;
      const written = formatPolicy(read);
      assert.deepEqual(parsePolicy(written), read);
      return same(Buffer.from(written), formatPolicy(parsePolicy(written)));
    },
  },
  {
    name: 'note',
    seeds: texts('parse', 'note'),
    judge(input) {
      const note = refusedOr(() => parseNote(input));
      return note !== null && same(input, formatNote(note));
    },
  },
  {
    name: 'verifier key',
    seeds: texts('verifier-keys', 'verifierKey'),
    judge(input) {
      const key = refusedOr(() => parseVerifierKey(Buffer.from(input).toString('latin1')));
      return key !== null && same(input, Buffer.from(formatVerifierKey(key), 'latin1'));
    },
  },
];
