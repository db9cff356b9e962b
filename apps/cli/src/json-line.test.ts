import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonLine } from './json-line.ts';

test('nothing that a terminal obeys or hides stands in the line, and it reads back as it was', () => {
  const unseen = [
    '\u0000',
    '\u001b',
    '\u007f',
    '\u0085',
    '\u009b',
    '\u00ad',
    '\u200b',
    '\u202e',
    '\u2028',
    '\u2029',
    '\u2066',
    '\ufeff',
    '\u{e0041}',
  ];
  const value = { name: `a${unseen.join('b')}c`, other: 'grüße 日本 🙂' };
  const line = jsonLine(value);
  assert.deepEqual(JSON.parse(line), value);
  assert.match(line, /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*\n$/u);
  assert.ok(line.includes('grüße 日本 🙂'));
  assert.ok(line.includes('\\u009b') && line.includes('\\udb40\\udc41'));
});
