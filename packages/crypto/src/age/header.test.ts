import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode } from '../../test/streams.ts';
import { asciiBytes, concatBytes, textOfBytes } from './bytes.ts';
import { formatHeader, formatMacInput, parseHeader } from './header.ts';
import { MAX_HEADER_BYTES, MAX_STANZAS } from './limits.ts';

const VERSION = 'age-encryption.org/v1\n';
const MAC_LINE = `--- ${'A'.repeat(43)}\n`;
const parseText = (text: string) => parseHeader(asciiBytes(text));

const stanzas = fc.array(
  fc.record(
    {
      args: fc.array(fc.stringMatching(/^[!-~]{1,9}$/), { minLength: 1, maxLength: 4 }),
      body: fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(48, 96).map((n) => new Uint8Array(n)),
      ),
    },
    { noNullPrototype: true },
  ),
  { minLength: 1, maxLength: 5 },
);
const macs = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('what is written is read again, and the MAC is over all up to the dashes', () => {
  fc.assert(
    fc.property(stanzas, macs, (written, mac) => {
      const macInput = formatMacInput(written);
      const header = parseHeader(formatHeader(macInput, mac));
      assert.deepEqual(header.stanzas, written);
      assert.deepEqual(header.mac, mac);
      assert.deepEqual(header.macInput, macInput);
    }),
  );
});

test('a changed byte is refused, or it is what is written for other stanzas', () => {
  fc.assert(
    fc.property(stanzas, macs, fc.nat(), fc.nat(255), (written, mac, place, byte) => {
      const bytes = formatHeader(formatMacInput(written), mac);
      bytes[place % bytes.length] = byte;
      let header;
      try {
        header = parseHeader(bytes);
      } catch (error) {
        assert.ok(hasCode('header_malformed')(error));
        return;
      }
      assert.deepEqual(formatHeader(formatMacInput(header.stanzas), header.mac), bytes);
    }),
    { numRuns: 1000 },
  );
});

test('the form is that of the specification', () => {
  const body = new Uint8Array(49);
  const written = formatMacInput([
    { args: ['one', 'two'], body },
    { args: ['three'], body: new Uint8Array(48) },
    { args: ['four'], body: new Uint8Array(0) },
  ]);
  const full = 'A'.repeat(64);
  assert.equal(textOfBytes(written), `${VERSION}-> one two\n${full}\nAA\n-> three\n${full}\n\n-> four\n\n---`);
  const mac = new Uint8Array(32);
  assert.equal(textOfBytes(formatHeader(written, mac)), `${textOfBytes(written)} ${'A'.repeat(43)}\n`);
});

const REFUSED: Readonly<Record<string, string>> = {
  empty: '',
  'version line alone': VERSION,
  'another version': `age-encryption.org/v2\n-> a\n\n${MAC_LINE}`,
  'version line with CRLF': `age-encryption.org/v1\r\n-> a\n\n${MAC_LINE}`,
  'no stanza': `${VERSION}${MAC_LINE}`,
  'no MAC': `${VERSION}-> a\n\n`,
  'MAC without line feed': `${VERSION}-> a\n\n${MAC_LINE.slice(0, -1)}`,
  'something after the MAC': `${VERSION}-> a\n\n${MAC_LINE}x`,
  'a line after the MAC': `${VERSION}-> a\n\n${MAC_LINE}\n`,
  'MAC one character short': `${VERSION}-> a\n\n--- ${'A'.repeat(42)}\n`,
  'MAC of 33 bytes': `${VERSION}-> a\n\n--- ${'A'.repeat(44)}\n`,
  'MAC not canonical': `${VERSION}-> a\n\n--- ${'A'.repeat(42)}B\n`,
  'MAC with padding': `${VERSION}-> a\n\n--- ${'A'.repeat(43)}=\n`,
  'MAC without space': `${VERSION}-> a\n\n---${'A'.repeat(43)}\n`,
  'MAC with another character for the space': `${VERSION}-> a\n\n---A${'A'.repeat(43)}\n`,
  'MAC with two spaces': `${VERSION}-> a\n\n---  ${'A'.repeat(43)}\n`,
  'arrow without argument': `${VERSION}->\n\n${MAC_LINE}`,
  'arrow and space': `${VERSION}-> \n\n${MAC_LINE}`,
  'another arrow': `${VERSION}=> a\n\n${MAC_LINE}`,
  'two spaces between arguments': `${VERSION}-> a  b\n\n${MAC_LINE}`,
  'space at the end': `${VERSION}-> a \n\n${MAC_LINE}`,
  'tab in an argument': `${VERSION}-> a\tb\n\n${MAC_LINE}`,
  'delete in an argument': `${VERSION}-> a\x7f\n\n${MAC_LINE}`,
  'no ASCII in an argument': `${VERSION}-> \xe4\n\n${MAC_LINE}`,
  'return at the end of arguments': `${VERSION}-> a\r\n\n${MAC_LINE}`,
  'body without end': `${VERSION}-> a\n${MAC_LINE}`,
  'body line of 65 columns': `${VERSION}-> a\n${'A'.repeat(65)}\n\n${MAC_LINE}`,
  'body line of 66 columns': `${VERSION}-> a\n${'A'.repeat(66)}\n\n${MAC_LINE}`,
  'body line of 68 columns': `${VERSION}-> a\n${'A'.repeat(68)}\n\n${MAC_LINE}`,
  'full body line without a short one': `${VERSION}-> a\n${'A'.repeat(64)}\n${MAC_LINE}`,
  'two short body lines': `${VERSION}-> a\nAAAA\nAAAA\n${MAC_LINE}`,
  'body not canonical': `${VERSION}-> a\nAB\n${MAC_LINE}`,
  'body with padding': `${VERSION}-> a\nAA==\n${MAC_LINE}`,
  'empty line before a stanza': `${VERSION}\n-> a\n\n${MAC_LINE}`,
};

for (const [name, text] of Object.entries(REFUSED)) {
  test(`refused: ${name}`, () => {
    assert.throws(() => parseText(text), hasCode('header_malformed'));
  });
}

test('as many stanzas as are allowed, and not one more', () => {
  const many = (count: number) => `${VERSION}${'-> a\n\n'.repeat(count)}${MAC_LINE}`;
  assert.equal(parseText(many(MAX_STANZAS)).stanzas.length, MAX_STANZAS);
  assert.throws(() => parseText(many(MAX_STANZAS + 1)), hasCode('header_too_large'));
});

test('as many bytes as are allowed, and not one more', () => {
  const frame = `${VERSION}-> \n\n${MAC_LINE}`.length;
  const withSize = (size: number) =>
    concatBytes(asciiBytes(`${VERSION}-> `), new Uint8Array(size - frame).fill(0x61), asciiBytes(`\n\n${MAC_LINE}`));
  assert.equal(parseHeader(withSize(MAX_HEADER_BYTES)).stanzas.length, 1);
  assert.throws(() => parseHeader(withSize(MAX_HEADER_BYTES + 1)), hasCode('header_too_large'));
});
