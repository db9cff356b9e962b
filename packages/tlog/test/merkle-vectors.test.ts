import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedVectors } from '@latchkey/testkit';
import { verifyConsistency } from '../src/merkle/verify-consistency.ts';
import { verifyInclusion } from '../src/merkle/verify-inclusion.ts';

interface ConsistencyVector {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

interface InclusionVector {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

const folder = sharedVectors();

/** Good for them: one leaf, and both roots the same text. For us a root has 32 bytes, and this one has 12. */
const NOT_HASHES = 'additional/sizes-are-equal-one-and-proof-is-empty.json';

test("other people's consistency proofs, good and bad", (t) => {
  if (folder === null) return t.skip('no shared vectors (LATCHKEY_VECTORS names them)');
  const counted = { taken: 0, refused: 0 };
  for (const [name, vector] of vectors<ConsistencyVector>(join(folder, 'merkle/consistency'))) {
    const verdict = verifyConsistency({
      oldSize: vector.size1,
      oldRoot: bytes(vector.root1),
      newSize: vector.size2,
      newRoot: bytes(vector.root2),
      proof: (vector.proof ?? []).map(bytes),
    });
    assert.equal(verdict, !vector.wantErr && name !== NOT_HASHES, name);
    counted[verdict ? 'taken' : 'refused'] += 1;
  }
  assert.deepEqual(counted, { taken: 5, refused: 93 });
});

test("other people's inclusion proofs, good and bad", (t) => {
  if (folder === null) return t.skip('no shared vectors (LATCHKEY_VECTORS names them)');
  const counted = { taken: 0, refused: 0 };
  for (const [name, vector] of vectors<InclusionVector>(join(folder, 'merkle/inclusion'))) {
    const verdict = verifyInclusion({
      leafHash: bytes(vector.leafHash),
      index: vector.leafIdx,
      size: vector.treeSize,
      proof: (vector.proof ?? []).map(bytes),
      root: bytes(vector.root),
    });
    assert.equal(verdict, !vector.wantErr, name);
    counted[verdict ? 'taken' : 'refused'] += 1;
  }
  assert.deepEqual(counted, { taken: 6, refused: 92 });
});

function vectors<T>(root: string): [string, T][] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .toSorted()
    .map((path) => [path, JSON.parse(readFileSync(join(root, path), 'utf8')) as T]);
}

function bytes(base64: string): Uint8Array {
  return Buffer.from(base64, 'base64');
}
