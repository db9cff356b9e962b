import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { TlogError } from '../errors.ts';
import { MAX_NOTE_BYTES, MAX_NOTE_SIGNATURES } from '../limits.ts';
import { formatNote } from './format-note.ts';
import type { Note } from './note.ts';
import { parseNote } from './parse-note.ts';

const utf8 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const suffix = '\n\n\u2014 k AAAAAAE=\n';
const afterText = Buffer.byteLength(suffix);

const keyName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((name) => !/[\p{White_Space}+\p{Cc}]/u.test(name));
const note: fc.Arbitrary<Note> = fc.record(
  {
    text: fc
      .string({ unit: fc.constantFrom('a', ' ', '\n', '\u2014 ', 'é', '\u{1f511}', '+'), maxLength: 30 })
      .map((text) => `${text}\n`),
    signatures: fc.array(
      fc.record(
        {
          keyName,
          keyId: fc.integer({ min: 0, max: 0xffffffff }),
          signature: fc.uint8Array({ minLength: 1, maxLength: 80 }),
        },
        { noNullPrototype: true },
      ),
      { minLength: 1, maxLength: 4 },
    ),
  },
  { noNullPrototype: true },
);

test('what format writes, parse reads', () => {
  fc.assert(fc.property(note, (value) => assert.deepEqual(parseNote(formatNote(value)), value)));
});

test('a changed byte is refused or stands in what format writes', () => {
  fc.assert(
    fc.property(note, fc.nat(), fc.integer({ min: 0, max: 255 }), (value, place, byte) => {
      const bytes = formatNote(value);
      bytes[place % bytes.length] = byte;
      const parsed = parsedOrNull(bytes);
      if (parsed !== null) assert.deepEqual(formatNote(parsed), bytes);
    }),
    { numRuns: 500 },
  );
});

test('a removed or added byte is refused or stands in what format writes', () => {
  fc.assert(
    fc.property(
      note,
      fc.nat(),
      fc.constantFrom<readonly number[]>([], [10], [32], [43], [61], [10, 10]),
      (value, place, add) => {
        const bytes = formatNote(value);
        const at = place % bytes.length;
        const changed = Uint8Array.from([
          ...bytes.subarray(0, at),
          ...add,
          ...bytes.subarray(add.length === 0 ? at + 1 : at),
        ]);
        const parsed = parsedOrNull(changed);
        if (parsed !== null) assert.deepEqual(formatNote(parsed), changed);
      },
    ),
    { numRuns: 500 },
  );
});

test('any bytes are a note or refused with a code', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => void parsedOrNull(bytes)));
});

test('the signature is a copy of its own', () => {
  const bytes = utf8(`a${suffix}`);
  const { signatures } = parseNote(bytes);
  bytes.fill(0);
  assert.deepEqual(signatures, [{ keyName: 'k', keyId: 0, signature: Uint8Array.of(1) }]);
  assert.equal(signatures[0]?.signature.buffer.byteLength, 1);
});

test('a note has a maximum size', () => {
  assert.equal(MAX_NOTE_BYTES, 2_097_152);
  const longest = utf8('a'.repeat(MAX_NOTE_BYTES - afterText) + suffix);
  assert.equal(parseNote(longest).signatures.length, 1);
  const tooLong = utf8('a'.repeat(MAX_NOTE_BYTES - afterText + 1) + suffix);
  assert.throws(() => parseNote(tooLong), { code: 'note_too_large' });
  assert.throws(
    () =>
      formatNote({
        text: `${'a'.repeat(MAX_NOTE_BYTES - afterText + 1)}\n`,
        signatures: parseNote(longest).signatures,
      }),
    {
      code: 'argument_invalid',
    },
  );
  assert.deepEqual(formatNote(parseNote(longest)), longest);
});

test('format refuses what parse would not take', () => {
  const line = { keyName: 'k', keyId: 1, signature: Uint8Array.of(1) };
  const refused: readonly Note[] = [
    { text: 'a', signatures: [line] },
    { text: '', signatures: [line] },
    { text: 'a\t\n', signatures: [line] },
    { text: '\udc00\n', signatures: [line] },
    { text: 'a\n', signatures: [] },
    { text: 'a\n', signatures: [{ ...line, keyName: '' }] },
    { text: 'a\n', signatures: [{ ...line, keyName: 'a b' }] },
    { text: 'a\n', signatures: [{ ...line, keyName: 'k\n\u2014' }] },
    { text: 'a\n', signatures: [{ ...line, keyId: -1 }] },
    { text: 'a\n', signatures: [{ ...line, keyId: 0.5 }] },
    { text: 'a\n', signatures: [{ ...line, keyId: 2 ** 32 }] },
    { text: 'a\n', signatures: [{ ...line, signature: new Uint8Array() }] },
    { text: 'a\n', signatures: Array.from({ length: MAX_NOTE_SIGNATURES + 1 }, () => line) },
  ];
  for (const value of refused) assert.throws(() => formatNote(value), { code: 'argument_invalid' });
  assert.equal(MAX_NOTE_SIGNATURES, 100);
  assert.equal(
    parseNote(formatNote({ text: 'a\n', signatures: Array.from({ length: 100 }, () => line) })).signatures.length,
    100,
  );
});

function parsedOrNull(bytes: Uint8Array): Note | null {
  try {
    return parseNote(bytes);
  } catch (error) {
    assert.ok(error instanceof TlogError);
    assert.ok(['note_malformed', 'note_signatures_too_many'].includes(error.code));
    return null;
  }
}
