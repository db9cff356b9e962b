import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { MAX_VERIFIER_KEY_CHARS } from '../limits.ts';
import { ed25519NoteType, mldsa44NoteType, type SignatureType } from './signature-type.ts';
import { formatVerifierKey, parseVerifierKey, verifierKey } from './verifier-key.ts';

// A log of other people, published with its key (shared vectors, tlog).
const published = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';

const withName = (name: string): string => formatVerifierKey(verifierKey(name, ed25519NoteType, new Uint8Array(32)));

test('a published key is read and written back', () => {
  const key = parseVerifierKey(published);
  assert.equal(key.name, 'example.com/log/testdata');
  assert.equal(key.keyId, 0x33d7b496);
  assert.equal(key.type, ed25519NoteType);
  assert.equal(Buffer.from(key.publicKey).toString('hex').slice(0, 8), 'e1d3bb84');
  assert.equal(key.publicKey.length, 32);
  assert.equal(formatVerifierKey(key), published);
});

test('an ML-DSA-44 key carries the long identifier, in the key id too', () => {
  const publicKey = new Uint8Array(1312).fill(9);
  const identifier = Buffer.concat([Buffer.of(0xff), Buffer.from('latchkey/mldsa44/v1')]);
  const key = verifierKey('latchkey/é', mldsa44NoteType, publicKey);
  const hash = createHash('sha256').update('latchkey/é\n').update(identifier).update(publicKey).digest();
  assert.equal(key.keyId, hash.readUInt32BE(0));
  const text = formatVerifierKey(key);
  assert.equal(
    text,
    `latchkey/é+${hash.toString('hex', 0, 4)}+${Buffer.concat([identifier, publicKey]).toString('base64')}`,
  );
  assert.deepEqual(parseVerifierKey(text), key);
});

test('a key id below 2^28 keeps its leading zeros', () => {
  let count = 0;
  let key = verifierKey('n0', ed25519NoteType, new Uint8Array(32));
  while (key.keyId >= 2 ** 28) key = verifierKey(`n${(count += 1)}`, ed25519NoteType, new Uint8Array(32));
  const text = formatVerifierKey(key);
  assert.match(text, /^n\d+\+0[0-9a-f]{7}\+/);
  assert.deepEqual(parseVerifierKey(text), key);
});

test('only the given types are known', () => {
  assert.throws(() => parseVerifierKey(published, [mldsa44NoteType]), { code: 'verifier_key_malformed' });
  const cosignature: SignatureType = { ...ed25519NoteType, name: 'cosignature', identifier: Uint8Array.of(0x04) };
  const text = formatVerifierKey(verifierKey('witness.example.org', cosignature, new Uint8Array(32)));
  assert.equal(parseVerifierKey(text, [ed25519NoteType, cosignature]).type, cosignature);
  assert.throws(() => parseVerifierKey(text), { code: 'verifier_key_malformed' });
});

test('what is not exactly a verifier key is refused', () => {
  const [name, keyId, key] = ['example.com/log/testdata', '33d7b496', published.slice(published.indexOf('+Ae') + 1)];
  const rejects: Record<string, string> = {
    empty: '',
    'one part': name,
    'two parts': `${name}+${keyId}`,
    'no name': `+${keyId}+${key}`,
    'white space in the name': `example com+${keyId}+${key}`,
    'the wrong key id': `${name}+33d7b497+${key}`,
    'no key id': `${name}++${key}`,
    'another name': `example.com/log/testdatb+${keyId}+${key}`,
    'no base64': `${name}+${keyId}+A*`,
    'no padding': `latchkey+00000000+${Buffer.from([1, 2]).toString('base64url')}`,
    'a key that is too short': `${name}+${keyId}+${Buffer.from(key, 'base64').subarray(0, 32).toString('base64')}`,
    'a key that is too long': `${name}+${keyId}+${Buffer.concat([Buffer.from(key, 'base64'), Buffer.of(0)]).toString('base64')}`,
    'an unknown type': `${name}+${keyId}+${Buffer.concat([Buffer.of(2), Buffer.alloc(32)]).toString('base64')}`,
    'a newline at the end': `${published}\n`,
    'a space at the end': `${published} `,
  };
  for (const [why, text] of Object.entries(rejects)) {
    assert.throws(() => parseVerifierKey(text), { code: 'verifier_key_malformed' }, why);
  }
  const upper = published.replace('33d7b496', '33D7B496');
  assert.throws(() => parseVerifierKey(upper), { code: 'verifier_key_malformed' });
});

test('a key line has a maximum', () => {
  const roomChars = MAX_VERIFIER_KEY_CHARS - withName('n').length + 1;
  assert.equal(MAX_VERIFIER_KEY_CHARS, 4096);
  assert.equal(parseVerifierKey(withName('n'.repeat(roomChars))).name.length, roomChars);
  const tooLong = withName('n'.repeat(roomChars + 1));
  assert.throws(() => parseVerifierKey(tooLong), { code: 'verifier_key_malformed' });
});

test('a name that no line can carry and a key of another size are refused', () => {
  for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u00a0b', 'a\u3000b', '\ud800']) {
    assert.throws(() => verifierKey(name, ed25519NoteType, new Uint8Array(32)), { code: 'argument_invalid' });
  }
  for (const sizeBytes of [0, 31, 33]) {
    assert.throws(() => verifierKey('a', ed25519NoteType, new Uint8Array(sizeBytes)), { code: 'argument_invalid' });
  }
});

test('the key is a copy', () => {
  const bytes = new Uint8Array(32);
  const key = verifierKey('a', ed25519NoteType, bytes);
  bytes.fill(1);
  assert.deepEqual(key.publicKey, new Uint8Array(32));
});
