import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from './en.ts';
import { plurals } from './plurals.ts';
import { pseudoMessages } from './pseudo.ts';
import { pseudoText } from './pseudo-text.ts';

/** Every text, with functions called on stand-ins. */
function texts(node: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof node === 'string') return [[path, node]];
  if (typeof node === 'function') {
    const given = [2, 7, 3].slice(0, node.length);
    return [[path, (node as (...values: number[]) => string)(...given)]];
  }
  return Object.entries(node as object).flatMap(([key, each]) => texts(each, `${path}.${key}`));
}

test('every text of the pseudo-locale is longer than the English, and bracketed', () => {
  const pseudo = new Map(texts(pseudoMessages, ''));
  const english = texts(en, '');
  assert.ok(english.length > 250);
  for (const [path, text] of english) {
    const other = pseudo.get(path);
    if (text === '') continue;
    assert.ok(other?.startsWith('[') && other.endsWith(']') && other.length > text.length * 1.4, path);
  }
});

test('texts say nothing that a lay person reads as noise', () => {
  for (const [path, text] of texts(en, '')) {
    assert.doesNotMatch(text, /undefined|null|\bE2EE?\b|military|unbreakable|100 ?%/, path);
    assert.equal(text, text.trim(), path);
  }
});

test('plurals follow the language, and numbers are written as it writes them', () => {
  assert.equal(plurals('en')(1, { one: '1 message', other: '# messages' }), '1 message');
  assert.equal(plurals('en')(1234, { one: '1 message', other: '# messages' }), '1,234 messages');
  assert.equal(plurals('pl')(3, { one: 'a', few: '# b', other: 'c' }), '3 b');
  assert.equal(pseudoText('Send'), '[Šéñd··]');
});
