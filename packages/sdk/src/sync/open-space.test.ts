import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { limits, ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import {
  contentOf,
  id,
  newDevice,
  newKeyring,
  note,
  put,
  recordedEngine,
  registerAccount,
  type SpaceAccount,
  type TestDevice,
  wireThrough,
} from '../../test/space-devices.ts';
import { SdkError } from '../errors.ts';
import type { CachedRecord } from '../ports.ts';
import { memoryCache } from '../testing/index.ts';
import { openSpace } from './open-space.ts';
import type { RecordBody, RecordEdit } from './types.ts';

let server: TestServer;
let account: SpaceAccount;

before(async () => {
  server = await startTestServer();
  account = await registerAccount(server.origin, 'alice@localhost');
});
after(() => server.stop());

async function twoDevices(): Promise<readonly [TestDevice, TestDevice]> {
  const keyring = newKeyring();
  return [await newDevice(account, keyring), await newDevice(account, keyring)];
}

const count = (body: RecordBody | null): number => (typeof body?.count === 'number' ? body.count : 0);
const increment = (record: Uint8Array): RecordEdit => ({
  id: record,
  change: (current) => ({ kind: 'counter', v: 1, count: count(current) + 1 }),
});

test('what one device writes another reads', async () => {
  const [first, second] = await twoDevices();
  const [one, other] = [id(), id()];
  await first.space.write([put(one, 'first'), put(other, 'second')]);
  assert.deepEqual((await first.space.read(one))?.body, note('first'), 'the writer has it without asking');
  assert.equal(await second.space.read(one), null);
  const { changed, size, forgedHeads } = await second.space.catchUp();
  assert.deepEqual(changed, [one, other]);
  assert.deepEqual([size, forgedHeads], [2, 0]);
  assert.deepEqual(await second.space.read(one), { id: one, version: 1, body: note('first') });
  assert.deepEqual(await contentOf(second.space), await contentOf(first.space));
  assert.deepEqual(await second.space.tip(), await first.space.tip());
  assert.deepEqual((await second.space.catchUp()).changed, []);
});

test('openSpace creates the space where its kind is given, and repeating that is harmless', async () => {
  const keyring = newKeyring();
  const { host } = await newDevice(account, newKeyring());
  const options = { ...account, keyring, device: id() };
  await assert.rejects((await openSpace(host, options)).catchUp(), { code: 'server_refused', wire: 'not_found' });
  await openSpace(host, { ...options, kind: 'other' });
  const space = await openSpace(host, { ...options, kind: 'other' });
  assert.deepEqual(await space.catchUp(), { changed: [], size: 0, forgedHeads: 0 });
  assert.deepEqual(space.id, keyring.space);
  await assert.rejects(openSpace(host, { ...options, kind: 'mailbox' }), { wire: 'exists_differently' });
});

test('a conflict asks the edits again, with what the other device wrote', async () => {
  const [first, second] = await twoDevices();
  const record = id();
  await first.space.write([increment(record)]);
  await second.space.catchUp();
  await first.space.write([increment(record)]);
  const asked: (RecordBody | null)[] = [];
  await second.space.write([
    {
      id: record,
      change: (current) => {
        asked.push(current);
        return increment(record).change(current);
      },
    },
  ]);
  assert.deepEqual(asked.map(count), [1, 2]);
  assert.equal(count((await second.space.read(record))?.body ?? null), 3);
  assert.deepEqual((await second.space.catchUp()).changed, [record], 'what came with the conflict is told later');
  await first.space.catchUp();
  assert.deepEqual(await first.space.tip(), await second.space.tip());
});

test('another record is no obstacle, only a reason to look again', async () => {
  const [first, second] = await twoDevices();
  const [one, other] = [id(), id()];
  await first.space.write([put(one, 'one')]);
  await second.space.write([put(other, 'other')]);
  await first.space.catchUp();
  assert.deepEqual(await contentOf(first.space), await contentOf(second.space));
});

test('keep writes nothing, null deletes, and a deleted record can be written again', async () => {
  const [first, second] = await twoDevices();
  const [gone, kept] = [id(), id()];
  await first.space.write([put(gone, 'a'), put(kept, 'b')]);
  await first.space.write([
    { id: gone, change: () => null },
    { id: kept, change: () => 'keep' },
  ]);
  assert.equal((await first.space.tip()).size, 3);
  await first.space.write([{ id: kept, change: () => 'keep' }]);
  await first.space.write([]);
  assert.equal((await second.space.catchUp()).size, 3);
  assert.deepEqual(await second.space.read(gone), { id: gone, version: 2, body: null });
  assert.deepEqual(Object.keys(await contentOf(second.space)), [Buffer.from(kept).toString('hex')]);
  await second.space.write([
    {
      id: gone,
      change: (current) => {
        assert.equal(current, null);
        return note('again');
      },
    },
  ]);
  assert.deepEqual(await second.space.read(gone), { id: gone, version: 3, body: note('again') });
});

test('edits of one record in one call build upon each other and are one version', async () => {
  const [{ space }] = await twoDevices();
  const record = id();
  await space.write([increment(record), increment(record), { id: record, change: () => 'keep' }, increment(record)]);
  const read = await space.read(record);
  assert.deepEqual([read?.version, count(read?.body ?? null)], [1, 3]);
});

test('entries are of a kind, and leave out what is deleted or not understood', async () => {
  const [{ space }, second] = await twoDevices();
  const [one, two, three] = [id(), id(), id()];
  await space.write([put(one, 'one'), increment(two), put(three, 'three')]);
  await space.write([{ id: three, change: () => null }]);
  await second.space.catchUp();
  for (const [kind, expected] of [
    ['note', [one]],
    ['counter', [two]],
    ['other', []],
  ] as const) {
    const found: Uint8Array[] = [];
    for await (const entry of second.space.entries(kind)) found.push(entry.id);
    assert.deepEqual(found, expected);
  }
});

test('what a newer version wrote is kept and never overwritten', async () => {
  const [first, second] = await twoDevices();
  const record = id();
  const newer: RecordBody = { kind: 'note', v: 2, text: 'new', more: { field: [1] } };
  await first.space.write([{ id: record, change: () => newer }]);
  await second.space.catchUp();
  assert.deepEqual((await second.space.read(record))?.body, newer, 'it can be shown');
  const refused = { name: 'SdkError', code: 'record_newer' };
  await assert.rejects(second.space.write([put(record, 'old')]), refused);
  await assert.rejects(second.space.write([increment(record)]), refused, 'another kind');
  let asked = 0;
  const careful: RecordEdit = {
    id: record,
    knows: 1,
    change: () => {
      asked += 1;
      return null;
    },
  };
  await assert.rejects(second.space.write([put(id(), 'with it'), careful]), refused);
  assert.equal(asked, 0);
  assert.equal((await second.space.catchUp()).size, 1, 'nothing of the batch was written');
  await second.space.write([{ ...careful, knows: 2 }]);
  assert.equal(asked, 1);
});

test('a body of which this version can make nothing is kept, left out and never overwritten', async () => {
  const [first, second] = await twoDevices();
  const record = id();
  await first.space.write([{ id: record, change: () => ({ kind: 'UPPER', v: 1 }) }]);
  await second.space.catchUp();
  const refused = { name: 'SdkError', code: 'record_newer' };
  await assert.rejects(second.space.read(record), refused);
  await assert.rejects(second.space.write([put(record, 'old')]), refused);
  assert.deepEqual(await contentOf(second.space), {});
});

test('more than 256 records are several batches; every one is caught up', async () => {
  const [first, second] = await twoDevices();
  const edits = Array.from({ length: 600 }, (_, index) => put(id(), `text ${index}`));
  await first.space.write(edits);
  assert.equal((await first.space.tip()).size, 600);
  const { changed, size } = await second.space.catchUp();
  assert.deepEqual([changed.length, size], [600, 600]);
  assert.deepEqual(await contentOf(second.space), await contentOf(first.space));
});

test('large records are written in batches that a server takes, too large ones are refused', async () => {
  const [first, second] = await twoDevices();
  const text = 'x'.repeat(900_000);
  await first.space.write(Array.from({ length: 12 }, () => put(id(), text)));
  assert.equal((await second.space.catchUp()).size, 12);
  assert.deepEqual(await contentOf(second.space), await contentOf(first.space));
  const tooLarge = put(id(), 'x'.repeat(limits.MAX_RECORD_BYTES));
  await assert.rejects(first.space.write([tooLarge]), { name: 'SdkError', code: 'record_too_large' });
  // The sizes that padding allows right below and above what the wire takes.
  const fits = put(id(), 'x'.repeat(1_048_576 - 32_768 - 100));
  await first.space.write([fits]);
});

test('a full account refuses, and the space stays as it was', async () => {
  const small = await startTestServer({ config: { quotaBytes: 100_000 } });
  try {
    const poor = await registerAccount(small.origin, 'bob@localhost');
    const { space } = await newDevice(poor, newKeyring());
    const record = id();
    await space.write([put(record, 'fits')]);
    const refused = { code: 'server_refused', wire: 'quota_full' };
    await assert.rejects(space.write([put(id(), 'x'.repeat(200_000)), put(record, 'with it')]), refused);
    assert.equal((await space.catchUp()).size, 1);
    await space.write([put(record, 'next')]);
    assert.equal((await space.read(record))?.version, 2);
  } finally {
    await small.stop();
  }
});

test('epochs: old records stay readable, names stay, and an unknown epoch is an error that says so', async () => {
  const keyring = newKeyring();
  const first = await newDevice(account, keyring);
  const record = id();
  await first.space.write([put(record, 'old')]);
  const secrets = new Map([...keyring.secrets, [1, new Uint8Array(32).fill(5)]]);
  const later = { space: keyring.space, epoch: 1, secrets };
  const second = await newDevice(account, later);
  await second.space.catchUp();
  assert.deepEqual((await second.space.read(record))?.body, note('old'));
  const name = await first.space.nameRecord('pin', record);
  assert.deepEqual(await second.space.nameRecord('pin', record), name);
  await second.space.write([put(record, 'new')]);
  const unknown = { name: 'SdkError', code: 'epoch_unknown' };
  await assert.rejects(first.space.catchUp(), unknown);
  await assert.rejects(first.space.write([put(id(), 'more')]), unknown);
  assert.deepEqual((await first.space.read(record))?.body, note('old'), 'what was there stays readable');
  const again = await openSpace(first.host, { ...account, keyring: later, device: first.id });
  await again.catchUp();
  assert.deepEqual((await again.read(record))?.body, note('new'));
  assert.deepEqual(await again.tip(), await second.space.tip());
});

test('filing writes a record without a head; noteFiled catches up and vouches for it', async () => {
  const [first, second] = await twoDevices();
  const record = id();
  const body = note('filed');
  const { epoch, sealed } = await first.space.sealNew(record, body);
  const session = { rights: { session: account.session } };
  await account.wire.call(
    ROUTES.spacesWrite,
    { space: first.space.id, writes: [{ record, version: 1, epoch, sealed }], head: null },
    session,
  );
  const { changed, size } = await first.space.noteFiled();
  assert.deepEqual([changed, size], [[record], 1]);
  assert.deepEqual((await first.space.read(record))?.body, body);
  const { heads } = await account.wire.call(ROUTES.spacesHeads, { space: first.space.id }, session);
  assert.deepEqual(
    heads.map((head) => [head.device, head.size]),
    [[first.id, 1]],
  );
  assert.equal((await second.space.catchUp()).forgedHeads, 0);
  assert.deepEqual((await second.space.newestState())?.device, first.id);
});

test('the newest state is the head that speaks of the most', async () => {
  const keyring = newKeyring();
  let hour = 100;
  const nowMs = (): number => hour * 3_600_000 + 1_800_000;
  const first = await newDevice(account, keyring, { nowMs });
  const second = await newDevice(account, keyring, { nowMs });
  assert.equal(await first.space.newestState(), null);
  await first.space.write([put(id(), 'a')]);
  assert.deepEqual(await first.space.newestState(), { device: first.id, size: 1, hour: 100 });
  hour = 90;
  await second.space.write([put(id(), 'b')]);
  const joined = await newDevice(account, keyring, { nowMs });
  await joined.space.catchUp();
  assert.deepEqual(await joined.space.newestState(), { device: second.id, size: 2, hour: 90 });
});

test('after a long absence a cursor fetches only what is new, page by page', async () => {
  const keyring = newKeyring();
  const writer = await newDevice(account, keyring);
  const records = Array.from({ length: 5 }, id);
  await writer.space.write(records.map((record) => put(record, 'first')));
  const calls: string[] = [];
  let mostAtOnce = 0;
  const cache = memoryCache();
  const reader = await newDevice(account, keyring, {
    wire: wireThrough(account.wire, ({ name, next }) => {
      calls.push(name);
      return next();
    }),
    cache: {
      ...cache,
      apply: (space, news) => {
        mostAtOnce = Math.max(mostAtOnce, news.records.length);
        return cache.apply(space, news);
      },
    },
  });
  await reader.space.catchUp();
  for (let round = 0; round < 4; round += 1) {
    await writer.space.write(Array.from({ length: 250 }, () => put(id(), `round ${round}`)));
    await writer.space.write(records.map((record) => put(record, `round ${round}`)));
  }
  calls.length = 0;
  const { changed, size } = await reader.space.catchUp();
  assert.equal(size, 5 + 4 * 255);
  assert.equal(changed.length, 5 + 4 * 250, 'newest versions only');
  assert.deepEqual(calls, ['spacesHeads', ...Array.from({ length: Math.ceil(1_020 / 256) }, () => 'spacesChanges')]);
  assert.ok(mostAtOnce <= 256);
  assert.deepEqual(await contentOf(reader.space), await contentOf(writer.space));
});

test('work grows with the number of changes, not faster', async () => {
  const keyring = newKeyring();
  const writer = await newDevice(account, keyring);
  const costs: number[] = [];
  for (let round = 1; round <= 2; round += 1) {
    await writer.space.write(Array.from({ length: 512 }, () => put(id(), 'x')));
    const { engine } = recordedEngine();
    let hashes = 0;
    const sha256 = (bytes: Uint8Array) => {
      hashes += 1;
      return engine.sha256(bytes);
    };
    const reader = await newDevice(account, keyring, { engine: { ...engine, sha256 } });
    await reader.space.catchUp();
    costs.push(hashes);
  }
  const [half = 0, whole = 0] = costs;
  assert.ok(half > 512 && whole < half * 2.1, `${half} and ${whole} hashes`);
});

test('a connection that ends in the middle of catching up loses nothing, and what came is told once', async () => {
  const keyring = newKeyring();
  const writer = await newDevice(account, keyring);
  const shared = id();
  await writer.space.write([put(shared, 'first')]);
  await writer.space.write(Array.from({ length: 500 }, () => put(id(), 'x')));
  await writer.space.write([put(shared, 'second')]);
  let pages = 0;
  const reader = await newDevice(account, keyring, {
    wire: wireThrough(account.wire, ({ name, next }) => {
      if (name === 'spacesChanges') pages += 1;
      if (name === 'spacesChanges' && pages === 2) throw new SdkError('server_unreachable', 'cut');
      return next();
    }),
  });
  await assert.rejects(reader.space.catchUp(), { code: 'server_unreachable' });
  assert.equal((await reader.host.cache.log(keyring.space))?.size, 256);
  assert.equal((await reader.host.cache.log(keyring.space))?.awaited, 1, 'the newest bytes of one are to come');
  await assert.rejects(reader.space.read(shared), { code: 'space_altered' });
  const { changed } = await reader.space.catchUp();
  assert.equal(changed.length, 501);
  assert.equal(pages, 3, 'the first page is not fetched again');
  assert.deepEqual(await contentOf(reader.space), await contentOf(writer.space));
});

test('a cache that is thrown away is filled again, and compared with what this device has seen', async () => {
  const [first, second] = await twoDevices();
  const record = id();
  await first.space.write([put(record, 'kept')]);
  await second.space.catchUp();
  await second.host.cache.forget(second.space.id);
  assert.equal((await second.space.catchUp()).size, 1);
  assert.deepEqual((await second.space.read(record))?.body, note('kept'));
});

test('a damaged cache is noticed, emptied, and filled again', async () => {
  const keyring = newKeyring();
  const record = id();
  await (await newDevice(account, keyring)).space.write([put(record, 'kept')]);
  const cache = memoryCache();
  const flip = (cached: CachedRecord): CachedRecord => ({ ...cached, sealed: cached.sealed.with(60, 1).with(61, 2) });
  let damaged = true;
  const reader = await newDevice(account, keyring, {
    cache: {
      ...cache,
      read: async (space, wanted) => {
        const found = await cache.read(space, wanted);
        return found !== null && damaged ? flip(found) : found;
      },
    },
  });
  await reader.space.catchUp();
  await assert.rejects(reader.space.read(record), { name: 'SdkError', code: 'profile_damaged' });
  damaged = false;
  assert.equal(await reader.space.read(record), null);
  await reader.space.catchUp();
  assert.deepEqual((await reader.space.read(record))?.body, note('kept'));
});

test('a place in the log that cannot be is not believed', async () => {
  const [first, second] = await twoDevices();
  await first.space.write([put(id(), 'a')]);
  const log = { size: 3, peaks: new Uint8Array(32), awaited: 0 };
  await second.host.cache.apply(second.space.id, { records: [], log });
  assert.equal((await second.space.catchUp()).size, 1);
});

test('two processes of one device work on one profile and one cache', async () => {
  const keyring = newKeyring();
  const one = await newDevice(account, keyring);
  const { cache, profile } = one.host;
  const other = await newDevice(account, keyring, { cache, profile, id: one.id });
  const record = id();
  for (let round = 0; round < 5; round += 1) {
    await Promise.all([one.space.write([increment(record)]), other.space.write([increment(record)])]);
  }
  await Promise.all([one.space.catchUp(), other.space.catchUp()]);
  assert.equal(count((await one.space.read(record))?.body ?? null), 10);
  const fresh = await newDevice(account, keyring);
  await fresh.space.catchUp();
  assert.deepEqual(await fresh.space.tip(), await one.space.tip());
});
