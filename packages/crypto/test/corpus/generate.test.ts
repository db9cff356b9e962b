import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { corpusText, engineCorpora, VECTORS_FOLDER } from './generate.ts';

test('the vectors in the repository are what the generator gives', () => {
  for (const corpus of engineCorpora()) {
    const text = readFileSync(join(VECTORS_FOLDER, `${corpus.operation}.json`), 'utf8');
    assert.ok(text === corpusText(corpus), `${corpus.operation}.json differs: run generate.ts and read the difference`);
  }
});
