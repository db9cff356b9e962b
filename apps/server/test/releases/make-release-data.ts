/**
 * `node apps/server/test/releases/make-release-data.ts VERSION`, in the tree of a release and never again: what its server
 * keeps becomes VERSION.json.gz, which all later ones must open.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeBytes } from '@latchkey/protocol/wire';
import { SCHEMA_VERSION } from '../../src/store/migrations.ts';
import { randomHeader, startTestServer } from '../../src/testing/index.ts';
import { bytes, id, pass, register } from '../test-owner.ts';
import { packRelease } from './release-data.ts';

const [version = ''] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error('give the version of the release, such as 0.1.0');
const to = join(import.meta.dirname, `${version}.json.gz`);
if (existsSync(to)) throw new Error('the data of a release is made once');

const folder = mkdtempSync(join(tmpdir(), 'latchkey-release-'));
const data = join(folder, 'data');
// The origin is part of every login, and the port of a test is any.
const origin = 'http://localhost:7700';
const server = await startTestServer({ data, config: { origin } });
const connectTo = `http://localhost:${server.port}`;
const alice = await register(origin, 'alice@localhost', { connectTo });
const bob = await register(origin, 'bob@localhost', { connectTo });

const holds: { hold: string; sha256: string }[] = [];
const blobs: Uint8Array[] = [];
// One within the database, and one as a file of its own.
for (const sizeBytes of [1_000, 70_000]) {
  const [hold, body] = [id(), bytes(sizeBytes)];
  blobs.push((await alice.wire.put('holdsPut', { hold }, body)).blob);
  holds.push({ hold: encodeBytes(hold), sha256: createHash('sha256').update(body).digest('base64url') });
}
const recipient = { address: alice.address, key: id(), headers: [randomHeader()], part: bytes(1_040) };
const [first = id()] = blobs;
await bob.wire.call('deliver', { blobs: [first], recipients: [recipient] }, await pass(bob));

const space = id();
await alice.wire.call('spacesCreate', { space, kind: 'mailbox' });
const records = [bytes(300), bytes(2_000)].map((sealed) => ({ record: id(), sealed }));
await alice.wire.call('spacesWrite', {
  space,
  writes: records.map((each) => ({ ...each, version: 1, epoch: 0 })),
  head: null,
});
await server.stop();
packRelease(to, {
  data,
  facts: {
    schema: SCHEMA_VERSION,
    origin,
    address: alice.address,
    password: alice.password,
    authorization: alice.wire.authorization ?? '',
    holds,
    arrivals: 1,
    space: encodeBytes(space),
    records: records.map(({ record, sealed }) => ({ record: encodeBytes(record), sealed: encodeBytes(sealed) })),
  },
});
rmSync(folder, { recursive: true });
