import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Corpus, runCorpus } from '../../src/engine/corpus.ts';
import { isEd25519InputStrict } from '../../src/engine/ed25519-input.ts';
import { nobleEngine } from '../../src/engine/noble-engine.ts';
import { SMALL_ORDER_ENCODINGS } from './ed25519-cases.ts';
import { VECTORS_FOLDER } from './generate.ts';

const corpus = JSON.parse(readFileSync(join(VECTORS_FOLDER, 'ed25519.json'), 'utf8')) as Corpus;

test('the reference gives the verdict of every vector', async () => {
  assert.deepEqual((await runCorpus(nobleEngine, corpus)).differences, []);
});

test('what is refused before the platform is asked does not depend on the platform', () => {
  for (const { input, expect } of corpus.cases.filter(({ action }) => action === 'ed25519Verify')) {
    const strict = isEd25519InputStrict(hex(input['publicKey']), hex(input['signature']));
    if (expect === true) assert.ok(strict);
  }
  const large = hex(corpus.cases.find(({ id }) => id === 'valid')?.input['publicKey']);
  const zeroS = new Uint8Array(32);
  for (const { name, bytes } of SMALL_ORDER_ENCODINGS) {
    assert.equal(isEd25519InputStrict(bytes, joined(large, zeroS)), false, `A ${name}`);
    assert.equal(isEd25519InputStrict(large, joined(bytes, zeroS)), false, `R ${name}`);
  }
  // All y from p up to 2^255 − 1, with and without sign.
  for (let low = 0xed; low <= 0xff; low += 1) {
    for (const high of [0x7f, 0xff]) {
      const point = new Uint8Array(32).fill(0xff);
      point.set([low], 0);
      point.set([high], 31);
      assert.equal(isEd25519InputStrict(point, joined(large, zeroS)), false);
      assert.equal(isEd25519InputStrict(large, joined(point, zeroS)), false);
    }
  }
  const highestY = new Uint8Array(32).fill(0xff).with(0, 0xeb).with(31, 0x7f);
  assert.equal(isEd25519InputStrict(highestY, joined(highestY, zeroS)), true, 'y = p - 2 is canonical');
  const order = hex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
  const belowOrder = order.with(0, 0xec);
  assert.equal(isEd25519InputStrict(large, joined(large, order)), false, 'S = L');
  assert.equal(isEd25519InputStrict(large, joined(large, belowOrder)), true, 'S = L - 1');
  assert.equal(isEd25519InputStrict(large, joined(large, zeroS)), true);
  assert.equal(isEd25519InputStrict(large.subarray(1), joined(large, zeroS)), false);
  assert.equal(isEd25519InputStrict(large, joined(large, zeroS).subarray(1)), false);
});

function hex(digits: string | number | undefined): Uint8Array {
  return Uint8Array.from(Buffer.from(String(digits), 'hex'));
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  return Uint8Array.from([...one, ...other]);
}
