import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import * as cctv from 'cctv-age';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { nobleEngine } from '../engine/noble-engine.ts';
import { driveAgeVectors } from './vector-driver.ts';

const options = { vectors: { ...cctv }, inflate: (bytes: Uint8Array) => inflateSync(bytes), byteByByteUpToBytes: 2 ** 18 };

for (const engine of [nodeEngine, nobleEngine]) {
  test(`every age vector of CCTV, in every way, with ${engine.name}`, async () => {
    const report = await driveAgeVectors(engine, options);
    assert.deepEqual(report.differences, []);
    assert.equal(report.vectorCount, 143);
    assert.equal(report.driveCount, 143 * 5);
  });
}
