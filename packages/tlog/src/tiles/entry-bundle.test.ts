import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { TlogError } from '../errors.ts';
import { decodeEntryBundle, encodeEntryBundle } from './entry-bundle.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 });

test('each entry stands after its length', () => {
  assert.deepEqual(encodeEntryBundle([hex('aa'), hex(''), hex('bbcc')]), hex('0001aa00000002bbcc'));
  const long = new Uint8Array(0x0102);
  assert.deepEqual(encodeEntryBundle([long]).subarray(0, 2), hex('0102'));
});

test('what encode writes, decode reads', () => {
  fc.assert(fc.property(entries, (value) => assert.deepEqual(decodeEntryBundle(encodeEntryBundle(value)), value)));
});

test('any bytes are refused or are what encode writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40, max: 3 }), (bytes) => {
      try {
        assert.deepEqual(encodeEntryBundle(decodeEntryBundle(bytes)), bytes);
      } catch (error) {
        if (!(error instanceof TlogError)) throw error;
        assert.equal(error.code, 'entry_bundle_malformed');
      }
    }),
  );
});

const empties = (count: number): Uint8Array => new Uint8Array(2 * count);
for (const [name, bytes, limits] of [
  ['nothing', hex(''), {}],
  ['half a length', hex('00'), {}],
  ['half a length after an entry', hex('0001aa00'), {}],
  ['an entry cut short', hex('0002aa'), {}],
  ['257 entries', empties(257), {}],
  ['fewer entries than asked for', empties(2), { width: 3 }],
  ['more entries than asked for', empties(3), { width: 2 }],
  ['an entry longer than allowed', hex('0002aabb'), { maxEntryBytes: 1 }],
] as const) {
  test(`refused: ${name}`, () => {
    assert.throws(() => decodeEntryBundle(bytes, limits), { name: 'TlogError', code: 'entry_bundle_malformed' });
  });
}

test('the limits themselves are taken', () => {
  assert.equal(decodeEntryBundle(empties(256)).length, 256);
  assert.equal(decodeEntryBundle(empties(2), { width: 2 }).length, 2);
  assert.equal(decodeEntryBundle(hex('0002aabb'), { maxEntryBytes: 2 }).length, 1);
  assert.equal(decodeEntryBundle(encodeEntryBundle([new Uint8Array(0xffff)]))[0]?.length, 0xffff);
});

test('what no bundle holds is not written', () => {
  for (const value of [[], Array.from({ length: 257 }, () => hex('')), [new Uint8Array(0x10000)]]) {
    assert.throws(() => encodeEntryBundle(value), { name: 'TlogError', code: 'argument_invalid' });
  }
});
