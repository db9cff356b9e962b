import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeEngine } from '../engine-node/node-engine.ts';
import type { Engine } from '../engine/engine.ts';
import { openDelivery, sealDelivery } from './delivery.ts';
import { unwrapRoot, wrapRoot } from './latch.ts';
import { openRecord, sealRecord } from './record.ts';

/** Keeps what the engine was given and gave, as a careless engine would. */
function keepingEngine(): { engine: Engine; keys: Uint8Array[]; plaintexts: Uint8Array[] } {
  const keys: Uint8Array[] = [];
  const plaintexts: Uint8Array[] = [];
  const engine: Engine = {
    ...nodeEngine,
    aeadSeal(input) {
      keys.push(input.key);
      plaintexts.push(input.bytes);
      return nodeEngine.aeadSeal(input);
    },
    async aeadOpen(input) {
      keys.push(input.key);
      const opened = await nodeEngine.aeadOpen(input);
      if (opened !== null) plaintexts.push(opened);
      return opened;
    },
  };
  return { engine, keys, plaintexts };
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
const id = new Uint8Array(16).fill(1);
const secret = new Uint8Array(32).fill(2);
const body = new Uint8Array([1, 2, 3]);

test('keys and padded plaintexts are zeroed when done, what belongs to the caller is not', async () => {
  const { engine, keys, plaintexts } = keepingEngine();
  const place = { space: id, epoch: 1, record: id, version: 1n, membershipNote: null };
  const record = await sealRecord({ engine, epochSecret: secret }, place, body);
  assert.deepEqual(await openRecord({ engine, epochSecret: secret }, place, record), body);
  const delivery = { engine, fileKey: id, header: secret, payloadNonce: id };
  assert.deepEqual(await openDelivery(delivery, await sealDelivery(delivery, body)), body);
  assert.equal(plaintexts.length, 4);
  for (const plaintext of plaintexts) assert.ok(isZero(plaintext));

  const latch = { account: id, latch: id, kind: 'kit', generation: 1 } as const;
  const root = new Uint8Array(32).fill(3);
  const opened = await unwrapRoot({ engine, kek: secret }, latch, await wrapRoot({ engine, kek: secret }, latch, root));
  assert.deepEqual(opened, root);
  assert.ok(!isZero(root) && !isZero(secret) && !isZero(id));
  assert.equal(keys.length, 6);
  for (const key of keys) assert.ok(isZero(key));
});

test('what is wrong with an argument is named, its bytes are not', async () => {
  const engine = nodeEngine;
  const short = new Uint8Array(3).fill(0xab);
  const place = { space: id, epoch: 1, record: id, version: 1n, membershipNote: null };
  const keyring = { engine, epochSecret: secret };
  const latch = { account: id, latch: id, kind: 'kit', generation: 1 } as const;
  const delivery = { engine, fileKey: id, header: secret, payloadNonce: id };
  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['space', () => sealRecord(keyring, { ...place, space: short }, body)],
    ['record', () => sealRecord(keyring, { ...place, record: short }, body)],
    ['membership note hash', () => sealRecord(keyring, { ...place, membershipNote: short }, body)],
    ['epoch', () => sealRecord(keyring, { ...place, epoch: -1 }, body)],
    ['secret', () => sealRecord({ engine, epochSecret: short }, place, body)],
    ['account', () => wrapRoot({ engine, kek: secret }, { ...latch, account: short }, secret)],
    ['latch', () => wrapRoot({ engine, kek: secret }, { ...latch, latch: short }, secret)],
    ['generation', () => wrapRoot({ engine, kek: secret }, { ...latch, generation: -1 }, secret)],
    ['vault root', () => wrapRoot({ engine, kek: secret }, latch, short)],
    ['secret', () => wrapRoot({ engine, kek: short }, latch, secret)],
    ['file key', () => sealDelivery({ ...delivery, fileKey: short }, body)],
    ['payload nonce', () => sealDelivery({ ...delivery, payloadNonce: short }, body)],
    ['delivery part length', () => sealDelivery(delivery, new Uint8Array(1017))],
    ['record body length', () => sealRecord(keyring, place, new Uint8Array(16_777_217))],
  ];
  for (const [name, call] of calls) {
    await assert.rejects(call, (error: Error) => {
      assert.ok(error.message.startsWith(`${name} must be`), error.message);
      assert.doesNotMatch(error.message, /ab|171/);
      return true;
    });
  }
});
