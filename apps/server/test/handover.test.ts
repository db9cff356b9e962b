import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { nodeVerifier } from '@latchkey/crypto/verify-node';
import { commit } from '@latchkey/key-directory';
import { limits } from '@latchkey/protocol/wire';
import { parseNote, parseVerifierKey, verifyNote, type NoteVerifier } from '@latchkey/tlog';
import { writeHandover } from '../src/handover/write-handover.ts';
import { TABLE_INVENTORY } from '../src/inventory/tables.ts';
import { startTestServer, type TestServer } from '../src/testing/index.ts';
import { bytes, id, pass, register, type TestOwner } from './test-owner.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-handover-'));
let server: TestServer;
let alice: TestOwner;
let bob: TestOwner;
/** Kept as it was handed over. */
const out = join(folder, 'bob');
const held = { small: id(), large: id(), own: id(), upload: id() };
const small = { ...newHeader(), payload: bytes(16) };
const large = { ...newHeader(), payload: bytes(320_000) };
const own = agedOrRandom('an own message\n');

before(async () => {
  server = await startTestServer({ data: join(folder, 'data') });
  alice = await register(server.origin, 'alice@localhost');
  bob = await register(server.origin, 'bob@localhost');
  const blobs = await Promise.all(
    [small.payload, large.payload, bytes(5_000)].map((body) => alice.wire.put('holdsPut', { hold: id() }, body)),
  );
  const deliver = async (headers: (Uint8Array | null)[], parts: readonly number[]): Promise<void> => {
    const recipient = { address: bob.address, key: id(), headers, part: bytes(1_040) };
    const names = parts.map((part) => blobs[part]?.blob ?? id());
    await alice.wire.call('deliver', { blobs: names, recipients: [recipient] }, await pass(alice));
  };
  await deliver([small.short, large.short], [0, 1]);
  await deliver([small.short, null], [0, 2]);
  const space = id();
  await bob.wire.call('spacesCreate', { space, kind: 'mailbox' });
  const holds = [held.small, held.large].map((hold) => ({ hold, header: null }));
  const entry = { arrival: 1, record: id(), epoch: 0, sealed: bytes(300), holds };
  await bob.wire.call('arrivalsFile', { space, entries: [entry] });
  await bob.wire.put('holdsPut', { hold: held.own }, own.file);
  await bob.wire.call('uploadsCreate', { upload: held.upload, sizeBytes: limits.PART_BYTES + 5 });
  await bob.wire.put('uploadsPart', { upload: held.upload, part: 1 }, bytes(5));
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** A header as age writes it, and as it is delivered; each put together here. */
function newHeader(): { header: Buffer; short: Uint8Array } {
  const [key, body, mac] = [bytes(1_120), bytes(32), bytes(32)];
  const text = (value: Uint8Array): string => Buffer.from(value).toString('base64').replaceAll('=', '');
  return {
    header: Buffer.from(`age-encryption.org/v1\n-> mlkem768x25519 ${text(key)}\n${text(body)}\n--- ${text(mac)}\n`),
    short: Buffer.concat([Uint8Array.of(1), key, body, mac]),
  };
}

/** A real age file where the program is here, else the same shape. */
function agedOrRandom(text: string): { file: Buffer; text: string; identity: string | null } {
  const keygen = spawnSync('age-keygen', { encoding: 'utf8' });
  if (keygen.status !== 0) return { file: Buffer.from('age-encryption.org/v1\n--- x\n'), text, identity: null };
  const recipient = /age1[a-z0-9]+/.exec(keygen.stdout)?.[0] ?? '';
  return { file: execFileSync('age', ['-r', recipient], { input: text }), text, identity: keygen.stdout };
}

const handedOver = () => writeHandover({ address: bob.address, dataDir: server.data, out, nowMs: Date.now() });
const file = (name: string): Buffer => readFileSync(join(out, name));
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

test('every row and every byte is in it, and nothing of it is another’s', async () => {
  const { shared, missing } = await handedOver();
  assert.deepEqual(missing, []);
  assert.deepEqual(new Set(shared.map((each) => each.address)), new Set(['alice@localhost']));
  assert.equal(shared.length, 3);
  const { db } = server.services.store;
  const { id: account } = await db
    .selectFrom('account')
    .select('id')
    .where('address', '=', bob.address)
    .executeTakeFirstOrThrow();
  for (const [table, { columns }] of Object.entries(TABLE_INVENTORY)) {
    const key = table === 'account' ? 'id' : 'account';
    if (!Object.hasOwn(columns, key)) continue;
    const query = db.selectFrom(table as 'hold').selectAll();
    const rows = await query.where(key as 'account', '=', account).execute();
    const lines = file(`tables/${table}.jsonl`).toString('utf8').split('\n').slice(0, -1);
    const wanted = rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : value,
        ]),
      ),
    );
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      wanted,
      table,
    );
    if (rows[0] !== undefined) assert.deepEqual(Object.keys(rows[0]).toSorted(), Object.keys(columns).toSorted());
  }
  // The entries of the key log are the ones that say what is handed over, and no others.
  const rowsOf = (table: string): Record<string, string>[] =>
    file(`tables/${table}.jsonl`)
      .toString('utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, string>);
  const [entry, ...more] = rowsOf('key_leaf');
  const opening = new Uint8Array(Buffer.from(rowsOf('opening')[0]?.['opening'] ?? '', 'base64url'));
  const said = { opening, label: bob.address, version: 0, note: file('identity/0.note') };
  assert.deepEqual(Buffer.from(entry?.['leaf'] ?? '', 'base64url').subarray(34), Buffer.from(commit(said)));
  assert.deepEqual(more, []);
  const other = await db.selectFrom('account').select('id').where('address', '=', alice.address).executeTakeFirst();
  const names = [alice.address, hex(other?.id ?? id()), Buffer.from(other?.id ?? id()).toString('base64url')];
  for (const name of readdirSync(join(out, 'tables')))
    for (const each of names) assert.ok(!file(`tables/${name}`).includes(each), `${name} has ${each}`);
  assert.deepEqual(file(`holds/${hex(held.small)}.age`), Buffer.concat([small.header, small.payload]));
  assert.deepEqual(file(`holds/${hex(held.large)}.age`), Buffer.concat([large.header, large.payload]));
  assert.deepEqual(file(`holds/${hex(held.own)}.age`), own.file);
  assert.deepEqual(file('arrivals/2/0.age'), Buffer.concat([small.header, small.payload]));
  assert.equal(file('arrivals/2/1.payload').length, 5_000);
  assert.equal(file('arrivals/2/delivery-part').length, 1_040);
  assert.deepEqual(readdirSync(join(out, 'arrivals')), ['2']);
  assert.equal(file(`uploads/${hex(held.upload)}.part`).length, limits.PART_BYTES + 5);
  assert.ok(file('identity/0.note').toString('utf8').startsWith('latchkey/identity/v1\naddress bob@localhost\n'));
  assert.equal(readdirSync(join(out, 'rescue')).length, 1);
});

