import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseCard } from '@latchkey/crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress } from '@latchkey/protocol';
import { ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { losingAnswerOf } from '../../test/cut-wire.ts';
import { lyingWire } from '../../test/lying-wire.ts';
import { testHost } from '../../test/test-host.ts';
import { provePassword } from '../account/password-login.ts';
import { encodeStored } from '../account/stored-json.ts';
import { memoryCache, memoryProfile, type MemoryHost } from '../testing/index.ts';
import {
  accountState,
  changePassword,
  closeAccount,
  keepAccount,
  listSessions,
  lock,
  logIn,
  logOut,
  openClient,
  register,
  removeSession,
  signInCard,
  unlock,
  type Client,
  type Registered,
} from './index.ts';

const address = canonicalAddress('alice@localhost');
let password = 'correct horse battery';
let server: TestServer;
let made: Registered;
const desk = testHost();

before(async () => {
  server = await startTestServer();
  made = await register(desk, { address, origin: server.origin, password, deviceName: 'Desk' });
});
after(() => server.stop());

const withKit = (host: MemoryHost, deviceName: string): Promise<Client> =>
  logIn(host, { address, deviceName, with: { kit: made.kit.text } });

async function names(client: Client): Promise<readonly string[]> {
  return (await listSessions(client))
    .map(({ name }) => name ?? '(foreign)')
    .toSorted((one, other) => (one < other ? -1 : 1));
}

test('what is on the device opens without a call; a thrown away cache is fetched again', async () => {
  const heard: string[] = [];
  const quiet = testHost({ profile: desk.profile, cache: desk.cache, between: lyingWire({}, heard) });
  const client = await openClient(quiet);
  assert.deepEqual(client.keys.newest.identity, made.client.keys.newest.identity);
  assert.deepEqual(heard, []);
  const empty = testHost({ profile: desk.profile, cache: memoryCache(), between: lyingWire({}, heard) });
  assert.deepEqual((await openClient(empty)).mailbox.id, made.client.mailbox.id);
  assert.ok(heard.length > 0);
});

test('the account knows itself', async () => {
  const state = await accountState(made.client);
  const { hash } = made.client.keys.newest.identity;
  assert.ok(state.usedBytes > 1_000);
  assert.deepEqual(state, {
    address,
    origin: server.origin,
    deviceName: 'Desk',
    identity: hash,
    identityVersion: 0,
    usedBytes: state.usedBytes,
    quotaBytes: 10_737_418_240,
    arrivals: 0,
    removedOnDay: null,
  });
  assert.deepEqual(await signInCard(made.client), made.card);
});

test('locked: nothing opens but by the password, which may be tried again', async () => {
  await lock(desk);
  assert.ok(!desk.profile.files.has('unlocked'));
  await assert.rejects(openClient(desk), { code: 'profile_locked' });
  await assert.rejects(unlock(desk, 'wrong'), { code: 'login_wrong' });
  await assert.rejects(openClient(desk), { code: 'profile_locked' });
  const client = await unlock(desk, password);
  assert.deepEqual(client.session, made.client.session, 'no further session is opened');
  assert.deepEqual(await names(client), ['Desk']);
});

test('unlocking takes no other server and no older vault', async () => {
  const files = { profile: desk.profile, cache: desk.cache };
  const otherKey = lyingWire({ wellKnown: (answer) => ({ ...answer, opaque: 'A'.repeat(43) }) });
  await assert.rejects(unlock(testHost({ ...files, between: otherKey }), password), { code: 'login_server_changed' });
  const account = desk.profile.files.get('account') ?? new Uint8Array(0);
  const kept = JSON.parse(Buffer.from(account).toString()) as object;
  await desk.profile.write('account', encodeStored({ ...kept, generation: 2 }));
  await assert.rejects(unlock(desk, password), { code: 'vault_shut' });
  await assert.rejects(openClient(desk), { code: 'profile_damaged' });
  await desk.profile.write('account', account);
  await openClient(desk);
});

test('a session that another device ended is opened anew by unlocking', async () => {
  const phone = testHost();
  const client = await withKit(phone, 'Phone');
  const session = (await listSessions(made.client)).find(({ name }) => name === 'Phone');
  assert.ok(session !== undefined && !session.current && !session.foreign);
  await removeSession(made.client, session.id);
  await assert.rejects(accountState(client), { code: 'server_refused', wire: 'session_invalid' });
  await assert.rejects(removeSession(made.client, session.id), { code: 'server_refused', wire: 'not_found' });
  const again = await unlock(phone, password);
  assert.notEqual(again.session, client.session);
  assert.deepEqual(await names(made.client), ['Desk', 'Phone']);
  await logOut(phone);
  assert.deepEqual(await names(made.client), ['Desk']);
});

test('a session of no device of the vault is shown as foreign, and can be ended', async () => {
  const { accountSecret, serverKey } = await parseCard(nodeEngine, made.card.text);
  const wire = desk.connect(server.origin);
  const thief = await provePassword(desk, { wire, address, serverKey, accountSecret, password });
  await thief.openSession(new Uint8Array(16).fill(7));
  const foreign = (await listSessions(made.client)).filter((each) => each.foreign);
  assert.deepEqual(
    foreign.map(({ name, current }) => ({ name, current })),
    [{ name: null, current: false }],
  );
  await removeSession(made.client, foreign[0]?.id ?? new Uint8Array(16));
  assert.deepEqual(await names(made.client), ['Desk']);
  const [own] = await listSessions(made.client);
  assert.ok(own?.current === true);
  await assert.rejects(removeSession(made.client, own.id), { code: 'session_current' });
});

test('leaving takes session, device record and everything on the device', async () => {
  const phone = testHost();
  const { device } = await withKit(phone, 'Phone');
  assert.deepEqual(await names(made.client), ['Desk', 'Phone']);
  await logOut(phone);
  assert.deepEqual([...phone.profile.files.keys()], []);
  assert.equal(await phone.cache.log(made.client.vault.id), null);
  assert.equal(await phone.cache.log(made.client.mailbox.id), null);
  assert.deepEqual(await names(made.client), ['Desk']);
  await made.client.vault.catchUp();
  assert.equal((await made.client.vault.read(device))?.body, null);
  await assert.rejects(openClient(phone), { code: 'profile_missing' });
  await assert.rejects(unlock(phone, password), { code: 'profile_missing' });
  await assert.rejects(lock(phone), { code: 'profile_missing' });
});

test('leaving works without the password, and after the session has ended; not without the server', async () => {
  const locked = testHost();
  await withKit(locked, 'Locked');
  await lock(locked);
  await logOut(locked);
  assert.deepEqual(await names(made.client), ['Desk']);

  const files = { profile: memoryProfile(), cache: memoryCache() };
  await withKit(testHost(files), 'Ended');
  const offline = testHost({ ...files, between: losingAnswerOf('/v1/sessions/list') });
  await assert.rejects(logOut(offline), { code: 'server_unreachable' });
  assert.ok(files.profile.files.has('account'));
  const ended = (await listSessions(made.client)).find(({ current }) => !current);
  await removeSession(made.client, ended?.id ?? new Uint8Array(16));
  await logOut(testHost(files));
  assert.deepEqual([...files.profile.files.keys()], []);
});

test('a new password shuts out the old one and keeps everything else', async () => {
  const old = password;
  const phone = testHost();
  const other = await withKit(phone, 'Phone');
  const client = await openClient(desk);
  await assert.rejects(changePassword(client, ''), { code: 'password_unfit' });
  password = 'a better one';
  await changePassword(client, password);
  const { latches } = await client.wire.call(ROUTES.latchesList, {}, { rights: { session: client.session } });
  assert.deepEqual(latches.map(({ kind }) => kind).toSorted(), ['kit', 'password']);
  assert.equal((await accountState(client)).address, address);
  assert.equal((await accountState(other)).address, address);
  const card = made.card.text;
  const login = { address, deviceName: 'Third' };
  await assert.rejects(logIn(testHost(), { ...login, with: { password: old, card } }), { code: 'login_wrong' });
  const third = await logIn(testHost(), { ...login, with: { password, card } });
  assert.equal(third.keys.newest.sealIdentity, client.keys.newest.sealIdentity);
  await lock(phone);
  await assert.rejects(unlock(phone, old), { code: 'login_wrong' });
  await unlock(phone, password);
  await lock(desk);
  await unlock(desk, password);
});

test('a change of password whose answer is lost is made good by repeating it', async () => {
  password = 'the third one';
  const files = { profile: desk.profile, cache: desk.cache };
  const client = await openClient(testHost({ ...files, between: losingAnswerOf('/v1/password/finish') }));
  await assert.rejects(changePassword(client, password), { code: 'server_unreachable' });
  await changePassword(client, password);
  await lock(desk);
  await unlock(desk, password);
});

test('an act of a wrong clock, or over a nonce of another session, is refused', async () => {
  const late = testHost({ profile: desk.profile, cache: desk.cache, nowMs: () => Date.now() + 3 * 3_600_000 });
  const refused = { code: 'server_refused', wire: 'act_refused' };
  await assert.rejects(closeAccount(await openClient(late)), refused);
  const between = lyingWire({ accountNonce: () => ({ nonce: new Uint8Array(32) }) });
  const files = { profile: desk.profile, cache: desk.cache };
  await assert.rejects(changePassword(await openClient(testHost({ ...files, between })), 'x'), refused);
  assert.equal((await accountState(made.client)).removedOnDay, null);
});

test('a server that answers for another account is not listened to', async () => {
  const between = lyingWire({ accountAbout: (answer) => ({ ...answer, address: 'bob@localhost' }) });
  const client = await openClient(testHost({ profile: desk.profile, cache: desk.cache, between }));
  await assert.rejects(accountState(client), { code: 'answer_malformed' });
});

test('files of the profile that are not what they were are named, and nothing is guessed', async () => {
  for (const file of ['account', 'unlocked'] as const) {
    const kept = desk.profile.files.get(file) ?? new Uint8Array(0);
    const value = JSON.parse(Buffer.from(kept).toString()) as Record<string, unknown>;
    const broken: Uint8Array[] = [
      {},
      { ...value, more: 1 },
      { ...value, latchkey: `${file}/v2` },
      ...Object.keys(value).map((name) => ({ ...value, [name]: undefined })),
      ...Object.keys(value).map((name) => ({ ...value, [name]: [] })),
    ].map((each) => new Uint8Array(Buffer.from(JSON.stringify(each))));
    broken.push(new Uint8Array(0), new Uint8Array([0xff]), kept.subarray(1));
    if (file === 'account') {
      broken.push(encodeStored({ ...value, address: 'Alice@localhost' }));
    }
    for (const bytes of broken) {
      await desk.profile.write(file, bytes);
      await assert.rejects(openClient(desk), { code: 'profile_damaged' }, Buffer.from(bytes).toString());
    }
    await desk.profile.write(file, kept);
  }
  await openClient(desk);
});

test('closed, kept, and closed again', async () => {
  const today = Math.floor(Date.now() / 86_400_000);
  assert.equal(await closeAccount(made.client), today + 7);
  assert.equal((await accountState(made.client)).removedOnDay, today + 7);
  await keepAccount(made.client);
  assert.equal((await accountState(made.client)).removedOnDay, null);
  assert.equal(await closeAccount(made.client), today + 7);
  assert.equal(await closeAccount(made.client), today + 7, 'repeating it changes nothing');
});
