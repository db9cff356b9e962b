/**
 * Leaves, index leaves and map proofs under random changes of good ones: each is taken, and then written back as it was
 * read (a proof: is the one that there is), or refused with a listed code, and soon.
 */
import assert from 'node:assert/strict';
import type { FuzzTarget } from '@latchkey/testkit';
import {
  decodeLeaf,
  encodeIndexLeaf,
  encodeLeaf,
  IndexTree,
  KeyDirectoryError,
  parseIndexLeaf,
  verifyMapProof,
} from '../src/index.ts';
import { decodePoint, encodePoints } from '../src/vrf/curve/point-string.ts';
import { seed } from './small-directory.ts';

function refusedOr<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof KeyDirectoryError) return null;
    throw error;
  }
}

/** A parser of bytes and what writes the same again. */
function target<T>(
  name: string,
  seeds: readonly Uint8Array[],
  { parse, format }: { readonly parse: (bytes: Uint8Array) => T; readonly format: (parsed: T) => Uint8Array },
): FuzzTarget {
  const judge = (input: Uint8Array): boolean => {
    const parsed = refusedOr(() => parse(input));
    if (parsed === null) return false;
    assert.ok(Buffer.from(input).equals(format(parsed)), 'what was taken is written back otherwise');
    return true;
  };
  return { name, seeds, judge };
}

/** Every claim has one proof: whatever else is taken is a forgery. */
function mapProofs(): FuzzTarget {
  const tree = new IndexTree();
  for (let at = 0; at < 300; at += 1) tree.set(seed(`key ${at}`), seed(`value ${at}`));
  const { root } = tree;
  const claims = ['key 0', 'key 1', 'nobody', 'nobody else'].map((name) => ({
    key: seed(name),
    ...tree.prove(seed(name)),
  }));
  const judge = (input: Uint8Array): boolean => {
    const taken = claims.filter(({ key, value }) => verifyMapProof({ root, key, value, proof: input }));
    for (const { proof } of taken) assert.ok(Buffer.from(input).equals(proof), 'a claim has a second proof');
    return taken.length > 0;
  };
  return { name: 'map proof', seeds: claims.map(({ proof }) => proof), judge };
}

/** RFC 8032: a point has one string. */
function points(): FuzzTarget {
  const identity = new Uint8Array(32).fill(0);
  identity[0] = 1;
  // The base point: y = 4/5.
  const base = new Uint8Array(32).fill(0x66);
  base[0] = 0x58;
  const judge = (input: Uint8Array): boolean => {
    const point = decodePoint(input);
    if (point === null) return false;
    const [again] = encodePoints([point]);
    assert.ok(again !== undefined && Buffer.from(input).equals(again), 'a point has a second string');
    return true;
  };
  return { name: 'point', seeds: [identity, base], judge };
}

const index = seed('index');
export const parserTargets: readonly FuzzTarget[] = [
  target(
    'leaf',
    (['genesis', 'reissue'] as const).map((flag) => encodeLeaf({ flag, index, commitment: index })),
    { parse: decodeLeaf, format: encodeLeaf },
  ),
  target(
    'index leaf',
    [encodeIndexLeaf({ mapRoot: index, checkpoint: Buffer.from('example.org\n0\n\n\u2014 a AAAA\n') })],
    {
      parse: parseIndexLeaf,
      format: encodeIndexLeaf,
    },
  ),
  mapProofs(),
  points(),
];