test('the list has every file with its hash, and both keys have signed the list', async () => {
  const sums = file('SHA256SUMS').toString('utf8').split('\n').slice(0, -1);
  const there = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(out, name)).isFile(),
  );
  const listed = sums.map((line) => line.slice(66));
  assert.deepEqual(listed.toSorted(), there.filter((name) => !/^(SHA256SUMS|HANDOVER\.note)$/.test(name)).toSorted());
  for (const line of sums) {
    assert.equal(
      createHash('sha256')
        .update(file(line.slice(66)))
        .digest('hex'),
      line.slice(0, 64),
      line,
    );
  }
  const checked = spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: out });
  assert.equal(checked.status, 0);

  const note = parseNote(file('HANDOVER.note'));
  const verifiers = server.services.handoverKeys.map((line): NoteVerifier => {
    const key = parseVerifierKey(line);
    const verify = key.type.name === 'ed25519' ? nodeVerifier.ed25519Verify : nodeVerifier.mldsa44Verify;
    return { key, verify: (message, signature) => verify(key.publicKey, message, signature) };
  });
  assert.equal(verifiers.length, 2);
  assert.equal((await verifyNote(note, verifiers, 'all')).verified, true);
  const forged = { ...note, text: note.text.replace('bob@', 'eve@') };
  assert.equal((await verifyNote(forged, verifiers, 'all')).verified, false);
  const manifest = createHash('sha256').update(file('SHA256SUMS')).digest('base64');
  const bytesInAll = listed.reduce((sum, name) => sum + statSync(join(out, name)).size, 0);
  assert.match(
    note.text,
    /^latchkey\/handover\/v1\norigin http:\/\/localhost:\d+\naccount bob@localhost\ndate \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n/,
  );
  assert.ok(note.text.endsWith(`files ${listed.length}\nbytes ${bytesInAll}\nmanifest ${manifest}\n`));
});

