import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeEngine } from './engine-node/node-engine.ts';
import { itemOf } from './item.ts';

test('an item changes with every bit of key and nonce', async () => {
  const parts = { fileKey: new Uint8Array(16), payloadNonce: new Uint8Array(16) };
  const seen = new Set([Buffer.from(await itemOf(nodeEngine, parts)).toString('hex')]);
  for (const part of ['fileKey', 'payloadNonce']) {
    for (let bit = 0; bit < 128; bit += 1) {
      const changed = new Uint8Array(16).with(bit >> 3, 1 << (bit & 7));
      seen.add(Buffer.from(await itemOf(nodeEngine, { ...parts, [part]: changed })).toString('hex'));
    }
  }
  assert.equal(seen.size, 257);
});

test('what has the wrong length is named', async () => {
  const bytes = new Uint8Array(16);
  const short = new Uint8Array(15);
  const itemOfParts = (fileKey: Uint8Array, payloadNonce: Uint8Array): Promise<Uint8Array> =>
    itemOf(nodeEngine, { fileKey, payloadNonce });
  await assert.rejects(itemOfParts(short, bytes), { message: 'file key must be 16 bytes, got 15' });
  await assert.rejects(itemOfParts(bytes, short), { message: 'payload nonce must be 16 bytes, got 15' });
});
