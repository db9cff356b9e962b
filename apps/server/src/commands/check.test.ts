import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, truncateSync, utimesSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { blobFiles } from '../blobs/blob-files.ts';
import { startTestServer, type TestServer } from '../testing/index.ts';
import { bytes, id, register, send, type TestOwner } from '../../test/test-owner.ts';
import { fileProblems } from './file-problems.ts';
import { rowProblems } from './row-problems.ts';
import { useProblems } from './use-problems.ts';

let server: TestServer;
let alice: TestOwner;
let bob: TestOwner;

before(async () => {
  server = await startTestServer();
  alice = await register(server.origin, 'alice@localhost');
  bob = await register(server.origin, 'bob@localhost');
  await send(alice, [bob.address], bytes(100_000));
  await send(alice, [bob.address]);
  const space = id();
  await bob.wire.call('spacesCreate', { space, kind: 'mailbox' });
  const write = { record: id(), version: 1, epoch: 0, sealed: bytes(300) };
  await bob.wire.call('spacesWrite', { space, writes: [write], head: null });
  const entry = { arrival: 1, record: id(), epoch: 0, sealed: bytes(300), holds: [{ hold: id(), header: null }] };
  await bob.wire.call('arrivalsFile', { space, entries: [entry] });
});
after(() => server.stop());

/** Each change is taken back: a copy of the table stands in for it while the check looks. */
async function problemsAfter(table: string, change: string): Promise<readonly string[]> {
  const database = new DatabaseSync(join(server.data, 'latchkey.db'));
  database.exec(`create table copy as select * from ${table}`);
  try {
    database.exec(change);
    const { db } = server.services.store;
    return [...(await rowProblems(db)), ...(await useProblems(db))];
  } finally {
    database.exec(`delete from ${table}; insert into ${table} select * from copy; drop table copy`);
    database.close();
  }
}

test('data that is well has no problems', async () => {
  const { db } = server.services.store;
  assert.deepEqual([...(await rowProblems(db)), ...(await useProblems(db))], []);
  assert.deepEqual(await fileProblems(db, blobFiles(server.data), Date.now()), { problems: [], notes: [] });
});

const damages: readonly (readonly [table: string, change: string, problem: RegExp])[] = [
  ['blob', 'delete from blob where content is not null', /^holds on a blob that is not there: 1$/],
  ['blob', 'delete from blob where content is not null', /^arrivals with a blob that is not there: 1$/],
  ['hold', 'update hold set size_bytes = size_bytes + 1', /^holds and arrivals with another size/],
  ['hold', 'update hold set header = substr(header, 2)', /^holds and arrivals with a header that is in no known form/],
  [
    'arrival_item',
    `update arrival_item set header = cast(x'02' || substr(header, 2) as blob)`,
    /with a header that is in no known/,
  ],
  ['blob', 'update blob set content = substr(content, 2) where content is not null', /^blobs in the database with/],
  ['blob', 'update blob set file = null', /^blobs in the database with/],
  ['change', 'delete from change where number = 1', /^spaces whose change log has holes: 1$/],
  ['change', 'update change set version = 9 where number = 1', /^records that the change log does not know so: 1$/],
  ['arrival', 'delete from arrival where number = 1', /^accounts whose arrivals have holes: 1$/],
  ['account', 'update account set events_ever = 1', /^accounts whose events go beyond their count: 1$/],
  ['arrival', 'update arrival set hour = 1 where hour is null', /^waiting arrivals without items/],
  ['login', `delete from login where account = (select id from account limit 1)`, /^accounts without a latch/],
  ['statement', 'update statement set version = 1', /^accounts without a latch, or whose identity/],
  ['session', `update session set account = x'00'`, /^rows of session without an account: 2$/],
  ['account', 'update account set used_bytes = used_bytes + 1', /^the counted use of alice@localhost/],
];

for (const [table, change, problem] of damages) {
  test(`found: ${change}`, async () => {
    const problems = await problemsAfter(table, change);
    assert.ok(
      problems.some((each) => problem.test(each)),
      problems.join('; '),
    );
  });
}

test('files that are cut, missing or nobody’s are named, each as what it is', async () => {
  const { db } = server.services.store;
  const blobs = blobFiles(server.data);
  const orphans = ['0'.repeat(32), '1'.repeat(32)].map((name) => {
    mkdirSync(join(server.data, 'blobs', name.slice(0, 2)), { recursive: true });
    return join(server.data, 'blobs', name.slice(0, 2), name);
  });
  for (const path of orphans) closeSync(openSync(path, 'w'));
  const [, old = ''] = orphans;
  utimesSync(old, 0, 0);
  const noted = await fileProblems(db, blobs, Date.now());
  assert.deepEqual(noted.problems, []);
  assert.match(noted.notes.join('; '), /younger than 48 hours.*: 1; .*older than 48 hours.*: 1$/);
  for (const path of orphans) rmSync(path);

  const { file } = await db.selectFrom('blob').select('file').where('file', 'is not', null).executeTakeFirstOrThrow();
  const path = join(server.data, 'blobs', file?.slice(0, 2) ?? '', file ?? '');
  truncateSync(path, 10);
  assert.match((await fileProblems(db, blobs, Date.now())).problems.join(), /is cut, or grew$/);
  rmSync(path);
  assert.match((await fileProblems(db, blobs, Date.now())).problems.join(), /is missing$/);
  assert.ok(readdirSync(join(server.data, 'blobs')).length > 0);
});
