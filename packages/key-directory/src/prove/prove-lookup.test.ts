import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SmallDirectory } from '../../test/small-directory.ts';
import { verifyMapProof } from '../map/verify-map-proof.ts';
import { positionsHash } from '../positions.ts';
import { formatLookupResponse } from './format-lookup-response.ts';

async function published(): Promise<SmallDirectory> {
  const small = new SmallDirectory();
  for (const label of ['alice', 'bob', 'alice']) await small.add({ label: `${label}@example.org`, note: label });
  await small.publish();
  await small.publish();
  return small;
}

test('leaves before the first unknown version are left out, and a version that is not there gives none', async () => {
  const small = await published();
  const alice = 'alice@example.org';
  const count = async (first: number): Promise<number> => (await small.lookup(alice, first)).leaves.length;
  assert.deepEqual([await count(0), await count(1), await count(2), await count(9)], [2, 1, 0, 0]);
  assert.deepEqual((await small.lookup(alice, 9)).positions, [0, 2]);
});

test('a replay that holds more than is published gives no proof', async () => {
  const small = await published();
  small.replay.add(small.leafFor({ label: 'carol@example.org', note: 'carol' }).leaf);
  await assert.rejects(small.lookup('alice@example.org'), { code: 'argument_invalid' });
});

test('VIndex’s LookupResponse has Go’s JSON', async () => {
  const small = await published();
  const head = await small.head();
  const lookup = await small.lookup('alice@example.org');
  const response = JSON.parse(formatLookupResponse(head, lookup)) as Record<string, unknown>;
  assert.deepEqual(Object.keys(response), [
    'output_log_cp',
    'output_log_leaf',
    'output_log_proof',
    'index_value',
    'index_proof',
  ]);
  const bytes = (name: string): Uint8Array => new Uint8Array(Buffer.from(String(response[name]), 'base64'));
  assert.deepEqual(bytes('output_log_cp'), small.indexCheckpoint);
  assert.deepEqual(bytes('output_log_leaf'), small.indexLeaf);
  assert.deepEqual(
    response['output_log_proof'],
    head.indexInclusion.map((hash) => [...hash]),
  );
  assert.deepEqual(response['index_value'], [0, 2]);
  const claim = { root: small.replay.mapRoot(), key: small.indexOf('alice@example.org'), value: positionsHash([0, 2]) };
  assert.equal(verifyMapProof({ ...claim, proof: bytes('index_proof') }), true);
});
