import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { arrivalHash, decodeShortHeader } from '@latchkey/protocol/wire';
import { randomHeader, startTestServer, type TestServer } from './testing/index.ts';
import { bytes, id, logIn, pass, register, send, type TestOwner } from '../test/test-owner.ts';

let server: TestServer;
let alice: TestOwner;
let bob: TestOwner;

before(async () => {
  server = await startTestServer();
  alice = await register(server.origin, 'alice@localhost');
  bob = await register(server.origin, 'bob@localhost');
});
after(() => server.stop());

test('register, log in, deliver, list, read, file', async () => {
  const body = bytes(20_000);
  assert.deepEqual(await send(alice, ['bob@localhost', 'nobody@localhost'], body), ['ok', 'unknown']);

  const device = await logIn(server.origin, bob.address, bob.password);
  const { size, arrivals, more } = await device.call('arrivalsList', { after: 0, limit: 50, onlyHere: true });
  const [arrival] = arrivals;
  assert.equal(size, 1);
  assert.equal(more, false);
  assert.ok(arrival?.state === 'here');
  assert.equal(arrival.items[0]?.sizeBytes, 20_000);
  const read = await device.get('arrivalItem', { arrival: 1, item: 0 });
  assert.deepEqual(read.bytes, body);
  const part = await device.get('arrivalItem', { arrival: 1, item: 0 }, 'bytes=100-199');
  assert.equal(part.status, 206);
  assert.deepEqual(part.bytes, body.subarray(100, 200));

  const [space, record, hold] = [id(), id(), id()];
  await device.call('spacesCreate', { space, kind: 'mailbox' });
  const entry = { arrival: 1, record, epoch: 0, sealed: bytes(300), holds: [{ hold, header: null }] };
  assert.deepEqual(await device.call('arrivalsFile', { space, entries: [entry] }), { answers: ['filed'], size: 1 });
  assert.deepEqual(await device.call('arrivalsFile', { space, entries: [entry] }), { answers: ['exists'], size: 1 });
  assert.deepEqual((await device.get('holdsRead', { hold })).bytes, body);
  const left = await device.call('arrivalsList', { after: 0, limit: 50, onlyHere: false });
  assert.deepEqual(left.arrivals, [{ state: 'removed', number: 1, hash: arrivalHash(arrival) }]);
  const { holds } = await device.call('holdsList', { after: null, limit: 10 });
  assert.deepEqual(holds[0]?.header, arrival.items[0]?.header);
});

test('filing keeps what was delivered, and takes a header where the item came without one', async () => {
  const blobs = await Promise.all([8, 9].map((size) => alice.wire.put('holdsPut', { hold: id() }, bytes(size))));
  const delivered = randomHeader();
  const recipient = { address: bob.address, key: id(), headers: [delivered, null], part: bytes(100) };
  const delivery = { blobs: blobs.map(({ blob }) => blob), recipients: [recipient] };
  await alice.wire.call('deliver', delivery, await pass(alice));
  const { size: arrival } = await bob.wire.call('arrivalsList', { after: 0, limit: 1, onlyHere: true });
  const [space, own] = [id(), randomHeader()];
  await bob.wire.call('spacesCreate', { space, kind: 'other' });
  const entry = (first: Uint8Array | null, second: Uint8Array | null) => ({
    arrival,
    record: id(),
    epoch: 0,
    sealed: bytes(300),
    holds: [first, second].map((header) => ({ hold: id(), header })),
  });
  const before = (await bob.wire.call('holdsList', { after: null, limit: 256 })).holds.length;
  const replaced = bob.wire.call('arrivalsFile', { space, entries: [entry(own, null)] });
  await assert.rejects(replaced, { code: 'request_malformed' });
  assert.equal((await bob.wire.call('holdsList', { after: null, limit: 256 })).holds.length, before);

  const good = entry(delivered, own);
  assert.deepEqual((await bob.wire.call('arrivalsFile', { space, entries: [good] })).answers, ['filed']);
  const { holds } = await bob.wire.call('holdsList', { after: null, limit: 256 });
  for (const { hold, header } of good.holds) {
    assert.deepEqual(holds.find((each) => Buffer.compare(each.hold, hold) === 0)?.header, header);
  }
});

test('headers are taken in their short form alone: anything else is refused whole, and nothing is written', async () => {
  const { blob } = await alice.wire.put('holdsPut', { hold: id() }, bytes(10));
  const good = randomHeader();
  const text = Buffer.from(decodeShortHeader(good) ?? []);
  const others = [new Uint8Array(), bytes(1), good.subarray(1), good.subarray(0, -1), Buffer.concat([good, bytes(1)])];
  const sizeOf = async (): Promise<number> =>
    (await bob.wire.call('arrivalsList', { after: 0, limit: 1, onlyHere: false })).size;
  const deliver = async (header: Uint8Array): Promise<unknown> => {
    const sound = { address: bob.address, key: id(), headers: [good], part: bytes(100) };
    const recipients = [sound, { ...sound, key: id(), headers: [header] }];
    return alice.wire.call('deliver', { blobs: [blob], recipients }, await pass(alice));
  };
  const before = await sizeOf();
  for (const header of [...others, text, good.with(0, 0), good.with(0, 2)]) {
    await assert.rejects(deliver(header), { code: 'request_malformed' });
  }
  assert.equal(await sizeOf(), before);

  const recipient = { address: bob.address, key: id(), headers: [null], part: bytes(100) };
  await alice.wire.call('deliver', { blobs: [blob], recipients: [recipient] }, await pass(alice));
  const [space, arrival, holds] = [
    id(),
    await sizeOf(),
    (await bob.wire.call('holdsList', { after: null, limit: 256 })).holds,
  ];
  await bob.wire.call('spacesCreate', { space, kind: 'other' });
  const file = (header: Uint8Array): Promise<unknown> => {
    const entry = { arrival, record: id(), epoch: 0, sealed: bytes(300), holds: [{ hold: id(), header }] };
    return bob.wire.call('arrivalsFile', { space, entries: [entry] });
  };
  for (const header of [...others, text, good.with(0, 2)]) {
    await assert.rejects(file(header), { code: 'request_malformed' });
  }
  assert.deepEqual((await bob.wire.call('holdsList', { after: null, limit: 256 })).holds, holds);
  assert.deepEqual(await file(good), { answers: ['filed'], size: 1 });
});

test('a delivery that is repeated with its key changes nothing, filed or not', async () => {
  const { blob } = await alice.wire.put('holdsPut', { hold: id() }, bytes(10));
  const recipient = { address: bob.address, key: id(), headers: [randomHeader()], part: bytes(100) };
  const sizeBefore = (await bob.wire.call('arrivalsList', { after: 0, limit: 1, onlyHere: false })).size;
  for (let round = 0; round < 3; round++) {
    const { answers } = await alice.wire.call('deliver', { blobs: [blob], recipients: [recipient] }, await pass(alice));
    assert.deepEqual(answers, ['ok']);
    const { size } = await bob.wire.call('arrivalsList', { after: 0, limit: 1, onlyHere: false });
    assert.equal(size, sizeBefore + 1);
    if (round === 1) await bob.wire.call('arrivalsRemove', { numbers: [size] });
  }
});
