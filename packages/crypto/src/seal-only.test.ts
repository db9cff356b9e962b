import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decrypter, generateHybridIdentity, identityToRecipient } from 'age-encryption';
import { nodeEngine } from './engine-node/index.ts';
import { nodeSealer } from './engine-node/node-sealer.ts';
import { formatRecipient, generateIdentity, open, parseIdentity, recipientOf } from './index.ts';
import { sealSmall } from './seal-only.ts';

test('what is sealed opens with typage and with our own code', async () => {
  const identity = await generateHybridIdentity();
  const recipient = await identityToRecipient(identity);
  for (const length of [1, 100, 65_536]) {
    const bytes = nodeEngine.randomBytes(length);
    const sealed = await sealSmall(nodeSealer, recipient, bytes);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    assert.deepEqual(await decrypter.decrypt(sealed), bytes);
    const opened = await open(nodeEngine, { source: oneOf(sealed), identities: [parseIdentity(identity)] });
    assert.ok(opened !== null);
    const pieces: Uint8Array[] = [];
    for await (const piece of opened.plaintext) pieces.push(piece.slice());
    assert.deepEqual(new Uint8Array(Buffer.concat(pieces)), bytes);
  }
});

test('a classical recipient, nothing, and more than a chunk are refused', async () => {
  const hybrid = formatRecipient(await recipientOf(nodeEngine, generateIdentity(nodeEngine, 'mlkem768x25519')));
  const classical = formatRecipient(await recipientOf(nodeEngine, generateIdentity(nodeEngine, 'X25519')));
  const some = new Uint8Array(1);
  await assert.rejects(sealSmall(nodeSealer, classical, some), { code: 'recipients_below_floor' });
  await assert.rejects(sealSmall(nodeSealer, 'age1pq1qqqq', some), { code: 'recipient_malformed' });
  for (const length of [0, 65_537])
    await assert.rejects(sealSmall(nodeSealer, hybrid, new Uint8Array(length)), { code: 'argument_invalid' });
});

test('the engine for sealing has nothing that opens', () => {
  assert.deepEqual(Object.keys(nodeSealer).toSorted(), [
    'aeadSeal',
    'hkdfSha256',
    'hmacSha256',
    'hybridKemEncapsulate',
    'randomBytes',
  ]);
});

async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
