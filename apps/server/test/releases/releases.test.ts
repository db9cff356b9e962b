/** What every release left on a disk opens with this program, whole, and its owners come in as before. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeBytes, encodeBytes } from '@latchkey/protocol/wire';
import { rowProblems } from '../../src/commands/row-problems.ts';
import { useProblems } from '../../src/commands/use-problems.ts';
import { inventoryProblems } from '../../src/inventory/inventory-problems.ts';
import { SCHEMA_VERSION } from '../../src/store/migrations.ts';
import { integrityProblems } from '../../src/store/sqlite.ts';
import { startTestServer, WireClient } from '../../src/testing/index.ts';
import { logInAt } from '../test-owner.ts';
import { unpackRelease } from './release-data.ts';

const releases = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json.gz'));
const decoded = (text: string): Uint8Array => decodeBytes(text) ?? new Uint8Array(0);

test('there is data of every release', () => {
  const changes = readFileSync(new URL('../../../../CHANGELOG.md', import.meta.url), 'utf8');
  const versions = [...changes.matchAll(/^## (\d+\.\d+\.\d+)/gm)].map(([, version]) => `${version}.json.gz`);
  assert.ok(versions.length > 0);
  assert.deepEqual(
    releases.toSorted(),
    versions.toSorted(),
    'make-release-data.ts makes it, in the tree of the release',
  );
});

for (const name of releases) {
  test(`the data of ${name.replace('.json.gz', '')} opens, and everything in it is there`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-release-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const data = join(folder, 'data');
    const facts = unpackRelease(new URL(name, import.meta.url), data);
    assert.ok(facts.schema <= SCHEMA_VERSION);
    const server = await startTestServer({ data, config: { origin: facts.origin } });
    t.after(() => server.stop());
    // A copy of before stands beside it exactly where the schema has changed since.
    const isOlder = facts.schema < SCHEMA_VERSION;
    assert.equal(existsSync(join(data, `latchkey.db.before-${SCHEMA_VERSION}`)), isOlder);
    const { db } = server.services.store;
    const problems = [
      ...(await integrityProblems(db)),
      ...(await inventoryProblems(db)),
      ...(await rowProblems(db)),
      ...(await useProblems(db)),
    ];
    assert.deepEqual(problems, []);

    const connectTo = `http://localhost:${server.port}`;
    const kept = new WireClient(connectTo);
    kept.authorization = facts.authorization;
    for (const wire of [kept, await logInAt(connectTo, facts)]) {
      for (const { hold, sha256 } of facts.holds) {
        const response = await fetch(`${connectTo}/v1/holds/${hold}`, {
          headers: { authorization: wire.authorization ?? '' },
        });
        const body = new Uint8Array(await response.arrayBuffer());
        assert.equal(createHash('sha256').update(body).digest('base64url'), sha256);
      }
      const { arrivals } = await wire.call('arrivalsList', { after: 0, limit: 10, onlyHere: true });
      assert.equal(arrivals.length, facts.arrivals);
      const space = decoded(facts.space);
      const ids = facts.records.map(({ record }) => decoded(record));
      const { records } = await wire.call('spacesRead', { space, records: ids });
      const sealed = records.map((each) => encodeBytes(each.sealed)).toSorted();
      assert.deepEqual(sealed, facts.records.map((each) => each.sealed).toSorted());
    }
  });
}
