import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import * as fields from './fields.ts';
import { decodeShortHeader, encodeBytes, encodeShortHeader, isShortHeader, limits } from './index.ts';

interface Vectors {
  readonly accept: readonly Readonly<Record<'name' | 'text' | 'short', string>>[];
  readonly reject: readonly Readonly<Record<'name' | 'base' | 'find' | 'replace', string>>[];
  readonly rejectShort: readonly { name: string; base: string; first: number; bytes: number }[];
}

const file = new URL('../../../../vectors/wire/short-headers.json', import.meta.url);
const { accept, reject, rejectShort } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const named = (name: string): Vectors['accept'][number] => {
  const found = accept.find((each) => each.name === name);
  assert.ok(found !== undefined);
  return found;
};

for (const { name, text, short } of accept) {
  test(`one is made of the other: ${name}`, () => {
    const bytes = Uint8Array.from(Buffer.from(short, 'hex'));
    assert.equal(bytes.length, limits.HEADER_BYTES);
    assert.equal(Buffer.from(encodeShortHeader(bytesOf(text))).toString('hex'), short);
    assert.equal(Buffer.from(decodeShortHeader(bytes) ?? []).toString(), text);
    assert.ok(v.is(fields.header, encodeBytes(bytes)));
    // Neither is changed, nor given back as it is.
    assert.equal(Buffer.from(bytes).toString('hex'), short);
  });
}

for (const { name, base, find, replace } of reject) {
  test(`no short form is made of ${name}`, () => {
    const { text } = named(base);
    const changed = text.replace(find, () => replace);
    assert.notEqual(changed, text);
    assert.throws(() => encodeShortHeader(bytesOf(changed)), RangeError);
  });
}

test('no short form is made of a text that was cut or goes on', () => {
  for (const { text } of accept) {
    for (const other of [text.slice(0, -1), text.slice(1), `${text}\n`, `${text}A`, '', text.slice(0, 40)]) {
      assert.throws(() => encodeShortHeader(bytesOf(other)), RangeError);
    }
  }
});

for (const { name, base, first, bytes: length } of rejectShort) {
  test(`no short header: ${name}`, () => {
    const bytes = new Uint8Array(length);
    bytes.set(Buffer.from(named(base).short, 'hex').subarray(0, length));
    bytes.set([first].slice(0, length));
    assert.equal(decodeShortHeader(bytes), null);
    assert.equal(isShortHeader(bytes), false);
    assert.ok(!v.is(fields.header, encodeBytes(bytes)));
  });
}

const shortHeaders = fc
  .uint8Array({ minLength: limits.HEADER_BYTES - 1, maxLength: limits.HEADER_BYTES - 1 })
  .map((rest) => Uint8Array.of(1, ...rest));

test('every short header is one text, and every text that is changed anywhere is another header or none', () => {
  fc.assert(
    fc.property(shortHeaders, fc.nat({ max: 1_626 }), fc.integer({ min: 1, max: 255 }), (short, at, flip) => {
      const text = decodeShortHeader(short);
      assert.ok(text !== null);
      assert.match(
        Buffer.from(text).toString('latin1'),
        /^age-encryption\.org\/v1\n-> mlkem768x25519 [A-Za-z0-9+/]{1494}\n[A-Za-z0-9+/]{43}\n--- [A-Za-z0-9+/]{43}\n$/,
      );
      assert.deepEqual(encodeShortHeader(text), short);
      const changed = text.with(at, (text[at] ?? 0) ^ flip);
      try {
        assert.deepEqual(decodeShortHeader(encodeShortHeader(changed)), changed);
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }),
  );
});

test('whatever is decoded is encoded to the same bytes, and nothing is decoded but what has length and form', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1_300 }), (bytes) => {
      const text = decodeShortHeader(bytes);
      assert.equal(text !== null, isShortHeader(bytes));
      if (text !== null) assert.deepEqual(encodeShortHeader(text), bytes);
    }),
  );
});

test('a list gives what else may stand there to its reader, up to a length', () => {
  for (const length of [1, 100, limits.HEADER_BYTES, 1_627, limits.MAX_HEADER_BYTES]) {
    assert.ok(v.is(fields.listedHeader, encodeBytes(new Uint8Array(length))));
  }
  for (const length of [0, limits.MAX_HEADER_BYTES + 1]) {
    assert.ok(!v.is(fields.listedHeader, encodeBytes(new Uint8Array(length))));
  }
});
