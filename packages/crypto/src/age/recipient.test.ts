import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ageVectors } from '../../test/age-vectors.ts';
import { hasCode } from '../../test/streams.ts';
import { formatRecipient, parseRecipient } from './recipient.ts';

test('every recipient that is written is read again', () => {
  for (const [kind, size] of [
    ['X25519', 32],
    ['mlkem768x25519', 1216],
  ] as const) {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: size, maxLength: size }), (publicKey) => {
        const text = formatRecipient({ kind, publicKey });
        assert.ok(text.startsWith(kind === 'X25519' ? 'age1' : 'age1pq1'));
        assert.deepEqual(parseRecipient(text), { kind, publicKey });
      }),
      { numRuns: 30 },
    );
  }
});

const vectors = ageVectors('recipients');

for (const { text, kind, publicKey } of vectors.accept) {
  test(`accepted: ${text.slice(0, 12)}…`, () => {
    const recipient = parseRecipient(text);
    assert.equal(recipient.kind, kind);
    assert.equal(Buffer.from(recipient.publicKey).toString('hex'), publicKey);
    assert.equal(formatRecipient(recipient), text);
  });
}

for (const { name, text } of vectors.reject) {
  test(`refused: ${name}`, () => {
    assert.throws(() => parseRecipient(text), hasCode('recipient_malformed'));
  });
}

test('a text is not looked at beyond the limit', () => {
  assert.throws(() => parseRecipient('q'.repeat(2048)), /no bech32/);
  assert.throws(() => parseRecipient('q'.repeat(2049)), /too long/);
});
