import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNote } from './parse-note.ts';

const utf8 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

test('a note cut within its last line is refused, also where what is left would be base64', () => {
  const whole = 'a\n\n\u2014 k AAAAAAECAwQF\n';
  assert.equal(parseNote(utf8(whole)).signatures.length, 1);
  // Twelve characters of base64 and one more in the place of the newline.
  assert.throws(() => parseNote(utf8(whole.replace(/\n$/, 'B'))), { code: 'note_malformed' });
  for (let cut = 1; cut < whole.length; cut += 1) {
    assert.throws(() => parseNote(utf8(whole.slice(0, -cut))), { code: 'note_malformed' });
  }
});
