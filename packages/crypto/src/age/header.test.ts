import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ageVectors } from '../../test/age-vectors.ts';
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

const vectors = ageVectors('headers');

for (const { name, text, stanzas: expected } of vectors.accept) {
  test(`accepted: ${name}`, () => {
    const header = parseText(text);
    const found = header.stanzas.map(({ args, body }) => ({ args, body: Buffer.from(body).toString('hex') }));
    assert.deepEqual(found, expected);
    assert.equal(textOfBytes(formatHeader(formatMacInput(header.stanzas), header.mac)), text);
  });
}

for (const { name, text } of vectors.reject) {
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
