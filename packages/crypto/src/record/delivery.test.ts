import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { LONGEST_DELIVERY_BODY_BYTES, openDelivery, sealDelivery } from './delivery.ts';

const place = {
  engine: nodeEngine,
  fileKey: new Uint8Array(16).fill(1),
  header: new Uint8Array(200).fill(2),
  payloadNonce: new Uint8Array(16).fill(3),
};

test('every delivery part has 1,040 bytes and opens again', async () => {
  for (const lengthBytes of [0, 1, 500, LONGEST_DELIVERY_BODY_BYTES]) {
    const body = new Uint8Array(lengthBytes).fill(5);
    const sealed = await sealDelivery(place, body);
    assert.equal(sealed.length, 1040);
    assert.deepEqual(await openDelivery(place, sealed), body);
  }
});

test('a longer body is refused', async () => {
  const body = new Uint8Array(LONGEST_DELIVERY_BODY_BYTES + 1);
  await assert.rejects(sealDelivery(place, body), { code: 'argument_invalid' });
});
