import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageVectors } from '../../test/age-vectors.ts';
import { hasCode } from '../../test/streams.ts';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { asciiBytes, concatBytes, textOfBytes } from './bytes.ts';
import { formatIdentityFile, parseIdentityFile } from './identity-file.ts';
import { generateIdentity, parseIdentity } from './identity.ts';

const X25519 = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX';
const parse = (text: string) => parseIdentityFile(asciiBytes(text));

test('a comment may hold any bytes', () => {
  const bytes = concatBytes(Uint8Array.of(0x23, 0xc3, 0xff, 0x0a), asciiBytes(X25519));
  assert.deepEqual(parseIdentityFile(bytes), [parseIdentity(X25519)]);
});

test('a file that is written is read again, and says its recipient', async () => {
  for (const kind of ['mlkem768x25519', 'X25519'] as const) {
    const identity = generateIdentity(nodeEngine, kind);
    const file = await formatIdentityFile(nodeEngine, identity);
    assert.deepEqual(parseIdentityFile(file), [identity]);
    assert.match(
      textOfBytes(file),
      kind === 'X25519'
        ? /^# public key: age1[^p]\w+\nAGE-SECRET-KEY-1\w+\n$/
        : /^# public key: age1pq1\w+\nAGE-SECRET-KEY-PQ-1\w+\n$/,
    );
  }
  const dated = textOfBytes(await formatIdentityFile(nodeEngine, parseIdentity(X25519), '2026-11-23T10:00:00Z'));
  assert.equal(
    dated,
    `# created: 2026-11-23T10:00:00Z\n# public key: age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj\n${X25519}\n`,
  );
});

test('a refusal names the line and never what stands in it', () => {
  const secret = X25519.toLowerCase();
  assert.throws(
    () => parse(`# one\n\n${secret}\n`),
    (error: Error) => {
      assert.ok(hasCode('identity_malformed')(error));
      assert.match(error.message, /line 3 /);
      assert.ok(!error.message.includes(secret.slice(18, 30)));
      return true;
    },
  );
});

const vectors = ageVectors('identity-files');

for (const { name, text, identities } of vectors.accept) {
  test(`accepted: ${name}`, () => {
    assert.deepEqual(parse(text), identities.map(parseIdentity));
  });
}

for (const { name, text } of vectors.reject) {
  test(`refused: ${name}`, () => {
    assert.throws(() => parse(text), hasCode('identity_malformed'));
  });
}

test('a line, a number of identities and a file up to their limits', () => {
  const comment = `#${'x'.repeat(4095)}`;
  assert.equal(parse(`${comment}\n${X25519}`).length, 1);
  assert.equal(parse(`${comment}\r\n${X25519}`).length, 1);
  assert.throws(() => parse(`${comment}x\n${X25519}`), /line 1 is too long/);
  const many = (count: number) => `${X25519}\n`.repeat(count);
  assert.equal(parse(many(1024)).length, 1024);
  assert.throws(() => parse(many(1025)), /too many/);
  const fill = (size: number) => `${`#${'x'.repeat(62)}\n`.repeat(size / 64 - 2)}#${'x'.repeat(52)}\n${X25519}`;
  const largest = asciiBytes(fill(1024 * 1024));
  assert.equal(largest.length, 1024 * 1024);
  assert.equal(parseIdentityFile(largest).length, 1);
  assert.throws(() => parseIdentityFile(concatBytes(largest, asciiBytes('\n'))), /too large/);
});
