import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import fc from 'fast-check';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { formatKitWords, makeKit, parseKitWords } from './kit-words.ts';

const entropies = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('a kit is 32 fresh bytes and their 24 words', () => {
  const [kit, other] = [makeKit(nodeEngine), makeKit(nodeEngine)];
  assert.notDeepEqual(kit.entropy, other.entropy);
  assert.equal(kit.words.length, 24);
  assert.deepEqual(parseKitWords(kit.words.join(' ')), { outcome: 'kit', entropy: kit.entropy });
});

test('words come back as the entropy, however they are spaced and capitalised', () => {
  const white = fc.constantFrom(' ', '  ', '\n', '\r\n', '\t', '\u00a0', '\u3000');
  fc.assert(
    fc.property(entropies, white, fc.boolean(), (entropy, between, capitals) => {
      const text = between + formatKitWords(entropy).join(between) + between;
      assert.deepEqual(parseKitWords(capitals ? text.toUpperCase() : text), { outcome: 'kit', entropy });
    }),
  );
});

test('another word at any place is refused, but for the one in 256 that the checksum lets through', () => {
  let passed = 0;
  fc.assert(
    fc.property(entropies, fc.nat(23), fc.nat(2047), (entropy, at, index) => {
      const words = formatKitWords(entropy);
      const word = wordlist[index] ?? '';
      fc.pre(words[at] !== word);
      const parsed = parseKitWords(words.with(at, word).join(' '));
      if (parsed.outcome !== 'kit') assert.equal(parsed.outcome, 'checksum_wrong');
      else {
        passed++;
        assert.notDeepEqual(parsed.entropy, entropy);
      }
    }),
    { numRuns: 1000 },
  );
  assert.ok(passed < 30, `${passed} of 1,000 wrong kits were taken`);
});

test('the position of a word that does not exist is told, the word is not', () => {
  fc.assert(
    fc.property(entropies, fc.nat(23), (entropy, at) => {
      const parsed = parseKitWords(formatKitWords(entropy).with(at, 'latchkey').join(' '));
      assert.deepEqual(parsed, { outcome: 'unknown_word', position: at + 1 });
    }),
  );
});

test('entropy of another length is no kit', () => {
  for (const lengthBytes of [0, 16, 31, 33]) {
    const invalid = { code: 'argument_invalid', message: /^kit entropy must be 32/ };
    assert.throws(() => formatKitWords(new Uint8Array(lengthBytes)), invalid);
  }
});
