import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { limits } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from '../testing/index.ts';
import { bytes, id, register, send, type TestOwner } from '../../test/test-owner.ts';

let server: TestServer;
let alice: TestOwner;
let bob: TestOwner;

before(async () => {
  server = await startTestServer();
  alice = await register(server.origin, 'alice@localhost');
  bob = await register(server.origin, 'bob@localhost');
});
after(() => server.stop());

async function newSpace(owner: TestOwner): Promise<Uint8Array> {
  const space = id();
  await owner.wire.call('spacesCreate', { space, kind: 'other' });
  return space;
}

const newHold = (header: Uint8Array | null = null) => ({ hold: id(), header });
const write = (record: Uint8Array, version: number, sealed = bytes(300)) => ({ record, version, epoch: 0, sealed });
const sha256 = (sealed: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(sealed).digest());

test('a space of its kind is made once; two devices cannot begin two vaults', async () => {
  const space = id();
  await alice.wire.call('spacesCreate', { space, kind: 'vault' });
  await alice.wire.call('spacesCreate', { space, kind: 'vault' });
  await assert.rejects(alice.wire.call('spacesCreate', { space, kind: 'mailbox' }), { code: 'exists_differently' });
  await assert.rejects(alice.wire.call('spacesCreate', { space: id(), kind: 'vault' }), { code: 'exists_differently' });
  assert.deepEqual((await alice.wire.call('spacesList', {})).spaces, [{ space, kind: 'vault', size: 0 }]);
  assert.deepEqual((await bob.wire.call('spacesList', {})).spaces, []);
});

test('records are put only over the version before, all of a batch or none', async () => {
  const space = await newSpace(alice);
  const [a, b] = [id(), id()];
  const first = await alice.wire.call('spacesWrite', { space, writes: [write(a, 1), write(b, 1)], head: null });
  assert.deepEqual(first, { answer: 'written', size: 2 });
  const conflict = await alice.wire.call('spacesWrite', { space, writes: [write(a, 2), write(b, 1)], head: null });
  assert.deepEqual(conflict, { answer: 'conflict', size: 2, conflicts: [{ record: b, version: 1 }] });
  const skipped = await alice.wire.call('spacesWrite', { space, writes: [write(id(), 2)], head: null });
  assert.equal(skipped.answer, 'conflict');
  const chain = await alice.wire.call('spacesWrite', { space, writes: [write(a, 2), write(a, 3)], head: null });
  assert.deepEqual(chain, { answer: 'written', size: 4 });
  const { records } = await alice.wire.call('spacesRead', { space, records: [a, b, id()] });
  assert.deepEqual(
    records.map((each) => each.version).toSorted((one, other) => one - other),
    [1, 3],
  );
});

test('of many writers of one version at once exactly one wins', async () => {
  const space = await newSpace(alice);
  const record = id();
  for (let version = 1; version <= 5; version++) {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        alice.wire.call('spacesWrite', { space, writes: [write(record, version)], head: null }),
      ),
    );
    assert.equal(answers.filter((each) => each.answer === 'written').length, 1);
  }
  assert.equal((await alice.wire.call('spacesChanges', { space, after: 0, limit: 256 })).changes.length, 5);
});

test('the change log has every version’s hash in order, and the sealed record only where it is the newest', async () => {
  const space = await newSpace(alice);
  const [a, b] = [id(), id()];
  const sealed = [bytes(256), bytes(1_000), bytes(16_000)] as const;
  await alice.wire.call('spacesWrite', { space, writes: [write(a, 1, sealed[0]), write(b, 1, sealed[1])], head: null });
  await alice.wire.call('spacesWrite', { space, writes: [write(a, 2, sealed[2])], head: null });
  const { changes, size, more } = await alice.wire.call('spacesChanges', { space, after: 0, limit: 10 });
  assert.deepEqual([size, more], [3, false]);
  assert.deepEqual(changes, [
    { number: 1, record: a, version: 1, epoch: 0, hash: sha256(sealed[0]), sealed: null },
    { number: 2, record: b, version: 1, epoch: 0, hash: sha256(sealed[1]), sealed: sealed[1] },
    { number: 3, record: a, version: 2, epoch: 0, hash: sha256(sealed[2]), sealed: sealed[2] },
  ]);
  const page = await alice.wire.call('spacesChanges', { space, after: 1, limit: 1 });
  assert.deepEqual([page.changes.length, page.changes[0]?.number, page.more], [1, 2, true]);
});

