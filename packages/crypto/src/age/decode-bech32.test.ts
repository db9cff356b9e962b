import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bech32 } from '@scure/base';
import fc from 'fast-check';
import { decodeBech32 } from './decode-bech32.ts';

/** What the library says, in lower case only. */
function expected(prefix: string, text: string): Uint8Array | null {
  const decoded = bech32.decodeUnsafe(text, false);
  if (decoded === undefined || decoded.prefix !== prefix || text !== text.toLowerCase()) return null;
  const bytes = bech32.fromWordsUnsafe(decoded.words);
  return bytes instanceof Uint8Array ? bytes : null;
}

const prefix = fc.constantFrom('age', 'age1pq', 'a1', 'x');
const payload = fc.uint8Array({ maxLength: 80 });
const character = fc.oneof(
  fc.constantFrom(...Array.from('qpzry9x8gf2tvdw0s3jn54khce6mua7l1bioQPZ -\u0131\u{1f511}')),
  fc.string(),
);

test('what the library writes is read', () => {
  fc.assert(
    fc.property(prefix, payload, (before, bytes) => {
      const text = bech32.encode(before, bech32.toWords(bytes), false);
      assert.deepEqual(decodeBech32(before, text), bytes);
      assert.equal(decodeBech32(`${before}x`, text), null);
    }),
  );
});

test('a changed text is read or refused as by the library', () => {
  fc.assert(
    fc.property(prefix, payload, fc.nat(), fc.nat({ max: 2 }), character, (before, bytes, place, removed, put) => {
      const text = bech32.encode(before, bech32.toWords(bytes), false);
      const at = place % (text.length + 1);
      const changed = text.slice(0, at) + put + text.slice(at + removed);
      assert.deepEqual(decodeBech32(before, changed), expected(before, changed));
    }),
    { numRuns: 2_000 },
  );
});

test('any groups of five bits under a good checksum are read or refused as by the library', () => {
  fc.assert(
    fc.property(prefix, fc.array(fc.nat({ max: 31 }), { maxLength: 20 }), (before, words) => {
      const text = bech32.encode(before, words, false);
      assert.deepEqual(decodeBech32(before, text), expected(before, text));
      assert.equal(decodeBech32(before, text.toUpperCase()), null);
    }),
    { numRuns: 1_000 },
  );
});
