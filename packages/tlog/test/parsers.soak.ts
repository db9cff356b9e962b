/**
 * Notes and verifier keys under random changes of good ones: each is taken, and then written back as it was read, or
 * refused with a listed code, and soon. 20 million inputs in a full run, in equal parts.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fuzz, soakShare, tellSoak, type FuzzTarget } from '@latchkey/testkit';
import { formatNote, formatVerifierKey, parseNote, parseVerifierKey, TlogError } from '../src/index.ts';

const FULL_RUNS = 20_000_000;

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

const targets: readonly FuzzTarget[] = [
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
      const text = Buffer.from(input).toString('latin1');
      const key = refusedOr(() => parseVerifierKey(text));
      return key !== null && same(input, Buffer.from(formatVerifierKey(key), 'latin1'));
    },
  },
];

const seed = Number(process.env['LATCHKEY_SOAK_SEED'] ?? Date.now() % 0xffff_ffff);
for (const target of targets) {
  assert.ok(target.seeds.length > 1);
  const runs = Math.ceil((FULL_RUNS * soakShare()) / targets.length);
  tellSoak({ ...fuzz(target, { runs, seed }), fullRuns: FULL_RUNS / targets.length });
}