test('an answer stops before it grows too large, and says that there is more', async () => {
  const space = await newSpace(alice);
  const records = Array.from({ length: 7 }, () => id());
  for (const record of records) {
    await alice.wire.call('spacesWrite', { space, writes: [write(record, 1, bytes(1_000_000))], head: null });
  }
  const first = await alice.wire.call('spacesChanges', { space, after: 0, limit: 256 });
  assert.ok(first.more && first.changes.length < 7 && first.changes.length >= 1);
  const rest = await alice.wire.call('spacesChanges', { space, after: first.changes.length, limit: 256 });
  assert.equal(first.changes.length + rest.changes.length, 7);
  const read = await alice.wire.call('spacesRead', { space, records });
  assert.equal(read.records.length + read.left.length, 7);
  assert.ok(read.records.reduce((sum, each) => sum + each.sealed.length, 0) <= limits.MAX_ANSWER_BYTES);
});

test('a head goes with its batch only if the log then has its size', async () => {
  const space = await newSpace(alice);
  const device = id();
  const head = (size: number): { device: Uint8Array; size: number; head: Uint8Array } => ({
    device,
    size,
    head: bytes(100),
  });
  const record = id();
  const off = await alice.wire.call('spacesWrite', { space, writes: [write(record, 1)], head: head(2) });
  assert.deepEqual(off, { answer: 'conflict', size: 0, conflicts: [] });
  const fits = head(1);
  assert.equal(
    (await alice.wire.call('spacesWrite', { space, writes: [write(record, 1)], head: fits })).answer,
    'written',
  );
  assert.deepEqual((await alice.wire.call('spacesHeads', { space })).heads, [fits]);
  const later = head(1);
  await alice.wire.call('spacesHeadPut', { space, head: later });
  assert.deepEqual((await alice.wire.call('spacesHeads', { space })).heads, [later]);
});

test('nobody reaches a space of another account, whatever the call', async () => {
  const space = await newSpace(alice);
  const refused = { code: 'not_found' };
  await assert.rejects(bob.wire.call('spacesWrite', { space, writes: [write(id(), 1)], head: null }), refused);
  await assert.rejects(bob.wire.call('spacesChanges', { space, after: 0, limit: 1 }), refused);
  await assert.rejects(bob.wire.call('spacesRead', { space, records: [id()] }), refused);
  await assert.rejects(bob.wire.call('spacesHeads', { space }), refused);
  await assert.rejects(
    bob.wire.call('spacesHeadPut', { space, head: { device: id(), size: 0, head: bytes(1) } }),
    refused,
  );
  await assert.rejects(
    bob.wire.call('arrivalsFile', {
      space,
      entries: [{ arrival: 1, record: id(), epoch: 0, sealed: bytes(9), holds: [newHold()] }],
    }),
    refused,
  );
});

test('filing is all or nothing: an entry with wrong holds takes the whole call back', async () => {
  await send(alice, [bob.address, bob.address]);
  const space = await newSpace(bob);
  const entry = (arrival: number, holds: ReturnType<typeof newHold>[]) => ({
    arrival,
    record: id(),
    epoch: 0,
    sealed: bytes(300),
    holds,
  });
  const good = entry(1, [newHold()]);
  const wrong = bob.wire.call('arrivalsFile', { space, entries: [good, entry(2, [newHold(), newHold()])] });
  await assert.rejects(wrong, { code: 'request_malformed' });
  const taken = bob.wire.call('arrivalsFile', { space, entries: [good, entry(2, good.holds)] });
  await assert.rejects(taken, { code: 'exists_differently' });
  assert.deepEqual((await bob.wire.call('holdsList', { after: null, limit: 9 })).holds, []);
  assert.equal((await bob.wire.call('arrivalsList', { after: 0, limit: 9, onlyHere: true })).arrivals.length, 2);
  const both = await Promise.all([
    bob.wire.call('arrivalsFile', { space, entries: [good] }),
    bob.wire.call('arrivalsFile', { space, entries: [{ ...good, holds: [newHold()] }] }),
  ]);
  assert.deepEqual(both.flatMap((each) => each.answers).toSorted(), ['exists', 'filed']);
  assert.equal((await bob.wire.call('holdsList', { after: null, limit: 9 })).holds.length, 1);
  const gone = await bob.wire.call('arrivalsFile', { space, entries: [entry(1, [newHold()]), entry(77, [newHold()])] });
  assert.deepEqual(gone.answers, ['gone', 'gone']);
});
