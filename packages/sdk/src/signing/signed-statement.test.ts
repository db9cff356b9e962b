import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { hybridSigner, type HybridSigner } from '@latchkey/crypto/sign';
import { parseStatement } from '@latchkey/protocol';
import { isSignedBy, parseSigned, signStatement } from './signed-statement.ts';

const bytes = (lengthBytes: number): Uint8Array => new Uint8Array(randomBytes(lengthBytes));

test('a signer is asked once for both halves of its signature', async () => {
  const signer = await hybridSigner(nodeEngine, { ed25519: bytes(32), mldsa44: bytes(32) });
  let asked = 0;
  const counted: HybridSigner = {
    publicKey: signer.publicKey,
    sign(message) {
      asked += 1;
      return signer.sign(message);
    },
  };
  const vector = new URL('../../../../vectors/statements/message.json', import.meta.url);
  const { accept } = JSON.parse(readFileSync(vector, 'utf8')) as { accept: { text: string }[] };
  const statement = parseStatement(accept[0]?.text ?? '');
  assert.ok(statement.kind === 'latchkey/message/v1');
  const note = await signStatement(statement, [{ name: 'alice', signer: counted }]);
  assert.equal(asked, 1);
  const signed = parseSigned('latchkey/message/v1', note);
  assert.ok(await isSignedBy(nodeEngine, signed, { name: 'alice', keys: signer.publicKey }));
});
