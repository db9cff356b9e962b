import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bech32 } from '@scure/base';
import { generateX25519Identity, generateHybridIdentity, identityToRecipient } from 'age-encryption';
import { hasCode } from '../../test/streams.ts';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { nobleEngine } from '../engine/noble-engine.ts';
import { formatIdentity, generateIdentity, parseIdentity, recipientOf } from './identity.ts';
import { formatRecipient } from './recipient.ts';

const X25519 = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX';
const HYBRID = 'AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR';
const encode = (prefix: string, lengthBytes: number) =>
  bech32.encode(prefix, bech32.toWords(new Uint8Array(lengthBytes).fill(5)), false).toUpperCase();

test('the identities of the specification are read and written', async () => {
  assert.equal(parseIdentity(X25519).kind, 'X25519');
  assert.equal(parseIdentity(HYBRID).kind, 'mlkem768x25519');
  for (const text of [X25519, HYBRID]) assert.equal(formatIdentity(parseIdentity(text)), text);
  assert.equal(
    formatRecipient(await recipientOf(nobleEngine, parseIdentity(X25519))),
    'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj',
  );
});

test('the recipient of an identity is the one that typage finds', async () => {
  for (const text of [X25519, HYBRID, await generateX25519Identity(), await generateHybridIdentity()]) {
    for (const engine of [nodeEngine, nobleEngine])
      assert.equal(formatRecipient(await recipientOf(engine, parseIdentity(text))), await identityToRecipient(text));
  }
});

test('a fresh identity is hybrid unless told otherwise, and no two are the same', () => {
  const first = generateIdentity(nodeEngine);
  assert.equal(first.kind, 'mlkem768x25519');
  assert.equal(first.secret.length, 32);
  assert.notDeepEqual(generateIdentity(nodeEngine).secret, first.secret);
  assert.equal(generateIdentity(nodeEngine, 'X25519').kind, 'X25519');
  assert.match(formatIdentity(first), /^AGE-SECRET-KEY-PQ-1[02-9AC-HJ-NP-Z]{58}$/);
});

const REFUSED: Readonly<Record<string, string>> = {
  nothing: '',
  'lower case': X25519.toLowerCase(),
  'one letter in lower case': X25519.replace('Y', 'y'),
  'a wrong checksum': X25519.replace(/X$/, 'Q'),
  'a space before': ` ${X25519}`,
  'a return after': `${X25519}\r`,
  'a recipient': 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj',
  'a plugin identity': encode('age-plugin-sample-', 32),
  'a short X25519 secret': encode('age-secret-key-', 31),
  'a long X25519 secret': encode('age-secret-key-', 33),
  'a short hybrid secret': encode('age-secret-key-pq-', 31),
  'a long hybrid secret': encode('age-secret-key-pq-', 33),
  'bits left over': bech32
    .encode('age-secret-key-', [...bech32.toWords(new Uint8Array(32)).slice(0, -1), 1], false)
    .toUpperCase(),
};

for (const [name, text] of Object.entries(REFUSED)) {
  test(`refused: ${name}`, () => {
    assert.throws(() => parseIdentity(text), hasCode('identity_malformed'));
  });
}

test('a refusal never repeats the secret', () => {
  for (const text of [X25519.toLowerCase(), `${X25519}Q`, HYBRID.replace('XX', 'QQ')])
    assert.throws(
      () => parseIdentity(text),
      (error: Error) => !error.message.toUpperCase().includes(text.slice(20, 40).toUpperCase()),
    );
});

test('a text is not looked at beyond the limit', () => {
  assert.throws(() => parseIdentity('Q'.repeat(96)), /no bech32/);
  assert.throws(() => parseIdentity('Q'.repeat(97)), /too long/);
});
