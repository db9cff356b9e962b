/** A statement that went with a disk, while its leaf came back (docs/spec/17-backup.md, "The key log"). */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { startTestServer } from '../src/testing/index.ts';
import { directoryOf, lookedUp, nextVersion, resolveUntil, verifiedHead } from './key-log-client.ts';
import { register } from './test-owner.ts';

const program = join(import.meta.dirname, '../bin/latchkey-server');

test('nothing is put in its place, and its owner alone can give it back', async () => {
  const data = mkdtempSync(join(tmpdir(), 'latchkey-lost-statement-'));
  let server = await startTestServer({ data });
  try {
    const alice = await register(server.origin, 'alice@localhost');
    const { statement, owner: later } = await nextVersion(alice);
    await alice.wire.call('directoryUpdate', { statement });
    const before = await resolveUntil(alice.wire, alice.address, { versions: 2 });
    const opening = before.answers[0]?.leaves[1]?.opened?.opening ?? new Uint8Array();
    await server.stop();

    const database = new DatabaseSync(join(data, 'latchkey.db'));
    for (const table of ['statement', 'opening']) database.exec(`delete from ${table} where version = 1`);
    database.close();
    server = await startTestServer({ data });
    alice.wire.origin = `http://127.0.0.1:${server.port}`;
    const lost = await resolveUntil(alice.wire, alice.address, { versions: 2 });
    assert.equal(lost.answers[0]?.leaves[1]?.opened, null);

    // Signed by the same keys, and as sound as the lost one: as version 1 under the third leaf it could never be proved.
    const other = await nextVersion(alice);
    assert.notEqual(other.statement, statement);
    for (const refused of [statement, other.statement]) {
      await assert.rejects(alice.wire.call('directoryUpdate', { statement: refused }), { code: 'statement_refused' });
    }
    for (const refused of [
      { statement: other.statement, opening },
      { statement, opening: opening.with(0, 1 ^ (opening[0] ?? 0)) },
      { statement: `${statement}— stranger.example AAAAAAAA\n`, opening },
    ]) {
      await assert.rejects(alice.wire.call('directoryGiveBack', refused), { code: 'statement_refused' });
    }
    const mallory = await register(server.origin, 'mallory@localhost', { connectTo: alice.wire.origin });
    await assert.rejects(mallory.wire.call('directoryGiveBack', { statement, opening }), { code: 'statement_refused' });

    const { status, stderr } = spawnSync(program, ['tombstone', alice.address, '--data', data], { encoding: 'utf8' });
    assert.equal(status, 1, stderr);
    assert.match(stderr, /lost with a disk/);

    assert.deepEqual(await alice.wire.call('directoryGiveBack', { statement, opening }), { version: 1 });
    await assert.rejects(alice.wire.call('directoryGiveBack', { statement, opening }), { code: 'statement_refused' });
    const resolved = await resolveUntil(alice.wire, alice.address, { versions: 2 });
    const head = await verifiedHead(directoryOf(await alice.wire.call('ktPolicy', {})), resolved);
    const found = lookedUp(head, alice.address, resolved.answers[0]);
    assert.ok(!found.refused && found.found);
    assert.equal(Buffer.from(found.versions[1]?.note ?? []).toString('utf8'), statement);
    // What comes next has its own place again.
    await alice.wire.call('directoryUpdate', { statement: (await nextVersion(later)).statement });
    await resolveUntil(alice.wire, alice.address, { versions: 3 });
  } finally {
    await server.stop();
    rmSync(data, { recursive: true });
  }
});
