import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBase64, decodeBase64Padded, encodeBase64, encodeBase64Padded } from './base64.ts';
import { asciiBytes, textOfBytes } from './bytes.ts';

const bytesOf = (buffer: Buffer) => new Uint8Array(buffer);

test('encoding is that of Node, with and without padding', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const expected = Buffer.from(bytes).toString('base64');
      assert.equal(textOfBytes(encodeBase64Padded(bytes)), expected);
      assert.equal(textOfBytes(encodeBase64(bytes)), expected.replaceAll('=', ''));
      assert.deepEqual(decodeBase64(encodeBase64(bytes)), bytes);
      assert.deepEqual(decodeBase64Padded(encodeBase64Padded(bytes)), bytes);
    }),
  );
});

test('a text is decoded exactly where encoding gives it back', () => {
  const character = fc.constantFrom(...'ABQgwxyz059+/=-_ \n\r\u00e4\0'.split(''));
  fc.assert(
    fc.property(fc.array(character, { maxLength: 12 }), (characters) => {
      const text = characters.join('');
      const ascii = bytesOf(Buffer.from(text, 'latin1'));
      const decoded = bytesOf(Buffer.from(text, 'base64'));
      const padded = Buffer.from(decoded).toString('base64');
      assert.deepEqual(decodeBase64Padded(ascii), text === padded ? decoded : null);
      assert.deepEqual(decodeBase64(ascii), text === padded.replaceAll('=', '') ? decoded : null);
    }),
    { numRuns: 2000 },
  );
});

test('every character outside the alphabet is refused at every place', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (const length of [2, 3, 4]) {
    for (let place = 0; place < length; place++) {
      for (let byte = 0; byte < 256; byte++) {
        const text = asciiBytes('AAAA'.slice(0, length));
        text[place] = byte;
        const character = String.fromCharCode(byte);
        const canonical = place < length - 1 || length === 4 || /[AQgw]/.test(character);
        const fits =
          alphabet.includes(character) &&
          (length === 3 ? canonical || 'AEIMQUYcgkosw048'.includes(character) : canonical);
        assert.equal(decodeBase64(text) !== null, fits, `${length} ${place} ${byte}`);
      }
    }
  }
});

test('only the one padding that belongs to a length is taken', () => {
  for (const text of [
    'QQ',
    'QQ=',
    'QQ==',
    'QQ===',
    'QQQ',
    'QQQ=',
    'QQQ==',
    '=',
    '==',
    '====',
    'QQ==QQ==',
    'Q===',
    'QQQQ====',
  ]) {
    const taken = decodeBase64Padded(asciiBytes(text)) !== null;
    assert.equal(taken, ['QQ==', 'QQQ='].includes(text), text);
  }
  assert.deepEqual(decodeBase64Padded(asciiBytes('QQE=')), Uint8Array.of(0x41, 0x01));
  assert.deepEqual(decodeBase64Padded(new Uint8Array(0)), new Uint8Array(0));
});
