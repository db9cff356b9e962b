import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalAddress } from '@latchkey/protocol';
import { decodeDeliveryBody, deliveryBodies, encodeDeliveryBody, type DeliveryOwn } from './delivery-body.ts';

const summary = {
  from: canonicalAddress('alice@example.org'),
  subject: 'Lunch',
  dateSeconds: 1_795_428_000,
  words: 'At noon?',
  attachments: 0,
};
const hash = new Uint8Array(32).fill(1);
const first: DeliveryOwn = { opening: null, counter: 1, previous: null };
const opening = (depth: number, index: number): DeliveryOwn['opening'] => ({
  salt: hash,
  index,
  path: Array.from({ length: depth }, () => hash),
});

test('nothing is written that nobody would read', () => {
  const refused: readonly Partial<DeliveryOwn>[] = [
    { counter: 0 },
    { counter: -1 },
    { counter: 2 },
    { counter: 2 ** 53, previous: hash },
    { previous: hash },
    { opening: opening(9, 0) },
    { opening: opening(13, 0) },
    { opening: opening(10, 1024) },
  ];
  for (const own of refused) {
    assert.throws(() => encodeDeliveryBody({ summary, ...first, ...own }), { name: 'SdkError', code: 'item_altered' });
  }
  assert.throws(() => deliveryBodies({ ...summary, words: 'a  b' }), { code: 'item_altered' });
});

test('bodies of one message differ in nothing but what is the recipient’s own', () => {
  const bodyFor = deliveryBodies(summary);
  const bodies: readonly DeliveryOwn[] = [
    first,
    { opening: opening(10, 1023), counter: 3, previous: hash },
    { opening: opening(12, 4095), counter: 2 ** 53 - 1, previous: hash },
  ];
  for (const own of bodies) assert.deepEqual(decodeDeliveryBody(bodyFor(own)), { summary, ...own });
});
