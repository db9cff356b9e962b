import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { directoryOf, lookedUp, nextVersion, resolveUntil, verifiedHead } from '../../test/key-log-client.ts';
import { register } from '../../test/test-owner.ts';
import { startTestServer } from '../testing/index.ts';
import { databaseFile } from '../store/database-file.ts';

test('registered, in both logs, and proved to somebody else; an address that is not there too', async () => {
  const server = await startTestServer();
  try {
    const alice = await register(server.origin, 'alice@localhost');
    const bob = await register(server.origin, 'bob@localhost');
    const policy = await bob.wire.call('ktPolicy', {});
    const wellKnown = await bob.wire.call('wellKnown', {});
    assert.deepEqual(wellKnown.policy, new Uint8Array(createHash('sha256').update(policy.policy).digest()));
    const directory = directoryOf(policy);
    const resolved = await resolveUntil(bob.wire, alice.address, { versions: 1 });
    const head = await verifiedHead(directory, resolved);
    const found = lookedUp(head, alice.address, resolved.answers[0]);
    assert.ok(!found.refused && found.found, JSON.stringify(found));
    assert.equal(found.versions[0]?.flag, 'genesis');

    const { statement } = await nextVersion(alice);
    await alice.wire.call('directoryUpdate', { statement });
    await resolveUntil(bob.wire, alice.address, { versions: 2 });
    const later = await bob.wire.call('ktResolve', {
      wanted: [
        { address: alice.address, fromVersion: 0 },
        { address: 'nobody@localhost', fromVersion: 0 },
        { address: alice.address, fromVersion: 2 },
        { address: alice.address, fromVersion: 9 },
      ],
      known: { indexSize: head.index.size, keysSize: head.keys.size },
    });
    const laterHead = await verifiedHead(directory, later, { previous: head });
    const both = lookedUp(laterHead, alice.address, later.answers[0]);
    assert.ok(!both.refused && both.found, JSON.stringify(both));
    assert.deepEqual(
      both.versions.map(({ flag }) => flag),
      ['genesis', 'signed'],
    );
    assert.equal(Buffer.from(both.versions[1]?.note ?? []).toString('utf8'), statement);
    const nobody = lookedUp(laterHead, 'nobody@localhost', later.answers[1]);
    assert.deepEqual([nobody.refused, !nobody.refused && nobody.found], [false, false]);
    assert.deepEqual(
      later.answers.map(({ takes, leaves }) => [takes, leaves.length]),
      [
        ['mail', 2],
        ['unknown', 0],
        ['mail', 0],
        ['mail', 0],
      ],
    );
    // The proof of one address does not pass for another.
    assert.equal(lookedUp(laterHead, alice.address, later.answers[1]).refused, true);
  } finally {
    await server.stop();
  }
});

test('accounts from before the log become its first entries, and a start changes nothing', async () => {
  const data = mkdtempSync(join(tmpdir(), 'latchkey-key-log-'));
  try {
    const before = await startTestServer({ data });
    const alice = await register(before.origin, 'alice@localhost');
    const { owner, statement } = await nextVersion(alice);
    await alice.wire.call('directoryUpdate', { statement });
    const bob = await register(before.origin, 'bob@localhost');
    const config = { origin: before.origin };
    await before.stop();
    const database = new DatabaseSync(databaseFile(data));
    for (const table of ['opening', 'address_index', 'key_leaf', 'index_leaf', 'log_tile', 'log_head', 'log_hour']) {
      database.exec(`delete from ${table}`);
    }
    database.close();
    for (const name of ['log-key', 'vrf-key']) rmSync(join(data, 'secrets', name));

    const first = await startTestServer({ data, config });
    bob.wire.origin = `http://127.0.0.1:${first.port}`;
    const policy = await bob.wire.call('ktPolicy', {});
    const resolved = await resolveUntil(bob.wire, owner.address, { versions: 2 });
    const found = lookedUp(await verifiedHead(directoryOf(policy), resolved), owner.address, resolved.answers[0]);
    assert.ok(!found.refused && found.found, JSON.stringify(found));
    assert.deepEqual(
      found.versions.map(({ flag }) => flag),
      ['genesis', 'signed'],
    );
    await first.stop();
    for (const name of ['log-key', 'vrf-key']) assert.equal(statSync(join(data, 'secrets', name)).mode & 0o777, 0o600);

    const second = await startTestServer({ data, config });
    bob.wire.origin = `http://127.0.0.1:${second.port}`;
    assert.deepEqual(await bob.wire.call('ktPolicy', {}), policy);
    const again = await resolveUntil(bob.wire, owner.address, { versions: 2 });
    assert.deepEqual(again.head.indexLeaf, resolved.head.indexLeaf);
    await second.stop();

    rmSync(join(data, 'secrets', 'vrf-key'));
    await assert.rejects(startTestServer({ data, config }), { code: 'data_damaged' });
  } finally {
    rmSync(data, { recursive: true });
  }
});

test('what was signed and is not what lies there stops the start', async () => {
  const data = mkdtempSync(join(tmpdir(), 'latchkey-key-log-'));
  try {
    const before = await startTestServer({ data });
    const alice = await register(before.origin, 'alice@localhost');
    await resolveUntil(alice.wire, alice.address, { versions: 1 });
    const config = { origin: before.origin };
    await before.stop();
    await assert.rejects(startTestServer({ data, config: { ...config, domain: 'example.org' } }), {
      code: 'config_malformed',
    });
    const database = new DatabaseSync(databaseFile(data));
    const { leaf } = database.prepare('select leaf from key_leaf').get() as { leaf: Uint8Array };
    leaf[65] = (leaf[65] ?? 0) ^ 1;
    database.prepare('update key_leaf set leaf = ?').run(leaf);
    database.close();
    await assert.rejects(startTestServer({ data, config }), {
      code: 'data_damaged',
      message: 'the key log is not what was signed',
    });
  } finally {
    rmSync(data, { recursive: true });
  }
});
