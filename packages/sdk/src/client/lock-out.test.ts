import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openRecord, passwordKek, unwrapRoot, vaultEpochSecret } from '@latchkey/crypto';
import { ROUTES } from '@latchkey/protocol/wire';
import { Decrypter } from 'age-encryption';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { draft, mailPerson, memorySink } from '../../test/mail-people.ts';
import { testHost } from '../../test/test-host.ts';
import { provePassword } from '../account/password-login.ts';
import { readAccount, readUnlocked } from '../account/profile-files.ts';
import { exportAge, list, read, receive, send } from '../mail/index.ts';
import { memoryCache, memoryProfile, type MemoryProfile } from '../testing/index.ts';
import {
  accountState,
  isLockOutUnfinished,
  kitSaved,
  listSessions,
  lockOut,
  logIn,
  logOut,
  openClient,
  register,
  unlock,
  unsavedKit,
  type Client,
} from './index.ts';
import { readVault } from './read-vault.ts';

const password = 'correct horse battery';
let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

const request = (name: string, deviceName = 'Desk'): Parameters<typeof register>[1] => ({
  address: `${name}@localhost`,
  origin: server.origin,
  password,
  deviceName,
});

/** All records of an account as they lie on the server's disk. */
async function recordsOnDisk(address: string): Promise<readonly DiskRecord[]> {
  const { db } = server.services.store;
  const { id } = await db.selectFrom('account').select('id').where('address', '=', address).executeTakeFirstOrThrow();
  return db.selectFrom('record').selectAll().where('account', '=', id).execute();
}
interface DiskRecord {
  readonly space: Uint8Array;
  readonly id: Uint8Array;
  readonly version: number;
  readonly epoch: number;
  readonly sealed: Uint8Array;
}

/** How many of them open with one of these secrets, whatever epoch they are said to be of. */
async function opened(records: readonly DiskRecord[], secrets: readonly Uint8Array[]): Promise<number> {
  const { engine } = testHost();
  let count = 0;
  for (const { space, id, version, epoch, sealed } of records) {
    for (const epochSecret of secrets) {
      const place = { space, epoch, record: id, version: BigInt(version), membershipNote: null };
      const bytes = await openRecord({ engine, epochSecret }, place, sealed).catch(() => null);
      if (bytes !== null) count += 1;
    }
  }
  return count;
}

async function subjects(client: Client): Promise<readonly string[]> {
  const rows = await list(client, { folder: 'all' });
  return rows.map(({ summary }) => summary.subject).toSorted();
}

function copyOf({ files }: MemoryProfile): MemoryProfile {
  const copy = memoryProfile();
  for (const [file, bytes] of files) void copy.write(file, bytes);
  return copy;
}

