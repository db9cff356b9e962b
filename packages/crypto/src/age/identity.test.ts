import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateX25519Identity, generateHybridIdentity, identityToRecipient } from 'age-encryption';
import { ageVectors } from '../../test/age-vectors.ts';
import { hasCode } from '../../test/streams.ts';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { nobleEngine } from '../engine/noble-engine.ts';
import { formatIdentity, generateIdentity, parseIdentity, recipientOf } from './identity.ts';
import { formatRecipient } from './recipient.ts';

const X25519 = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX';
const HYBRID = 'AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR';
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

const vectors = ageVectors('identities');

for (const { text, kind, secret, recipient } of vectors.accept) {
  test(`accepted: ${text.slice(0, 20)}…`, async () => {
    const identity = parseIdentity(text);
    assert.equal(identity.kind, kind);
    assert.equal(Buffer.from(identity.secret).toString('hex'), secret);
    assert.equal(formatIdentity(identity), text);
    for (const engine of [nodeEngine, nobleEngine])
      assert.equal(formatRecipient(await recipientOf(engine, identity)), recipient);
  });
}

for (const { name, text } of vectors.reject) {
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
