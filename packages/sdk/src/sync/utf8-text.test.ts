import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeUtf8, encodeUtf8 } from './utf8-text.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const platform = (bytes: Uint8Array): string | null => {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
};

test('any text goes through, as the platform writes it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      const bytes = encodeUtf8(text);
      assert.deepEqual(Buffer.from(bytes), Buffer.from(text, 'utf8'));
      assert.equal(decodeUtf8(bytes), text);
    }),
  );
  const edges = '\0\x7f\x80\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}\ufeff';
  assert.equal(decodeUtf8(encodeUtf8(edges)), edges);
  assert.deepEqual(Buffer.from(encodeUtf8(edges)), Buffer.from(edges, 'utf8'));
});

test('a megabyte goes through', () => {
  const text = 'aé€😀'.repeat(100_000);
  assert.equal(decodeUtf8(encodeUtf8(text)), text);
});

test('bytes are text exactly where the platform says so', () => {
  const near = fc.constantFrom(
    0,
    0x7f,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
    0xf8,
    0xff,
  );
  fc.assert(
    fc.property(fc.array(near, { maxLength: 6 }), (numbers) => {
      const bytes = Uint8Array.from(numbers);
      assert.equal(decodeUtf8(bytes), platform(bytes));
    }),
    { numRuns: 5_000 },
  );
});

test('forms that are too long, surrogates and cut ends are no text', () => {
  const refused = [
    'c080',
    'c1bf',
    'e09fbf',
    'eda080',
    'edbfbf',
    'f08fbfbf',
    'f4908080',
    'f8808080',
    '80',
    'c3',
    'e282',
    'f09f98',
    'c328',
    'ff',
  ];
  for (const hex of refused) assert.equal(decodeUtf8(new Uint8Array(Buffer.from(hex, 'hex'))), null, hex);
});
