import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOfWords, compareCode } from './compare-code.ts';

const words = ['abandon', 'ability', 'able'];

test('the same words in the same order are the same, anything else of ours differs, the rest is no code', () => {
  assert.equal(compareCode(words, codeOfWords(words)), 'same');
  assert.equal(compareCode(words, codeOfWords(words.toReversed())), 'differ');
  assert.equal(compareCode(words, codeOfWords(words.slice(1))), 'differ');
  assert.equal(compareCode(words, `${codeOfWords(words)} more`), 'differ');
  for (const other of [null, '', 'LATCHKEY-WORDS', words.join(' '), 'https://example.org'])
    assert.equal(compareCode(words, other), null);
});
