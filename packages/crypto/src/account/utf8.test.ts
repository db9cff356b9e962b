import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeUtf8 } from './utf8.ts';

test('UTF-8 as the platform writes it, at every length', () => {
  for (const text of ['', '\0\u007f', '\u0080\u07ff', '\u0800\uffff', '\u{10000}\u{10ffff}', 'aé中🐎']) {
    assert.deepEqual(encodeUtf8(text), new Uint8Array(new TextEncoder().encode(text)));
  }
  const wellFormed = fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(wellFormed, (text) => {
      assert.deepEqual(encodeUtf8(text), new Uint8Array(new TextEncoder().encode(text)));
    }),
  );
});
