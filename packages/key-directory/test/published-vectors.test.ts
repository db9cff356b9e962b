import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hexToBytes } from '@noble/hashes/utils.js';
import { sharedVectors } from '@latchkey/testkit';
import { verifyMapProof, verifyVrf } from '../src/index.ts';
import { proveVrf, vrfPublicKey } from '../src/prove.ts';
import { modelRoot } from './map-model.ts';

interface VrfVector {
  readonly sk: string;
  readonly pk: string;
  readonly alpha: string;
  readonly beta: string;
  readonly pi: string;
}

interface MapVectors {
  readonly treehash: readonly { entries: readonly { key: string; value: string }[]; hash: string }[];
  readonly verify: readonly { snap: string; key: string; value: string | null; proof: string; valid: boolean }[];
}

function vectors(t: TestContext, path: string): unknown {
  const folder = sharedVectors();
  if (folder === null) {
    t.skip('other projects’ vectors are not beside this repository');
    return null;
  }
  return JSON.parse(readFileSync(join(folder, path), 'utf8'));
}

test('the VRF gives and takes the vectors of RFC 9381, appendix B.3', (t) => {
  const file = vectors(t, 'vrf/rfc9381-edwards25519-sha512-tai.json') as { vectors: VrfVector[] } | null;
  if (file === null) return;
  assert.equal(file.vectors.length, 3);
  for (const { sk, pk, alpha, beta, pi } of file.vectors) {
    assert.deepEqual(vrfPublicKey(hexToBytes(sk)), hexToBytes(pk));
    const proved = proveVrf(hexToBytes(sk), hexToBytes(alpha));
    assert.deepEqual(proved.proof, hexToBytes(pi));
    assert.deepEqual(proved.output, hexToBytes(beta));
    assert.deepEqual(verifyVrf(hexToBytes(pk), hexToBytes(alpha), hexToBytes(pi)), hexToBytes(beta));
  }
});

test('map roots and proofs are those of torchwood', (t) => {
  const file = vectors(t, 'mpt/torchwood-mpt.json') as MapVectors | null;
  if (file === null) return;
  assert.equal(file.treehash.length, 10);
  for (const { entries, hash } of file.treehash) {
    const model = modelRoot(entries.map(({ key, value }) => ({ key: hexToBytes(key), value: hexToBytes(value) })));
    assert.deepEqual(model, hexToBytes(hash));
  }
  assert.equal(file.verify.length, 14);
  for (const { snap, key, value, proof, valid } of file.verify) {
    const claim = { root: hexToBytes(snap), key: hexToBytes(key), value: value === null ? null : hexToBytes(value) };
    assert.equal(verifyMapProof({ ...claim, proof: hexToBytes(proof) }), valid, `${key} ${proof}`);
  }
});
