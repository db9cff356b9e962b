import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeEngine } from '../../src/engine-node/node-engine.ts';
import { nobleEngine } from '../../src/engine/noble-engine.ts';
import type { AccountVectors } from './account-vector.ts';
import { ACCOUNT_VECTORS_FOLDER, allAccountVectors, vectorsText } from './generate.ts';
import { runAccountVector } from './run-account-vector.ts';

test('the vectors in the repository are what the generator gives', async () => {
  const all = await allAccountVectors();
  assert.deepEqual(readdirSync(ACCOUNT_VECTORS_FOLDER).toSorted(), all.map(({ kind }) => `${kind}.json`).toSorted());
  for (const vectors of all) {
    const text = readFileSync(join(ACCOUNT_VECTORS_FOLDER, `${vectors.kind}.json`), 'utf8');
    assert.ok(text === vectorsText(vectors), `${vectors.kind}.json differs: run generate.ts and read the difference`);
  }
});

for (const file of readdirSync(ACCOUNT_VECTORS_FOLDER)) {
  const { kind, cases } = JSON.parse(readFileSync(join(ACCOUNT_VECTORS_FOLDER, file), 'utf8')) as AccountVectors;
  for (const engine of [nodeEngine, nobleEngine]) {
    test(`${kind}: ${cases.length} vectors with ${engine.name}`, async () => {
      assert.equal(new Set(cases.map(({ id }) => id)).size, cases.length);
      for (const vector of cases) {
        assert.deepEqual(await runAccountVector(engine, kind, vector), vector.expect, vector.id);
      }
    });
  }
}
