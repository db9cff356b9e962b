import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  encodeBodyWithItems,
  encodeJson,
  limits,
  parseRefusal,
  type RequestOf,
  type ROUTES,
} from '@latchkey/protocol/wire';
import { randomHeader, startTestServer, type TestServer } from '../testing/index.ts';
import { bytes, id, pass, register, type TestOwner } from '../../test/test-owner.ts';

type Asked = RequestOf<typeof ROUTES.deliver>;

let server: TestServer;
let alice: TestOwner;
let bob: TestOwner;

before(async () => {
  server = await startTestServer();
  alice = await register(server.origin, 'alice@localhost');
  bob = await register(server.origin, 'bob@localhost');
});
after(() => server.stop());

function recipient(address: string, items = 1): Asked['recipients'][number] {
  return { address, key: id(), headers: Array.from({ length: items }, () => randomHeader()), part: bytes(100) };
}

async function rows(): Promise<{ blobs: number; holds: number; arrivals: number }> {
  const { db } = server.services.store;
  const count = async (table: 'blob' | 'hold' | 'arrival'): Promise<number> =>
    (await db.selectFrom(table).selectAll().execute()).length;
  return { blobs: await count('blob'), holds: await count('hold'), arrivals: await count('arrival') };
}

const newest = async (): Promise<number> =>
  (await bob.wire.call('arrivalsList', { after: 0, limit: 1, onlyHere: true })).size;

test('an item that comes with the delivery is one blob of its recipients, and nothing of the sender', async () => {
  const before_ = await rows();
  const item = bytes(20_000);
  const recipients = Array.from({ length: 40 }, () => recipient(bob.address));
  const asked = { blobs: [{ sizeBytes: item.length }], recipients };
  const { answers } = await alice.wire.callWithItems(asked, [item], await pass(alice));
  assert.deepEqual(new Set(answers), new Set(['ok']));
  assert.deepEqual(await rows(), { ...before_, blobs: before_.blobs + 1, arrivals: before_.arrivals + 40 });
  assert.deepEqual((await bob.wire.get('arrivalItem', { arrival: await newest(), item: 0 })).bytes, item);
  assert.equal((await alice.wire.call('accountAbout', {})).usedBytes, 0);

  const again = await alice.wire.callWithItems(asked, [item], await pass(alice));
  assert.deepEqual(new Set(again.answers), new Set(['ok']));
  assert.equal((await rows()).blobs, before_.blobs + 1, 'whoever had it changes nothing, and no second blob is kept');
});

test('what came along and what was put before go together, each in its place', async () => {
  const put = bytes(300);
  const { blob } = await alice.wire.put('holdsPut', { hold: id() }, put);
  const along = [bytes(5_000), bytes(1)] as const;
  const blobs = [{ sizeBytes: 5_000 }, blob, { sizeBytes: 1 }];
  const asked = { blobs, recipients: [recipient(bob.address, 3)] };
  assert.deepEqual((await alice.wire.callWithItems(asked, along, await pass(alice))).answers, ['ok']);
  const arrival = await newest();
  const read = async (item: number): Promise<Uint8Array> =>
    (await bob.wire.get('arrivalItem', { arrival, item })).bytes;
  assert.deepEqual([await read(0), await read(1), await read(2)], [along[0], put, along[1]]);
});

test('what nobody takes is written nowhere: a pass fills no disk', async () => {
  const carol = await register(server.origin, 'carol@localhost');
  await server.services.store.write('setQuota', { address: carol.address, quotaBytes: 0, quotaArrivals: null });
  const before_ = await rows();
  const asked = {
    blobs: [{ sizeBytes: limits.INLINE_BLOB_BYTES }],
    recipients: [recipient('nobody@localhost'), recipient(carol.address)],
  };
  const { answers } = await alice.wire.callWithItems(asked, [bytes(limits.INLINE_BLOB_BYTES)], await pass(alice));
  assert.deepEqual(answers, ['unknown', 'full']);
  assert.deepEqual(await rows(), before_);
});

test('bytes that are not those announced are refused whole, and nothing is written', async () => {
  const before_ = await rows();
  const one = (sizeBytes: number): Asked => ({ blobs: [{ sizeBytes }], recipients: [recipient(bob.address)] });
  const body = (asked: Asked, items: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
    encodeBodyWithItems(Buffer.from(encodeJson(asked)), items);
  const beyond = body(one(10), [bytes(10)]);
  new DataView(beyond.buffer).setUint32(0, beyond.length - 3);
  const two = { blobs: [{ sizeBytes: 10 }, { sizeBytes: 10 }], recipients: [recipient(bob.address, 2)] };
  const wrong = [
    body(one(10), []),
    body(one(10), [bytes(9)]),
    body(one(10), [bytes(11)]),
    body(two, [bytes(10)]),
    body({ ...two, recipients: [recipient(bob.address, 1)] }, [bytes(20)]),
    body(one(0), []),
    body(one(limits.INLINE_BLOB_BYTES + 1), [bytes(limits.INLINE_BLOB_BYTES + 1)]),
    beyond,
    new Uint8Array(),
    new Uint8Array(3),
    new Uint8Array([255, 255, 255, 255, 123, 125]),
  ];
  const code = async (sent: Uint8Array<ArrayBuffer> | string, type: string, path = '/v1/deliver'): Promise<unknown> => {
    const authorization = path === '/v1/deliver' ? await pass(alice) : (alice.wire.authorization ?? '');
    const headers = { authorization, 'content-type': type };
    const response = await fetch(server.origin + path, { method: 'POST', headers, body: sent });
    return parseRefusal(await response.text())?.code;
  };
  for (const each of wrong) assert.equal(await code(each, 'application/octet-stream'), 'request_malformed');
  // Announced, and nothing comes; and on a route whose row does not take them.
  assert.equal(await code(encodeJson(one(10)), 'application/json'), 'request_malformed');
  const empty = encodeBodyWithItems(Buffer.from('{"count":1}'), []);
  assert.equal(await code(empty, 'application/octet-stream', '/v1/passes'), 'request_malformed');
  assert.deepEqual(await rows(), before_);
});