test('OpenSSL checks the classical half as README.md says', () => {
  const [text = '', signatures = ''] = file('HANDOVER.note').toString('utf8').split('\n\n');
  const [line = ''] = server.services.handoverKeys;
  const key = Buffer.from(line.split('+').slice(2).join('+'), 'base64').subarray(1);
  const pem = createPublicKey({ key, format: 'raw-public', asymmetricKeyType: 'ed25519' });
  writeFileSync(join(folder, 'ed25519.pem'), pem.export({ type: 'spki', format: 'pem' }));
  writeFileSync(join(folder, 'text'), `${text}\n`);
  const signature = Buffer.from(signatures.split('\n')[0]?.split(' ')[2] ?? '', 'base64').subarray(4);
  writeFileSync(join(folder, 'signature'), signature);
  const asReadmeSays = ['pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', 'ed25519.pem', '-in', 'text'];
  const { stdout } = spawnSync('openssl', [...asReadmeSays, '-sigfile', 'signature'], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.match(stdout, /Verified Successfully/);
  assert.ok(file('README.md').toString('utf8').includes(asReadmeSays.join(' ')));
});

// Received mail, which has hybrid recipients, is opened with typage in test/rescue.
test('the age program opens an own file from the folder alone', (t) => {
  if (own.identity === null) return t.skip('age is not installed');
  const identities = join(folder, 'identities.txt');
  writeFileSync(identities, own.identity);
  const path = join(out, `holds/${hex(held.own)}.age`);
  assert.equal(execFileSync('age', ['-d', '-i', identities, path], { encoding: 'utf8' }), own.text);
});

test('a stored header that was damaged is in the tables, and its payload is handed over alone', async () => {
  const damaged = Uint8Array.from(small.short).with(0, 0);
  const path = join(folder, 'damaged');
  const database = new DatabaseSync(join(server.data, 'latchkey.db'));
  const stored = database.prepare('update hold set header = ? where id = ?');
  stored.run(damaged, held.small);
  await writeHandover({ address: bob.address, dataDir: server.data, out: path, nowMs: 0 });
  stored.run(small.short, held.small);
  database.close();
  const there = readdirSync(join(path, 'holds')).filter((name) => name.startsWith(hex(held.small)));
  assert.deepEqual(there, [`${hex(held.small)}.payload`]);
  assert.deepEqual(readFileSync(join(path, `holds/${hex(held.small)}.payload`)), Buffer.from(small.payload));
  const rows = readFileSync(join(path, 'tables/hold.jsonl'), 'utf8');
  assert.ok(rows.includes(Buffer.from(damaged).toString('base64url')));
});

test('a blob whose file is gone is named, and the rest is handed over', async () => {
  const lost = join(folder, 'lost');
  const { db } = server.services.store;
  const rows = await db.selectFrom('blob').select('file').where('file', 'is not', null).execute();
  const paths = rows.map(({ file: name }) => join(server.data, 'blobs', name?.slice(0, 2) ?? '', name ?? ''));
  for (const path of paths) rmSync(path);
  const { missing, manifest } = await writeHandover({
    address: bob.address,
    dataDir: server.data,
    out: lost,
    nowMs: 0,
  });
  assert.deepEqual(missing, [`holds/${hex(held.large)}`]);
  assert.equal(readFileSync(join(lost, 'MISSING.txt'), 'utf8'), `holds/${hex(held.large)}\n`);
  assert.ok(manifest.files > 10);
});

test('a damaged key is not replaced by another', () => {
  const path = join(server.data, 'secrets/handover-key');
  const whole = readFileSync(path);
  truncateSync(path, 10);
  const again = writeHandover({ address: bob.address, dataDir: server.data, out: join(folder, 'again'), nowMs: 0 });
  return assert.rejects(again, { code: 'data_damaged' }).finally(() => writeFileSync(path, whole));
});
