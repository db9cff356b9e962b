import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bech32 } from '@scure/base';
import fc from 'fast-check';
import { isHybridRecipient } from './is-hybrid-recipient.ts';

const keys = fc.uint8Array({ minLength: 1216, maxLength: 1216 });
const recipientOf = (key: Uint8Array): string => bech32.encode('age1pq', bech32.toWords(key), false);
/** The library's answer, for texts in lower case. */
function isReference(text: string): boolean {
  try {
    const { prefix, bytes } = bech32.decodeToBytes(text, false);
    return prefix === 'age1pq' && bytes.length === 1216 && text === text.toLowerCase();
  } catch {
    return false;
  }
}

test('it takes what the library writes, and nothing that one character was changed in', () => {
  fc.assert(
    fc.property(
      keys,
      fc.nat(1958),
      fc.constantFrom(...Array.from('qpzry9x8gf2tvdw0s3jn54khce6mua7l1bioQé')),
      (key, at, char) => {
        const text = recipientOf(key);
        assert.ok(isHybridRecipient(text));
        const changed = text.slice(0, at) + char + text.slice(at + 1);
        assert.equal(isHybridRecipient(changed), changed === text);
        assert.equal(isHybridRecipient(changed), isReference(changed));
      },
    ),
    { numRuns: 100 },
  );
});

test('other lengths, prefixes, cases and bits that are left over are not it', () => {
  const key = new Uint8Array(1216).fill(7);
  const words = bech32.toWords(key);
  for (const text of [
    '',
    'age1pq1',
    recipientOf(key).toUpperCase(),
    recipientOf(key.subarray(1)),
    recipientOf(new Uint8Array(1217)),
    bech32.encode('age1pr', words, false),
    bech32.encode('age', words, false),
    ...[1, 2, 3].map((bits) => bech32.encode('age1pq', [...words.slice(0, -1), (words.at(-1) ?? 0) | bits], false)),
  ]) {
    assert.equal(isHybridRecipient(text), false, text.slice(0, 20));
    assert.equal(isReference(text), false);
  }
});
