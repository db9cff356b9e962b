import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitQuoted } from './split-quoted.ts';

test('quoted text at the end goes away with its introduction', () => {
  assert.deepEqual(splitQuoted('Yes.\n\nOn Monday, bob wrote:\n> Coming?\n> Bob\n\n'), {
    own: 'Yes.',
    quoted: 'On Monday, bob wrote:\n> Coming?\n> Bob',
  });
  assert.deepEqual(splitQuoted('Yes.\n> Coming?'), { own: 'Yes.', quoted: '> Coming?' });
});

test('what is quoted in the middle, and what is nothing else, stays', () => {
  for (const text of ['> a\nb', 'a\n> b\nc', '> only\n> quotation', 'On Monday, bob wrote:\n> only', '', 'plain']) {
    assert.deepEqual(splitQuoted(text), { own: text, quoted: '' });
  }
});
