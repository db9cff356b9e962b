import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useProblems } from '../src/commands/use-problems.ts';
import { openSqlite, type Connection } from '../src/store/sqlite.ts';
import { writerInProcess } from '../src/store/writer.ts';
import { randomHeader, startTestServer, WireRefused } from '../src/testing/index.ts';
import { WRITES } from '../src/writes/index.ts';
import { directoryOf, lookedUp, nextVersion, resolveUntil, verifiedHead } from './key-log-client.ts';
import { bytes, id, pass, register } from './test-owner.ts';

type Fault = 'none' | 'not written' | 'written';

/** What the next commits do; the last one stays. */
function faultyConnection(connection: Connection, next: () => Fault): Connection {
  return {
    ...connection,
    commit() {
      const fault = next();
      if (fault !== 'not written') connection.commit();
      if (fault !== 'none') throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR' });
    },
  };
}

async function untilDone<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 10; tries++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof WireRefused) || error.code !== 'storage_failed') throw error;
    }
  }
  throw new Error('storage failed ten times');
}

for (const fault of ['not written', 'written'] as const) {
  test(`one commit in three fails, ${fault}, and with repetitions everything is there exactly once`, async () => {
    let isOn = false;
    let commits = 0;
    const server = await startTestServer({
      writer: (file) =>
        writerInProcess(
          faultyConnection(openSqlite({ file, mode: 'write' }), () => {
            commits += 1;
            return isOn && commits % 3 === 1 ? fault : 'none';
          }),
          WRITES,
        ),
    });
    try {
      const alice = await register(server.origin, 'alice@localhost');
      const bob = await register(server.origin, 'bob@localhost');
      isOn = true;
      const [hold, space, record, key] = [id(), id(), id(), id()];
      const body = bytes(5_000);
      const { blob } = await untilDone(() => alice.wire.put('holdsPut', { hold }, body));
      const recipient = { address: bob.address, key, headers: [randomHeader()], part: bytes(100) };
      for (let answer = 'later'; answer !== 'ok';) {
        const { answers } = await alice.wire.call(
          'deliver',
          { blobs: [blob], recipients: [recipient] },
          await pass(alice),
        );
        answer = answers[0] ?? 'none';
        assert.ok(answer === 'ok' || answer === 'later', answer);
      }
      await untilDone(() => bob.wire.call('spacesCreate', { space, kind: 'mailbox' }));
      const entry = { arrival: 1, record, epoch: 0, sealed: bytes(300), holds: [{ hold: id(), header: null }] };
      const { answers } = await untilDone(() => bob.wire.call('arrivalsFile', { space, entries: [entry] }));
      assert.ok(['filed', 'exists'].includes(answers[0] ?? ''));
      const upload = id();
      await untilDone(() => alice.wire.call('uploadsCreate', { upload, sizeBytes: 3 }));
      await untilDone(() => alice.wire.put('uploadsPart', { upload, part: 0 }, new Uint8Array([1, 2, 3])));
      await untilDone(() => alice.wire.call('uploadsAbort', { upload })).catch((error: unknown) => {
        // Written although it failed: the repetition finds nothing left.
        assert.ok(error instanceof WireRefused && error.code === 'not_found');
      });
      isOn = false;

      const { db } = server.services.store;
      const count = async (table: 'arrival' | 'record' | 'change' | 'upload'): Promise<number> =>
        (await db.selectFrom(table).selectAll().execute()).length;
      assert.deepEqual(
        [await count('arrival'), await count('record'), await count('change'), await count('upload')],
        [1, 1, 1, 0],
      );
      assert.deepEqual((await bob.wire.get('holdsRead', { hold: entry.holds[0]!.hold })).bytes, body);
      assert.deepEqual(await useProblems(db), []);
    } finally {
      await server.stop();
    }
  });
}

for (const fault of ['not written', 'written'] as const) {
  test(`every second commit of the key log fails, ${fault}, and there is one head of each size`, async () => {
    let commits = 0;
    const server = await startTestServer({
      writer: (file) =>
        writerInProcess(
          faultyConnection(openSqlite({ file, mode: 'write' }), () => {
            commits += 1;
            return commits > 12 && commits % 2 === 1 ? fault : 'none';
          }),
          WRITES,
        ),
    });
    try {
      const alice = await register(server.origin, 'alice@localhost');
      const heads = new Map<number, string>();
      let owner = alice;
      for (let versions = 1; versions <= 4; versions++) {
        const resolved = await resolveUntil(alice.wire, alice.address, { versions, withinMs: 20_000 });
        const head = await verifiedHead(directoryOf(await alice.wire.call('ktPolicy', {})), resolved);
        const root = Buffer.from(head.index.rootHash).toString('hex');
        assert.equal(heads.get(head.index.size) ?? root, root);
        heads.set(head.index.size, root);
        const found = lookedUp(head, alice.address, resolved.answers[0]);
        assert.ok(!found.refused && found.found, JSON.stringify(found));
        const next = await nextVersion(owner);
        await untilDone(() => owner.wire.call('directoryUpdate', { statement: next.statement })).catch(
          (error: unknown) => {
            // Written although it failed: the repetition is no next version any more.
            assert.ok(error instanceof WireRefused && error.code === 'statement_refused');
          },
        );
        owner = next.owner;
      }
      assert.ok(commits > 12, 'no commit failed');
    } finally {
      await server.stop();
    }
  });
}
