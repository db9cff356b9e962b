import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  commit,
  decodeLeaf,
  encodeLeaf,
  logOrigin,
  positionsHash,
  Replay,
  verifyMapProof,
  verifyVrf,
} from '../../src/index.ts';
import { proveVrf, vrfPublicKey } from '../../src/prove.ts';
import {
  allDirectoryVectors,
  DIRECTORY_VECTORS_FOLDER,
  vectorsText,
  type CommitmentCase,
  type DirectoryVectors,
  type LeafCase,
  type OriginCase,
  type ProofCase,
  type ReplayCase,
  type VrfCase,
} from './generate.ts';

const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const textOf = (kind: string): string => readFileSync(join(DIRECTORY_VECTORS_FOLDER, `${kind}.json`), 'utf8');
const casesOf = (kind: string): unknown => (JSON.parse(textOf(kind)) as DirectoryVectors<unknown>).cases;

test('the files are what the generator writes, and no others', () => {
  for (const vectors of allDirectoryVectors()) assert.equal(textOf(vectors.kind), vectorsText(vectors));
  const kinds = allDirectoryVectors().map(({ kind }) => `${kind}.json`);
  assert.deepEqual(readdirSync(DIRECTORY_VECTORS_FOLDER).toSorted(), kinds.toSorted());
});

test('leaves', () => {
  for (const { id, leaf, fields } of casesOf('leaves') as readonly LeafCase[]) {
    if (fields === null) {
      assert.throws(() => decodeLeaf(fromHex(leaf)), { code: 'leaf_malformed' }, id);
      continue;
    }
    const decoded = decodeLeaf(fromHex(leaf));
    const { flag, index, commitment } = decoded;
    assert.deepEqual({ flag, index: toHex(index), commitment: toHex(commitment) }, fields, id);
    assert.equal(toHex(encodeLeaf(decoded)), leaf, id);
  }
});

test('commitments', () => {
  for (const { id, opening, note, label, version, commitment } of casesOf('commitments') as readonly CommitmentCase[]) {
    assert.equal(toHex(commit({ opening: fromHex(opening), note: fromHex(note), label, version })), commitment, id);
  }
});

test('origins', () => {
  for (const { id, origin, logKeys, vrfPublicKey: vrf, ...rest } of casesOf('origins') as readonly OriginCase[]) {
    assert.equal(logOrigin({ ...rest, logKeys: logKeys.map(fromHex), vrfPublicKey: fromHex(vrf) }), origin, id);
  }
});

test('replay', () => {
  const replay = new Replay();
  const cases = casesOf('replay') as readonly ReplayCase[];
  for (const { id, leaf, version, positionsHash: expected, logRoot, mapRoot } of cases) {
    assert.equal(replay.add(fromHex(leaf)), version, id);
    assert.equal(toHex(positionsHash(replay.positionsOf(decodeLeaf(fromHex(leaf)).index))), expected, id);
    assert.deepEqual([toHex(replay.logRoot()), toHex(replay.mapRoot())], [logRoot, mapRoot], id);
  }
  assert.equal(replay.size, cases.length);
});

test('map-proofs', () => {
  for (const { id, root, key, value, proof, valid } of casesOf('map-proofs') as readonly ProofCase[]) {
    const claim = { root: fromHex(root), key: fromHex(key), value: value === null ? null : fromHex(value) };
    assert.equal(verifyMapProof({ ...claim, proof: fromHex(proof) }), valid, id);
  }
});

test('vrf', () => {
  for (const { id, secret, publicKey, input, proof, output } of casesOf('vrf') as readonly VrfCase[]) {
    assert.equal(toHex(vrfPublicKey(fromHex(secret))), publicKey, id);
    const proved = proveVrf(fromHex(secret), fromHex(input));
    assert.deepEqual([toHex(proved.proof), toHex(proved.output)], [proof, output], id);
    assert.deepEqual(verifyVrf(fromHex(publicKey), fromHex(input), fromHex(proof)), fromHex(output), id);
  }
});
