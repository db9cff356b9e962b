import assert from 'node:assert/strict';
import {
  appendFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { formatRecipient, generateIdentity, open, recipientOf } from '@latchkey/crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { startTestServer, WireClient, type TestServer } from '../testing/index.ts';
import { bytes, id, register, type TestOwner } from '../../test/test-owner.ts';
import { parseBackedUpSecrets, parseBackupFacts } from './backup-facts.ts';
import { restoreBackup } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-backup-'));
const identity = generateIdentity(nodeEngine);
const recipient = formatRecipient(await recipientOf(nodeEngine, identity));
const dataDir = join(folder, 'data');
const large = bytes(300_000);
let server: TestServer;
let alice: TestOwner;
let holds = 0;

before(async () => {
  server = await startTestServer({ data: dataDir });
  alice = await register(server.origin, 'alice@localhost');
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const backUp = (out: string): ReturnType<typeof writeBackup> =>
  writeBackup({ dataDir, out: join(folder, out), recipient, version: '0.0.0', nowMs: Date.now() });

async function opened(out: string): Promise<string> {
  const source = createReadStream(join(folder, out, 'secrets.age'));
  const file = await open(nodeEngine, { source, identities: [{ ...identity, secret: identity.secret.slice() }] });
  assert.ok(file !== null);
  const pieces: Uint8Array[] = [];
  for await (const piece of file.plaintext) pieces.push(piece.slice());
  return Buffer.concat(pieces).toString('utf8');
}

const restore = async (out: string, to: string, secretsText?: string): ReturnType<typeof restoreBackup> =>
  restoreBackup({
    backup: join(folder, out),
    dataDir: join(folder, to),
    secretsText: secretsText ?? (await opened(out)),
    nowMs: Date.now(),
  });

test('a backup beside a server under load is one state, and a server runs over what is restored from it', async () => {
  const load = { runs: true, acknowledged: 0 };
  const held = id();
  await alice.wire.put('holdsPut', { hold: held }, large);
  const loading = (async () => {
    while (load.runs) {
      await alice.wire.put('holdsPut', { hold: id() }, bytes(100_000));
      load.acknowledged += 1;
    }
  })();
  while (load.acknowledged < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  const atLeast = load.acknowledged;
  const { facts, missing } = await backUp('one');
  load.runs = false;
  await loading;
  assert.deepEqual(missing, []);
  assert.ok(facts.blobs >= atLeast + 1, `${facts.blobs} blobs of ${atLeast} acknowledged`);
  holds = facts.blobs;

  await restore('one', 'again');
  assert.equal(statSync(join(folder, 'again')).mode & 0o777, 0o700);
  const restored = await startTestServer({ data: join(folder, 'again') });
  try {
    const { usedBytes } = await alice.wire.call('accountAbout', {});
    const wire = new WireClient(`http://127.0.0.1:${restored.port}`, alice.wire.authorization);
    assert.ok((await wire.call('accountAbout', {})).usedBytes <= usedBytes);
    assert.deepEqual((await wire.get('holdsRead', { hold: held })).bytes, large);
  } finally {
    await restored.stop();
  }
});

test('data in small pages, which is too large to be written anew in place, comes back in large ones', async () => {
  await backUp('for-pages');
  await restore('for-pages', 'small');
  const file = join(folder, 'small/latchkey.db');
  const small = new DatabaseSync(file);
  small.exec('pragma journal_mode = delete; pragma page_size = 4096; vacuum; pragma journal_mode = wal');
  const holdsOf = (database: DatabaseSync): unknown => database.prepare('select * from hold order by id').all();
  const before = holdsOf(small);
  small.close();
  const pageBytes = (path: string): number => readFileSync(path).readUInt16BE(16);
  const written = { dataDir: join(folder, 'small'), out: join(folder, 'of-small'), recipient, version: '0.0.0' };
  await writeBackup({ ...written, nowMs: Date.now() });
  await restore('of-small', 'wide');
  assert.deepEqual([pageBytes(file), pageBytes(join(folder, 'wide/latchkey.db'))], [4_096, 8_192]);
  const wide = new DatabaseSync(join(folder, 'wide/latchkey.db'), { readOnly: true });
  assert.deepEqual(holdsOf(wide), before);
  wide.close();
});

test('what is in a backup is what the inventory says, without a secret in the clear', async () => {
  await backUp('looked-at');
  const secrets = parseBackedUpSecrets(await opened('looked-at'));
  assert.deepEqual(Object.keys(secrets).toSorted(), ['handover-key', 'log-key', 'opaque-setup', 'vrf-key']);
  const files = readdirSync(join(folder, 'looked-at'), { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  assert.ok(files.length > holds / 2);
  for (const { parentPath, name } of files) {
    const content = readFileSync(join(parentPath, name));
    for (const [secret, text] of Object.entries(secrets)) assert.ok(!content.includes(text), `${secret} in ${name}`);
    assert.equal(statSync(join(parentPath, name)).mode & 0o077, 0, name);
  }
});

test('nothing is restored over data, from a newer version, or from a backup that was changed', async () => {
  const { facts } = await backUp('two');
  mkdirSync(join(folder, 'full'));
  writeFileSync(join(folder, 'full/a'), '');
  await assert.rejects(restore('two', 'full'), { code: 'output_exists' });

  await assert.rejects(restore('two', 'new', '{}'), { code: 'backup_damaged' });
  const backup = join(folder, 'two');
  const changed = async (name: string, change: (text: string) => string): Promise<void> => {
    const before = readFileSync(join(backup, name), 'latin1');
    writeFileSync(join(backup, name), change(before), 'latin1');
    await assert.rejects(restore('two', 'new'), { code: /damaged|newer/.test(name) ? name : 'backup_damaged' });
    writeFileSync(join(backup, name), before, 'latin1');
  };
  const [blob = ''] = readdirSync(join(backup, 'blobs'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.length > 30,
  );
  await changed('latchkey.db', (text) => `${text.slice(0, -1)}x`);
  await changed(`blobs/${blob}`, (text) => text.slice(1));
  await changed('SHA256SUMS', (text) => text.split('\n').slice(1).join('\n'));
  await changed('SHA256SUMS', (text) => `${'0'.repeat(64)}  blobs/../../etc/passwd\n${text}`);
  await changed('backup.json', (text) => text.replace('"schema"', '"shema"'));
  rmSync(join(backup, `blobs/${blob}`));
  await assert.rejects(restore('two', 'new'), { code: 'backup_damaged' });
  assert.ok(!existsSync(join(folder, 'new')) && !existsSync(join(folder, 'new.restoring')));

  await backUp('three');
  const file = join(folder, 'three/backup.json');
  writeFileSync(file, JSON.stringify({ ...facts, schema: facts.schema + 1 }));
  await assert.rejects(restore('three', 'new'), { code: 'data_newer' });
});

test('a folder is written once, and nothing is left of one that fails', async () => {
  await assert.rejects(backUp('one'), { code: 'output_exists' });
  await assert.rejects(
    writeBackup({ dataDir, out: join(folder, 'bad'), recipient: 'age1pq1x', version: '', nowMs: 0 }),
    { code: 'recipient_malformed' },
  );
  assert.ok(!existsSync(join(folder, 'bad')));
});

test('an upload that was given up and a blob that nobody held are no loss', async () => {
  const upload = id();
  await alice.wire.call('uploadsCreate', { upload, sizeBytes: 9_000_000 });
  await alice.wire.put('uploadsPart', { upload, part: 1 }, bytes(9_000_000 - 8_388_608));
  const database = new DatabaseSync(join(dataDir, 'latchkey.db'));
  const [row] = database.prepare('select file from upload').all() as { file: string }[];
  const path = join(dataDir, 'blobs', row?.file.slice(0, 2) ?? '', row?.file ?? '');
  const content = readFileSync(path);
  await backUp('with-upload');
  rmSync(path);
  const { missing } = await backUp('without');
  assert.deepEqual(missing, []);
  appendFileSync(path, content);
  database.close();
  for (const [out, found] of [
    ['with-upload', 1],
    ['without', 0],
  ] as const) {
    const copy = new DatabaseSync(join(folder, out, 'latchkey.db'));
    assert.equal(copy.prepare('select 1 from upload').all().length, found, out);
    assert.equal(copy.prepare('select 1 from upload_part').all().length, found, out);
    copy.close();
  }
});

test('the small files are read strictly', () => {
  const good = { latchkey: 'server-secrets/v1', files: { 'opaque-setup': 'abc' } };
  assert.deepEqual(parseBackedUpSecrets(JSON.stringify(good)), { 'opaque-setup': 'abc' });
  for (const files of [{}, { 'opaque-setup': 'a\nb' }, { ...good.files, '../x': 'a' }, { 'opaque-setup': 1 }]) {
    assert.throws(() => parseBackedUpSecrets(JSON.stringify({ ...good, files })), { code: 'backup_damaged' });
  }
  for (const text of ['', 'null', '{"latchkey":"backup/v1"}']) {
    assert.throws(() => parseBackupFacts(text), { code: 'backup_damaged' });
  }
});
