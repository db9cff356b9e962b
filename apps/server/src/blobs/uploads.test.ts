import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encodeBytes, limits } from '@latchkey/protocol/wire';
import { sweep } from '../sweeper.ts';
import { startTestServer, type TestServer } from '../testing/index.ts';
import { bytes, id, register, send, type TestOwner } from '../../test/test-owner.ts';
import { deliverTo } from '../../test/deliver-to.ts';
import { parseRange } from './parse-range.ts';

const mebibyte = 1_048_576;
let server: TestServer;
let alice: TestOwner;
let bob: TestOwner;
let nowMs = Date.now();

before(async () => {
  server = await startTestServer({ clock: () => nowMs, config: { quotaBytes: 64 * mebibyte } });
  alice = await register(server.origin, 'alice@localhost');
  bob = await register(server.origin, 'bob@localhost');
});
after(() => server.stop());

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

function files(): string[] {
  return readdirSync(join(server.data, 'blobs'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.length > 3,
  );
}

test('parts in any order, a damaged one, a cut line, going on by the list, complete twice', async () => {
  const sizeBytes = 2 * limits.PART_BYTES + 12_345;
  const whole = new Uint8Array(randomBytes(sizeBytes));
  const parts = [0, 1, 2].map((part) => whole.subarray(part * limits.PART_BYTES, (part + 1) * limits.PART_BYTES));
  const upload = id();
  await alice.wire.call('uploadsCreate', { upload, sizeBytes });
  await alice.wire.call('uploadsCreate', { upload, sizeBytes });
  await assert.rejects(alice.wire.call('uploadsCreate', { upload, sizeBytes: 5 }), { code: 'exists_differently' });
  await alice.wire.put('uploadsPart', { upload, part: 2 }, parts[2]!);
  await alice.wire.put('uploadsPart', { upload, part: 0 }, parts[0]!);
  await assert.rejects(alice.wire.put('uploadsPart', { upload, part: 1 }, bytes(10)), { code: 'part_damaged' });
  await assert.rejects(alice.wire.put('uploadsPart', { upload, part: 3 }, bytes(10)), { code: 'not_found' });
  const digest = sha256(...parts.map((part) => sha256(part)));
  await assert.rejects(alice.wire.call('uploadsComplete', { upload, digest }), { code: 'upload_incomplete' });

  // A line that is cut in the middle of a part that was whole before: it counts no more.
  await cutPart(upload, 0);
  const cut = await alice.wire.call('uploadsList', { upload, after: null });
  assert.deepEqual(
    cut.parts.map((each) => each.part),
    [2],
  );
  assert.deepEqual(cut.parts[0]?.hash, sha256(parts[2]!));

  await alice.wire.put('uploadsPart', { upload, part: 0 }, parts[0]!);
  await alice.wire.put('uploadsPart', { upload, part: 1 }, parts[1]!);
  await assert.rejects(alice.wire.call('uploadsComplete', { upload, digest: bytes(32) }), { code: 'part_damaged' });
  const placed = await alice.wire.call('uploadsComplete', { upload, digest });
  assert.deepEqual(await alice.wire.call('uploadsComplete', { upload, digest }), placed);
  assert.equal(placed.sizeBytes, sizeBytes);

  const read = await alice.wire.get('holdsRead', { hold: upload });
  assert.equal(Buffer.compare(read.bytes, whole), 0);
  const range = await alice.wire.get(
    'holdsRead',
    { hold: upload },
    `bytes=${limits.PART_BYTES - 5}-${limits.PART_BYTES + 4}`,
  );
  assert.deepEqual(range.bytes, whole.subarray(limits.PART_BYTES - 5, limits.PART_BYTES + 5));
  await assert.rejects(alice.wire.get('holdsRead', { hold: upload }, `bytes=${sizeBytes}-`), { code: 'range_outside' });
  await assert.rejects(bob.wire.get('holdsRead', { hold: upload }), { code: 'not_found' });
  for (const name of files()) assert.equal(statSync(join(server.data, 'blobs', name)).mtimeMs % 3_600_000, 0);
  await alice.wire.call('holdsRemove', { holds: [upload] });
});

async function cutPart(upload: Uint8Array, part: number): Promise<void> {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  const head = [
    `PUT /v1/uploads/${encodeBytes(upload)}/parts/${part} HTTP/1.1`,
    'host: localhost',
    `authorization: ${alice.wire.authorization ?? ''}`,
    `latchkey-sha256: ${encodeBytes(bytes(32))}`,
    `content-length: ${limits.PART_BYTES}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.write(bytes(3 * mebibyte));
  const deadline = Date.now() + 10_000;
  for (;;) {
    const { parts } = await alice.wire.call('uploadsList', { upload, after: null });
    if (parts.every((each) => each.part !== part)) break;
    assert.ok(Date.now() < deadline, 'the part was never begun');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  socket.destroy();
  // Until the server has seen the cut, the place is busy.
  await new Promise((resolve) => setTimeout(resolve, 200));
}

test('one-call blobs: inline and as a file, repeated, and another content under the same id', async () => {
  for (const sizeBytes of [0, 1, limits.INLINE_BLOB_BYTES, limits.INLINE_BLOB_BYTES + 1]) {
    const before_ = files().length;
    const [hold, body] = [id(), bytes(sizeBytes)];
    const placed = await alice.wire.put('holdsPut', { hold }, body);
    assert.deepEqual(await alice.wire.put('holdsPut', { hold }, body), placed);
    await assert.rejects(alice.wire.put('holdsPut', { hold }, bytes(7)), { code: 'exists_differently' });
    assert.deepEqual((await alice.wire.get('holdsRead', { hold })).bytes, body);
    assert.equal(files().length - before_, sizeBytes > limits.INLINE_BLOB_BYTES ? 1 : 0);
  }
});

test('quota: uploads, holds and records count; full refuses what grows, and deleting and filing go on', async () => {
  const carol = await register(server.origin, 'carol@localhost');
  const use = async (): Promise<number> => (await carol.wire.call('accountAbout', {})).usedBytes;
  const upload = id();
  await carol.wire.call('uploadsCreate', { upload, sizeBytes: 63 * mebibyte });
  assert.equal(await use(), 63 * mebibyte);
  await assert.rejects(carol.wire.call('uploadsCreate', { upload: id(), sizeBytes: 2 * mebibyte }), {
    code: 'quota_full',
  });
  await assert.rejects(carol.wire.put('holdsPut', { hold: id() }, bytes(2 * mebibyte)), { code: 'quota_full' });
  assert.deepEqual(await send(alice, [carol.address], bytes(1_000)), ['ok']);
  await server.services.store.write('setQuota', {
    address: carol.address,
    quotaBytes: 63 * mebibyte,
    quotaArrivals: null,
  });
  assert.deepEqual(await send(alice, [carol.address], bytes(1_000)), ['full']);
  const wanted = [{ address: carol.address, fromVersion: 0 }];
  const { answers } = await alice.wire.call('directoryResolve', { wanted });
  assert.ok(answers[0]?.answer === 'known' && answers[0].takes === 'full');

  const space = id();
  await carol.wire.call('spacesCreate', { space, kind: 'mailbox' });
  const grow = { space, writes: [{ record: id(), version: 1, epoch: 0, sealed: bytes(500) }], head: null };
  await assert.rejects(carol.wire.call('spacesWrite', grow), { code: 'quota_full' });
  const record = id();
  const entry = { arrival: 1, record, epoch: 0, sealed: bytes(4_000), holds: [{ hold: id(), header: null }] };
  assert.deepEqual((await carol.wire.call('arrivalsFile', { space, entries: [entry] })).answers, ['filed']);
  const shrink = { space, writes: [{ record, version: 2, epoch: 0, sealed: bytes(300) }], head: null };
  assert.equal((await carol.wire.call('spacesWrite', shrink)).answer, 'written');
  await carol.wire.call('uploadsAbort', { upload });
  await carol.wire.call('holdsRemove', { holds: entry.holds.map(({ hold: each }) => each) });
  assert.equal(await use(), 300 + 2 * 128, 'the record and two lines of the change log');
});

test('who is full may still change what does not grow, but not for ever', async () => {
  const frank = await register(server.origin, 'frank@localhost');
  const [space, record, upload] = [id(), id(), id()];
  const write = (version: number) =>
    frank.wire.call('spacesWrite', { space, writes: [{ record, version, epoch: 0, sealed: bytes(300) }], head: null });
  await frank.wire.call('spacesCreate', { space, kind: 'mailbox' });
  await frank.wire.call('uploadsCreate', { upload, sizeBytes: 63 * mebibyte });
  assert.equal((await write(1)).answer, 'written');
  const limit = (quotaBytes: number) =>
    server.services.store.write('setQuota', { address: frank.address, quotaBytes, quotaArrivals: null });
  await limit(0);
  assert.equal((await write(2)).answer, 'written');
  await limit(127 * mebibyte);
  const more = id();
  await frank.wire.call('uploadsCreate', { upload: more, sizeBytes: 2 * mebibyte });
  await limit(0);
  await assert.rejects(write(3), { code: 'quota_full' });
  await frank.wire.call('uploadsAbort', { upload: more });
  assert.equal((await write(3)).answer, 'written');
});

test('an account’s number of waiting arrivals is limited', async () => {
  const dave = await register(server.origin, 'dave@localhost');
  await server.services.store.write('setQuota', { address: dave.address, quotaBytes: null, quotaArrivals: 2 });
  assert.deepEqual(await send(alice, [dave.address, dave.address, dave.address]), ['ok', 'ok', 'full']);
  await dave.wire.call('arrivalsRemove', { numbers: [1] });
  assert.deepEqual(await send(alice, [dave.address]), ['ok']);
});

test('a blob lives while anybody holds it, and some days more', async () => {
  const hold = id();
  const body = bytes(limits.INLINE_BLOB_BYTES + 10);
  const { blob } = await alice.wire.put('holdsPut', { hold }, body);
  await deliverTo(alice, bob.address, blob);
  const isThere = async (): Promise<boolean> =>
    (await server.services.store.db.selectFrom('blob').select('id').where('id', '=', blob).execute()).length === 1;
  const file = Buffer.from(blob).toString('hex');
  const days = async (count: number): Promise<void> => {
    for (let day = 0; day < count; day++) {
      nowMs += 86_400_000;
      await sweep(server.services);
    }
  };
  await alice.wire.call('holdsRemove', { holds: [hold] });
  await days(5);
  assert.ok(await isThere());
  const { size } = await bob.wire.call('arrivalsList', { after: 0, limit: 1, onlyHere: false });
  assert.deepEqual((await bob.wire.get('arrivalItem', { arrival: size, item: 0 })).bytes, body);
  await bob.wire.call('arrivalsRemove', { numbers: [size] });
  await days(3);
  assert.ok(await isThere());
  // Named again before its time is over: the mark goes.
  await deliverTo(alice, bob.address, blob);
  await days(4);
  assert.ok(await isThere());
  await bob.wire.call('arrivalsRemove', { numbers: [size + 1] });
  await days(5);
  assert.equal(await isThere(), false);
  assert.ok(!files().some((name) => name.endsWith(file)));
});

test('an upload that nobody goes on with is given up after seven days, its file and its bytes too', async () => {
  const erin = await register(server.origin, 'erin@localhost');
  const upload = id();
  const before_ = files().length;
  await erin.wire.call('uploadsCreate', { upload, sizeBytes: 100 });
  await erin.wire.put('uploadsPart', { upload, part: 0 }, bytes(100));
  assert.equal(files().length, before_ + 1);
  nowMs += 8 * 86_400_000;
  await sweep(server.services);
  assert.equal(files().length, before_);
  assert.equal((await erin.wire.call('accountAbout', {})).usedBytes, 0);
  await assert.rejects(erin.wire.call('uploadsList', { upload, after: null }), { code: 'not_found' });
});

test('one byte range, or the whole', () => {
  assert.deepEqual(parseRange('bytes=0-0', 10), { first: 0, last: 0 });
  assert.deepEqual(parseRange('bytes=5-', 10), { first: 5, last: 9 });
  assert.deepEqual(parseRange('bytes=5-99', 10), { first: 5, last: 9 });
  assert.deepEqual(parseRange('bytes=-3', 10), { first: 7, last: 9 });
  assert.deepEqual(parseRange('bytes=-99', 10), { first: 0, last: 9 });
  for (const outside of ['bytes=10-', 'bytes=10-12', 'bytes=-0']) assert.equal(parseRange(outside, 10), 'outside');
  for (const whole of [undefined, '', 'bytes=-', 'bytes=3-2', 'bytes=0-1,3-4', 'items=0-1', 'bytes=a-b']) {
    assert.equal(parseRange(whole, 10), null);
  }
});
