import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { asciiBytes } from './bytes.ts';
import { driveAgeVectors } from './vector-driver.ts';

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, '../../test/drive-age-vectors.ts');
const VECTORS = 143;

for (const engine of ['node', 'noble']) {
  test(`every age vector of CCTV in every way, engine ${engine}`, async () => {
    const { stdout } = await run(process.execPath, [PROGRAM, engine, String(2 ** 16)]);
    assert.deepEqual(JSON.parse(stdout), { vectorCount: VECTORS, driveCount: VECTORS * 5, differences: [] });
  });
}

const HEADER = 'age-encryption.org/v1\n-> grease\n\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n';

test('a vector that expects something else is reported in every way that meets it', async () => {
  const expecting = (outcome: string) => asciiBytes(`expect: ${outcome}\nfile key: 00\n\n${HEADER}`);
  const vectors = { right: expecting('no match'), wrong: expecting('HMAC failure') };
  const report = await driveAgeVectors(nodeEngine, { vectors, inflate: (bytes) => bytes, byteByByteUpToBytes: 0 });
  assert.deepEqual(
    report.differences,
    ['whole', 'streamed', 'byte by byte', 'apart'].map((way) => `wrong, ${way}: expected HMAC failure, got no match`),
  );
});

test('a vector whose form is unknown stops the run', async () => {
  const vectors = { odd: asciiBytes('expect: joy\n\n') };
  await assert.rejects(driveAgeVectors(nodeEngine, { vectors, inflate: (b) => b, byteByByteUpToBytes: 0 }));
});
