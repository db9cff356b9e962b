/** Each mistake that `doctor` knows, made on purpose, is told; without it nothing is. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { defaultConfig, type Config } from '../config/config.ts';
import { dayOf } from '../times.ts';
import { startTestServer } from '../testing/index.ts';
import { placeFindings } from './doctor-findings.ts';
import { diagnose } from './doctor.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-doctor-'));
const data = join(folder, 'data');
const config = (changes: Partial<Config> = {}): Config & { readonly data: string } => ({
  ...defaultConfig,
  ...changes,
  data,
});

before(async () => {
  await (await startTestServer({ data })).stop();
});
after(() => rmSync(folder, { recursive: true }));

/** Names of what has advice; of the machine's own state (free space, a folder in memory) nothing is said here. */
async function told(changes: Partial<Config> = {}): Promise<readonly string[]> {
  const findings = await diagnose(config(changes), '0.1.0');
  return findings.flatMap(({ name, advice }) => (advice === null || name === 'free' || name === 'place' ? [] : [name]));
}

function change(sql: string): void {
  const database = new DatabaseSync(join(data, 'latchkey.db'));
  database.exec(sql);
  database.close();
}

test('of a server that is as it should be nothing is told', async () => {
  assert.deepEqual(await told(), []);
});

test('settings for others: open registration, no backups, no witness, the metrics on the own port', async () => {
  assert.deepEqual(await told({ domain: 'example.org' }), ['registration', 'backups', 'witnesses']);
  const key = 'w.example.org+00000000+AA';
  const careful: Partial<Config> = {
    domain: 'example.org',
    registration: 'invite',
    backupRecipient: 'age1pq1qqqq',
    keyLog: { witness: [{ url: 'https://w.example.org/', key }], auditor: [], quorum: null },
  };
  assert.deepEqual(await told(careful), []);
  assert.deepEqual(await told({ port: 7_700, metricsPort: 7_700 }), ['metrics']);
});

test('a folder and secrets that others can read', async () => {
  chmodSync(data, 0o755);
  chmodSync(join(data, 'secrets/opaque-setup'), 0o644);
  assert.deepEqual(await told(), ['data', 'secrets/opaque-setup']);
  chmodSync(data, 0o700);
  chmodSync(join(data, 'secrets/opaque-setup'), 0o600);
});

test('a secret that is gone and cannot be made anew', async () => {
  const other = join(folder, 'lost');
  await (await startTestServer({ data: other })).stop();
  rmSync(join(other, 'secrets/vrf-key'));
  const findings = await diagnose({ ...config(), data: other }, '0.1.0');
  const lost = findings.find(({ name }) => name === 'secrets/vrf-key');
  assert.match(lost?.advice ?? '', /do not start/);
  // Beside that advice nothing says that it will be made.
  assert.equal(lost?.value, 'absent');
});

test('data within a clone', () => {
  const clone = join(folder, 'clone');
  mkdirSync(join(clone, '.git'), { recursive: true });
  mkdirSync(join(clone, 'data'));
  assert.match(placeFindings(join(clone, 'data')).find(({ name }) => name === 'clone')?.advice ?? '', /move it out/);
});

test('a copy of before an upgrade that still lies there', async () => {
  writeFileSync(join(data, 'latchkey.db.before-2'), '');
  assert.deepEqual(await told(), ['copies']);
  rmSync(join(data, 'latchkey.db.before-2'));
});

test('an origin that was changed, or that nobody can reach safely; data of a newer program; a wrong clock', async () => {
  assert.deepEqual(await told({ origin: 'https://elsewhere.example.org' }), ['origin']);
  const database = new DatabaseSync(join(data, 'latchkey.db'));
  const { value } = database.prepare(`select value from setting where name = 'origin'`).get() as { value: string };
  const { schema } = database.prepare(`select value as schema from setting where name = 'schema'`).get() as {
    schema: string;
  };
  database.close();
  change(`update setting set value = 'http://mail.example.org' where name = 'origin'`);
  assert.deepEqual(await told(), ['origin']);
  change(`update setting set value = '${value}' where name = 'origin'`);
  change(`update setting set value = '99' where name = 'schema'`);
  assert.deepEqual(await told(), ['database']);
  change(`update setting set value = '${schema}' where name = 'schema'`);
  assert.deepEqual(await told(), []);
  change(
    `insert into event (account, number, day, kind, value) values (zeroblob(16), 1, ${dayOf(Date.now()) + 30}, 'account', 0)`,
  );
  assert.deepEqual(await told(), ['clock']);
  change('delete from event');
});
