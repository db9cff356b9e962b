import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { type LatchPlace, unwrapRoot, wrapRoot } from './latch.ts';

const keyring = { engine: nodeEngine, kek: new Uint8Array(32).fill(1) };
const place: LatchPlace = {
  account: new Uint8Array(16).fill(2),
  latch: new Uint8Array(16).fill(3),
  kind: 'passkey',
  generation: 0,
};

test('a root comes back from its wrap; two wraps of it are not alike', async () => {
  const root = nodeEngine.randomBytes(32);
  const one = await wrapRoot(keyring, place, root);
  const other = await wrapRoot(keyring, place, root);
  assert.equal(one.length, 81);
  assert.notDeepEqual(one, other);
  assert.deepEqual(await unwrapRoot(keyring, place, one), root);
  assert.deepEqual(await unwrapRoot(keyring, place, other), root);
  assert.equal(await unwrapRoot({ ...keyring, kek: root }, place, one), null);
});

test('only 32 bytes are a root', async () => {
  for (const lengthBytes of [0, 31, 33]) {
    await assert.rejects(wrapRoot(keyring, place, new Uint8Array(lengthBytes)), { code: 'argument_invalid' });
  }
});
