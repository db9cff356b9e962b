// The vectors about headers alone, in this process: quick enough for every mutant of the code that opens
// (tools/mutate). vector-driver.test.ts drives all vectors, on every engine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import * as all from 'cctv-age';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { driveAgeVectors } from './vector-driver.ts';

const entries: readonly (readonly [string, Uint8Array])[] = Object.entries(all);
const vectors = Object.fromEntries(entries.filter(([name]) => /^(x25519|hybrid|hmac|header)/.test(name)));

test('headers of others open, and are refused, as the vectors say', async () => {
  const report = await driveAgeVectors(nodeEngine, {
    vectors,
    inflate: (bytes) => inflateSync(bytes),
    byteByByteUpToBytes: 0,
  });
  assert.deepEqual(report.differences, []);
  assert.equal(report.vectorCount, 41);
});
