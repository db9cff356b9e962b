import assert from 'node:assert/strict';
import { createHmac, hkdfSync } from 'node:crypto';
import { test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import fc from 'fast-check';
import { decodeHead, encodeHead, type Head, isOfLostEpoch } from './head.ts';
import { SpaceKeys } from './space-keys.ts';

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const keyring = {
  space: bytes(16, 1),
  epoch: 7,
  secrets: new Map([
    [6, bytes(32, 6)],
    [7, bytes(32, 7)],
  ]),
};
const keys = new SpaceKeys(nodeEngine, keyring);
const head: Head = { device: bytes(16, 2), size: 258, root: bytes(32, 3), counter: 2 ** 40 + 5, hour: 486_000 };

test('a head has the bytes of the specification', async () => {
  const number = (value: bigint, lengthBytes: number): Buffer =>
    Buffer.from(value.toString(16).padStart(lengthBytes * 2, '0'), 'hex');
  const signed = Buffer.concat([
    Uint8Array.of(1),
    number(7n, 4),
    bytes(16, 1),
    number(258n, 8),
    bytes(32, 3),
    bytes(16, 2),
    number(2n ** 40n + 5n, 8),
    number(486_000n, 4),
  ]);
  const key = hkdfSync('sha256', bytes(32, 7), bytes(16, 1), 'latchkey/v1/head', 32);
  const mac = createHmac('sha256', Buffer.from(key)).update(signed).digest();
  assert.deepEqual(Buffer.from(await encodeHead(keys, head)), Buffer.concat([signed, mac]));
  assert.equal(signed.length + mac.length, 121);
});

test('a head comes back as it was, also from bytes within others', async () => {
  const encoded = await encodeHead(keys, head);
  assert.deepEqual(await decodeHead(keys, encoded), head);
  const within = new Uint8Array(encoded.length + 10);
  within.set(encoded, 5);
  assert.deepEqual(await decodeHead(keys, within.subarray(5, 5 + encoded.length)), head);
});

test('any changed bit, byte more or byte less is no head', async () => {
  const encoded = await encodeHead(keys, head);
  await fc.assert(
    fc.asyncProperty(fc.nat(encoded.length - 1), fc.nat(7), async (at, bit) => {
      assert.equal(await decodeHead(keys, encoded.with(at, (encoded[at] ?? 0) ^ (1 << bit))), null);
    }),
    { numRuns: 500 },
  );
  assert.equal(await decodeHead(keys, encoded.slice(0, -1)), null);
  assert.equal(await decodeHead(keys, Uint8Array.from([...encoded, 0])), null);
  assert.equal(await decodeHead(keys, new Uint8Array(0)), null);
});

test('a head is of its space and of an epoch that is known', async () => {
  const encoded = await encodeHead(keys, head);
  const older = new SpaceKeys(nodeEngine, { ...keyring, epoch: 6 });
  assert.deepEqual(await decodeHead(keys, await encodeHead(older, head)), head);
  const elsewhere = new SpaceKeys(nodeEngine, { ...keyring, space: bytes(16, 9) });
  assert.equal(await decodeHead(elsewhere, encoded), null);
  const without = new SpaceKeys(nodeEngine, { ...keyring, epoch: 6, secrets: new Map([[6, bytes(32, 6)]]) });
  assert.equal(await decodeHead(without, encoded), null);
});

test('a head of an epoch before the keyring’s own, which it does not hold, is of a lost epoch', async () => {
  const encoded = await encodeHead(keys, head);
  const keyringOf = (epoch: number, ...held: number[]): SpaceKeys =>
    new SpaceKeys(nodeEngine, { ...keyring, epoch, secrets: new Map(held.map((each) => [each, bytes(32, each)])) });
  assert.ok(isOfLostEpoch(keyringOf(8, 8), encoded));
  assert.ok(!isOfLostEpoch(keyringOf(8, 7, 8), encoded), 'held');
  assert.ok(!isOfLostEpoch(keyringOf(7, 6), encoded), 'the own epoch');
  assert.ok(!isOfLostEpoch(keyringOf(6, 6), encoded), 'a later one');
  assert.ok(!isOfLostEpoch(keyringOf(8, 8), encoded.with(0, 2)), 'no head');
  assert.ok(!isOfLostEpoch(keyringOf(8, 8), encoded.subarray(0, 120)), 'no head');
});

/** With a right MAC, but of something that this version never writes. */
async function signed(change: (encoded: Uint8Array) => void): Promise<Uint8Array> {
  const encoded = await encodeHead(keys, head);
  change(encoded);
  encoded.set(await keys.headMac(7, encoded.subarray(0, 89)), 89);
  return encoded;
}

test('a right MAC does not make a head of other bytes', async () => {
  assert.deepEqual(await decodeHead(keys, await signed(() => undefined)), head);
  assert.equal(await decodeHead(keys, await signed((encoded) => (encoded[0] = 2))), null);
  assert.equal(await decodeHead(keys, await signed((encoded) => (encoded[5] = 2))), null);
  assert.equal(await decodeHead(keys, await signed((encoded) => (encoded[21] = 1))), null, 'size beyond 2^53');
  assert.equal(await decodeHead(keys, await signed((encoded) => (encoded[77] = 1))), null, 'counter beyond 2^53');
});

test('names are stable over epochs, and differ by space, label and bytes', async () => {
  const name = await keys.name('pin', bytes(3, 1));
  assert.equal(name.length, 16);
  const input = Buffer.concat([Uint8Array.of(3), Buffer.from('pin'), bytes(3, 1)]);
  const key = hkdfSync('sha256', bytes(32, 6), bytes(16, 1), 'latchkey/v1/name', 32);
  assert.deepEqual(Buffer.from(name), createHmac('sha256', Buffer.from(key)).update(input).digest().subarray(0, 16));
  const later = new SpaceKeys(nodeEngine, {
    ...keyring,
    epoch: 8,
    secrets: new Map([...keyring.secrets, [8, bytes(32, 8)]]),
  });
  assert.deepEqual(await later.name('pin', bytes(3, 1)), name);
  const others = [
    await keys.name('pi', Buffer.concat([Buffer.from('n'), bytes(3, 1)])),
    await keys.name('pin', bytes(4, 1)),
    await new SpaceKeys(nodeEngine, { ...keyring, space: bytes(16, 9) }).name('pin', bytes(3, 1)),
  ];
  for (const other of others) assert.notDeepEqual(other, name);
});
