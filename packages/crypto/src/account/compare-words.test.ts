import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { nodeEngine } from '../engine-node/index.ts';
import { compareWords } from './compare-words.ts';

const party = (fill: number) => ({
  genesis: new Uint8Array(32).fill(fill),
  current: new Uint8Array(32).fill(fill + 100),
});

test('the words are the first 132 bits of the hash, the same on both sides', async () => {
  const words = await compareWords(nodeEngine, [party(9), party(4)]);
  assert.deepEqual(await compareWords(nodeEngine, [party(4), party(9)]), words);
  const bytes = [party(4).genesis, party(9).genesis, party(4).current, party(9).current];
  const digest = createHash('sha256').update('latchkey/v1/compare-words\0').update(Buffer.concat(bytes)).digest();
  const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const expected = Array.from({ length: 12 }, (_, at) => wordlist[parseInt(bits.slice(at * 11, at * 11 + 11), 2)]);
  assert.deepEqual(words, expected);
});

test('whatever changes on either side changes the words', async () => {
  const words = (await compareWords(nodeEngine, [party(9), party(4)])).join(' ');
  const rotated = { ...party(4), current: new Uint8Array(32).fill(1) };
  const another = { ...party(4), genesis: new Uint8Array(32).fill(1) };
  for (const changed of [rotated, another]) {
    assert.notEqual((await compareWords(nodeEngine, [party(9), changed])).join(' '), words);
  }
  const short = { ...party(4), current: new Uint8Array(31) };
  await assert.rejects(compareWords(nodeEngine, [party(9), short]), { code: 'argument_invalid' });
});
