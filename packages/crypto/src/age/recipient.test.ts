import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bech32 } from '@scure/base';
import fc from 'fast-check';
import { hasCode } from '../../test/streams.ts';
import { formatRecipient, parseRecipient } from './recipient.ts';

const X25519 = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';
const encode = (prefix: string, lengthBytes: number) =>
  bech32.encode(prefix, bech32.toWords(new Uint8Array(lengthBytes).fill(5)), false);

test('the recipient of the specification is read and written', () => {
  const recipient = parseRecipient(X25519);
  assert.equal(recipient.kind, 'X25519');
  assert.equal(recipient.publicKey.length, 32);
  assert.equal(formatRecipient(recipient), X25519);
});

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

const REFUSED: Readonly<Record<string, string>> = {
  nothing: '',
  capitals: X25519.toUpperCase(),
  'one capital': X25519.replace('z', 'Z'),
  'a wrong checksum': X25519.replace(/j$/, 'q'),
  'a space before': ` ${X25519}`,
  'a line end after': `${X25519}\n`,
  'an identity': 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX',
  'a tag recipient': 'age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e',
  'an X25519 key that is short': encode('age', 31),
  'an X25519 key that is long': encode('age', 33),
  'a hybrid key that is short': encode('age1pq', 1215),
  'a hybrid key that is long': encode('age1pq', 1217),
  'a hybrid prefix with an X25519 key': encode('age1pq', 32),
  'an X25519 prefix with a hybrid key': encode('age', 1216),
  'bits left over': bech32.encode('age', [...bech32.toWords(new Uint8Array(32)).slice(0, -1), 1], false),
  'a SSH key': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  'a text that is too long': encode('age1pq', 1280),
};

for (const [name, text] of Object.entries(REFUSED)) {
  test(`refused: ${name}`, () => {
    assert.throws(() => parseRecipient(text), hasCode('recipient_malformed'));
  });
}

test('a text is not looked at beyond the limit', () => {
  assert.throws(() => parseRecipient('q'.repeat(2048)), /no bech32/);
  assert.throws(() => parseRecipient('q'.repeat(2049)), /too long/);
});
