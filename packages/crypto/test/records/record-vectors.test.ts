import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeEngine } from '../../src/engine-node/node-engine.ts';
import { nobleEngine } from '../../src/engine/noble-engine.ts';
import { allRecordVectors, RECORD_VECTORS_FOLDER, vectorsText } from './generate.ts';
import type { RecordVectors } from './record-vector.ts';
import { runRecordVector } from './run-record-vector.ts';

test('the vectors in the repository are what the generator gives', () => {
  for (const vectors of allRecordVectors()) {
    const text = readFileSync(join(RECORD_VECTORS_FOLDER, `${vectors.kind}.json`), 'utf8');
    assert.ok(text === vectorsText(vectors), `${vectors.kind}.json differs: run generate.ts and read the difference`);
  }
});

for (const file of readdirSync(RECORD_VECTORS_FOLDER)) {
  const { kind, cases } = JSON.parse(readFileSync(join(RECORD_VECTORS_FOLDER, file), 'utf8')) as RecordVectors;
  for (const engine of [nodeEngine, nobleEngine]) {
    test(`${kind}: ${cases.length} vectors with ${engine.name}`, async () => {
      assert.equal(new Set(cases.map(({ id }) => id)).size, cases.length);
      assert.ok(cases.some(({ expect }) => typeof expect === 'string' && expect.startsWith('throws')));
      for (const vector of cases) assert.equal(await runRecordVector(engine, kind, vector), vector.expect, vector.id);
    });
  }
}