test('what a thief took of a lost device opens nothing that comes after', { timeout: 120_000 }, async (t) => {
  const alice = request('alice');
  const { address } = alice;
  const desk = { profile: memoryProfile(), cache: memoryCache() };
  const made = await register(testHost(desk), alice);
  await kitSaved(testHost(desk));
  const card = { password, card: made.card.text };
  const phone = { profile: memoryProfile(), cache: memoryCache() };
  await logIn(testHost(phone), { address, deviceName: 'Phone', with: card });
  const tablet = { profile: memoryProfile(), cache: memoryCache() };
  await logIn(testHost(tablet), { address, deviceName: 'Tablet', with: card });
  const bob = await mailPerson(server, 'bob');
  await send(bob.client, draft({ to: [address], subject: 'Before', text: 'An old letter' }));
  await receive(made.client);
  await send(made.client, draft({ to: ['bob@localhost'], subject: 'Mine', text: 'An old answer' }));
  // A record that is deleted before: its line in the log must open afterwards as well.
  const gone = new Uint8Array(16).fill(9);
  await made.client.vault.write([{ id: gone, change: () => ({ kind: 'note', v: 1 }) }]);
  await made.client.vault.write([{ id: gone, change: () => null }]);
  // Of a version of this software that is still to come.
  const newer = new Uint8Array(16).fill(8);
  await made.client.vault.write([{ id: newer, change: () => ({ kind: 'sounds', v: 7, more: 'kept as it is' }) }]);

  // The thief has the unlocked phone as it is, the password as well, and the server's disk.
  const stolen = { profile: copyOf(phone.profile), cache: memoryCache() };
  const thief = await openClient(testHost(stolen));
  const taken = await readAccount(stolen.profile);
  const unlocked = await readUnlocked(stolen.profile);
  const contents = await readVault(testHost(), thief.vault, thief.address);
  assert.ok(taken !== null && unlocked !== null && contents !== null);
  const { serverKey, accountSecret } = taken;
  const wire = testHost().connect(server.origin);
  const proven = await provePassword(testHost(), { wire, address: taken.address, serverKey, accountSecret, password });
  const oldSecrets = [
    await vaultEpochSecret(testHost().engine, unlocked.root, taken.vault),
    ...contents.mailbox.secrets.values(),
  ];
  const diskBefore = await recordsOnDisk(address);
  assert.equal(await opened(diskBefore, oldSecrets), diskBefore.length, 'what was taken before stays readable');

  const locked = await lockOut(testHost(desk), { password });

  await t.test('session, card with password, and kit are refused', async () => {
    await assert.rejects(accountState(thief), { wire: 'session_invalid' });
    const other = { address, deviceName: 'Thief', origin: server.origin };
    await assert.rejects(logIn(testHost(), { ...other, with: card }), { code: 'login_wrong' });
    await assert.rejects(logIn(testHost(), { ...other, with: { kit: made.kit.text } }), { code: 'kit_wrong' });
    assert.deepEqual(
      (await listSessions(locked.client)).map(({ name }) => name),
      ['Desk'],
    );
  });

  await t.test('no latch and no record on the disk opens with what was taken', async () => {
    const { engine } = testHost();
    const { latches } = await locked.client.wire.call(
      ROUTES.latchesList,
      {},
      { rights: { session: locked.client.session } },
    );
    assert.deepEqual(latches.map(({ kind, generation }) => `${kind} ${generation}`).toSorted(), [
      'kit 2',
      'password 2',
    ]);
    for (const { id: latch, kind, generation, wrapped } of latches) {
      const place = { account: locked.client.account, latch, kind, generation };
      const keks: Uint8Array[] = [unlocked.root, ...oldSecrets];
      for (const each of [1, 2]) {
        keks.push(await passwordKek(engine, { exportKey: proven.exportKey, accountSecret, address, generation: each }));
      }
      for (const kek of keks) assert.equal(await unwrapRoot({ engine, kek }, place, wrapped), null);
    }
    const diskAfter = await recordsOnDisk(address);
    assert.ok(diskAfter.length > diskBefore.length);
    assert.ok(diskAfter.every(({ epoch }) => epoch === 2));
    assert.equal(await opened(diskAfter, oldSecrets), 0);
    assert.equal(await opened(diskBefore, oldSecrets), diskBefore.length, 'and still, what was taken before');
  });

  await t.test('mail from then on is sealed to the new key; the pin of a correspondent goes along', async () => {
    const sent = await send(bob.client, draft({ to: [address], subject: 'After', text: 'A new letter' }));
    assert.deepEqual(sent.recipients, [{ address, outcome: 'delivered', firstUse: false }]);
    const [resolved] = await bob.client.directory.resolve([locked.client.address]);
    assert.ok(resolved?.outcome === 'known' && resolved.trust === 'proved');
    assert.equal(resolved.identity.statement.version, 1);
    const { arrived } = await receive(locked.client);
    const id = arrived[0]?.id ?? '';
    assert.equal((await read(locked.client, id)).text, 'A new letter');
    const sink = memorySink();
    await exportAge(locked.client, id, { sink });
    const [newest, old] = locked.client.keys.all;
    assert.ok(newest !== undefined && old !== undefined);
    await decryptWith(sink.bytes, newest.sealIdentity);
    assert.equal(contents.keys.newest.sealIdentity, old.sealIdentity);
    await assert.rejects(decryptWith(sink.bytes, old.sealIdentity), /no identity matched/);
    await send(locked.client, draft({ to: ['bob@localhost'], subject: 'Signed anew', text: 'x' }));
    const { arrived: atBob } = await receive(bob.client);
    const signed = atBob.find(({ summary }) => summary.subject === 'Signed anew');
    assert.equal(signed?.verified, true);
    assert.equal(signed.verdict.sender?.party.version, 1);
  });

  await t.test('another device is told to sign in again', async () => {
    const host = testHost(tablet);
    await assert.rejects(accountState(await openClient(host)), { wire: 'session_invalid' });
    await assert.rejects(unlock(host, password), { code: 'account_rekeyed' });
    await logOut(host);
    const again = await logIn(host, { address, deviceName: 'Tablet', with: { password, card: locked.card.text } });
    await receive(again);
    assert.deepEqual(await subjects(again), ['After', 'Before', 'Mine', 'Signed anew']);
    const [, old] = again.keys.all;
    assert.equal(old?.sealIdentity, contents.keys.newest.sealIdentity);
    assert.deepEqual(new Set((await listSessions(again)).map(({ name }) => name)), new Set(['Desk', 'Tablet']));
    await again.vault.catchUp();
    assert.equal((await again.vault.read(newer))?.body?.['more'], 'kept as it is');
    assert.equal((await again.vault.read(gone))?.body, null);
  });

  await t.test('everything is there by the new kit, on this device, and after a second lock-out', async () => {
    const kit = await unsavedKit(testHost(desk));
    assert.deepEqual(kit, locked.kit);
    assert.equal(kit?.generation, 2);
    await kitSaved(testHost(desk));
    const byKit = await logIn(testHost(), { address, deviceName: 'Safe', with: { kit: kit.text } });
    await receive(byKit);
    assert.deepEqual(await subjects(byKit), ['After', 'Before', 'Mine', 'Signed anew']);
    const here = await openClient(testHost(desk));
    assert.deepEqual(await subjects(here), ['After', 'Before', 'Mine', 'Signed anew']);
    const twice = await lockOut(testHost(desk), { password: 'another password' });
    assert.equal(twice.client.keys.newest.identity.statement.version, 2);
    await assert.rejects(logIn(testHost(), { address, deviceName: 'Safe', with: { kit: kit.text } }), {
      code: 'kit_wrong',
    });
    const last = await logIn(testHost(), {
      address,
      deviceName: 'Last',
      with: { password: 'another password', card: twice.card.text },
    });
    await receive(last);
    assert.deepEqual(await subjects(last), ['After', 'Before', 'Mine', 'Signed anew']);
    const older = (await list(last, { folder: 'all' })).find(({ summary }) => summary.subject === 'Before');
    assert.equal((await read(last, older?.id ?? '')).text, 'An old letter');
    assert.equal((await last.vault.catchUp()).forgedHeads, 0);
    const { directory } = last;
    const [resolved] = await directory.resolve([bob.client.address]);
    assert.ok(resolved?.outcome === 'known');
    assert.equal(resolved.trust, 'proved', 'records are found by the names that they had');
  });
  assert.equal(await isLockOutUnfinished(testHost(desk)), true, 'nobody has the kit of the second one');
  await kitSaved(testHost(desk));
  assert.equal(await isLockOutUnfinished(testHost(desk)), false);
});

async function decryptWith(file: Uint8Array, identity: string): Promise<void> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  await decrypter.decrypt(file);
}
