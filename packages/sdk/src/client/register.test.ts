import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { loginClient } from '@latchkey/crypto/login-client';
import { formatInvitation, limits, ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { chosenCuts } from '../../test/chosen-cuts.ts';
import { cutWires, Killed, losingAnswerOf, type Cut } from '../../test/cut-wire.ts';
import { lyingWire } from '../../test/lying-wire.ts';
import { testHost } from '../../test/test-host.ts';
import type { ClientHost, Profile, ProfileFile } from '../ports.ts';
import { memoryCache, memoryProfile, type MemoryProfile } from '../testing/index.ts';
import {
  accountState,
  kitSaved,
  listSessions,
  lock,
  logIn,
  logOut,
  openClient,
  register,
  unsavedKit,
  type Registered,
  type RegisterRequest,
} from './index.ts';

const password = 'correct horse battery';
let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

interface Device {
  readonly profile: MemoryProfile;
  readonly cache: ClientHost['cache'];
}
const newDevice = (): Device => ({ profile: memoryProfile(), cache: memoryCache() });

function request(name: string, given: Partial<RegisterRequest> = {}): RegisterRequest {
  return { address: `${name}@localhost`, origin: server.origin, password, deviceName: 'Desk', ...given };
}

/** Everything an account must be able to do, from nothing but its papers and this device. */
async function requireWorking(device: Device, made: Registered): Promise<void> {
  const { address } = made.client;
  const opened = await openClient(testHost(device));
  const state = await accountState(opened);
  assert.deepEqual([state.address, state.deviceName, state.identityVersion], [address, 'Desk', 0]);
  assert.deepEqual(
    (await listSessions(opened)).map(({ name, foreign, current }) => ({ name, foreign, current })),
    [{ name: 'Desk', foreign: false, current: true }],
  );
  const byCard = { with: { password, card: made.card.text } };
  const byKit = { origin: server.origin, with: { kit: made.kit.words.join(' ') } };
  for (const proof of [byCard, byKit]) {
    const other = await logIn(testHost(), { address, deviceName: 'Other', ...proof });
    assert.deepEqual(other.keys.newest.identity.hash, opened.keys.newest.identity.hash);
    assert.equal(other.keys.newest.sealIdentity, opened.keys.newest.sealIdentity);
    assert.deepEqual(other.mailbox.id, opened.mailbox.id);
  }
}

test('cut off at any call, the same command makes the account or goes on with it', { timeout: 300_000 }, async () => {
  const seen = new Set<string>();
  const whole = cutWires({ at: Number.MAX_SAFE_INTEGER, cut: 'before' });
  await register(testHost({ ...newDevice(), between: whole.between }), request('cut-nowhere'));
  for (const cut of ['before', 'after'] as const satisfies readonly Cut[]) {
    for (const at of chosenCuts(whole.calls)) {
      const name = `cut-${cut}-${at}`;
      const device = newDevice();
      const wires = cutWires({ at, cut });
      const outcome = await register(testHost({ ...device, between: wires.between }), request(name)).then(
        () => 'made',
        (error: unknown) => error,
      );
      assert.ok(outcome instanceof Killed, `${name}: ${String(outcome)}`);
      assert.equal(device.profile.files.has('unlocked'), device.profile.files.has('account'));
      seen.add(outcome.message);
      const made = await register(testHost(device), request(name));
      if (/register|write/.test(outcome.message)) await requireWorking(device, made);
      else assert.equal((await listSessions(await openClient(testHost(device)))).length, 1);
    }
  }
  for (const path of ['register/start', 'register/finish', 'spaces/create', 'spaces/write']) {
    for (const cut of ['before', 'after']) assert.ok(seen.has(`${cut} /v1/${path}`), `${cut} ${path}`);
  }
});

test('killed at any write of the profile, it goes on as well', { timeout: 300_000 }, async () => {
  const written: string[] = [];
  for (let at = 0; ; at++) {
    const device = newDevice();
    const { profile, state } = dyingProfile(device.profile, at);
    const host = { ...testHost(device), profile };
    const outcome = await register(host, request(`write-${at}`)).catch((error: unknown) => error);
    if (!state.isDead) break;
    assert.ok(outcome instanceof Killed);
    written.push(outcome.message);
    await requireWorking(device, await register(testHost(device), request(`write-${at}`)));
  }
  assert.deepEqual(written, ['pending', 'pending', 'unlocked', 'account', 'pending']);
});

/** Does not do the write of this number, nor any after it. What sync has seen is not counted: it is its own affair. */
function dyingProfile(inner: MemoryProfile, at: number): { profile: MemoryProfile; state: { isDead: boolean } } {
  const state = { isDead: false, writes: 0 };
  const profile: MemoryProfile = {
    ...inner,
    write(file: ProfileFile, bytes) {
      if (file !== 'seen' && state.writes++ >= at) state.isDead = true;
      return state.isDead ? Promise.reject(new Killed(file)) : inner.write(file, bytes);
    },
    exclusively: <T>(work: () => Promise<T>) => (inner satisfies Profile).exclusively(work),
  };
  return { profile, state };
}

test('a lost answer is made good by logging in, with the first password only', async () => {
  const device = newDevice();
  const losing = losingAnswerOf('/v1/register/finish');
  const first = register(testHost({ ...device, between: losing }), request('lost'));
  await assert.rejects(first, { code: 'server_unreachable' });
  const other = register(testHost(device), request('lost', { password: 'another password' }));
  await assert.rejects(other, { code: 'login_wrong' });
  const elsewhere = register(testHost(device), request('someone-else'));
  await assert.rejects(elsewhere, { code: 'registration_unfinished' });
  const elsewhereToo = logIn(testHost(device), {
    address: 'someone@localhost',
    origin: server.origin,
    deviceName: 'x',
    with: { kit: `${'abandon '.repeat(23)}art` },
  });
  await assert.rejects(elsewhereToo, { code: 'registration_unfinished' });
  await requireWorking(device, await register(testHost(device), request('lost')));
});

test('an address that somebody has, a reserved one and one of another domain leave nothing behind', async () => {
  await register(testHost(), request('taken'));
  const refusals = [
    [request('taken'), { code: 'server_refused', wire: 'address_taken' }],
    [request('postmaster'), { code: 'server_refused', wire: 'address_refused' }],
    [request('x', { address: 'alice@example.org' }), { code: 'server_differs' }],
    [request('x', { address: 'not an address' }), { code: 'address_malformed' }],
    [request('x', { origin: 'http://example.org' }), { code: 'server_insecure' }],
    [request('x', { password: '' }), { code: 'password_unfit' }],
    [request('x', { password: 'tab\there' }), { code: 'password_unfit' }],
    [request('x', { invitation: 'cut off' }), { code: 'invitation_malformed' }],
  ] as const;
  for (const [asked, expected] of refusals) {
    const device = newDevice();
    await assert.rejects(register(testHost(device), asked), expected);
    assert.deepEqual([...device.profile.files.keys()], []);
  }
});

test('the kit is there until it is saved, and then nowhere', async () => {
  const device = newDevice();
  const host = testHost(device);
  const made = await register(host, request('keeper'));
  const again = await register(testHost(device), request('keeper'));
  assert.deepEqual([again.card, again.kit], [made.card, made.kit]);
  assert.deepEqual(await unsavedKit(host), made.kit);
  assert.deepEqual(made.kit.genesis, made.client.keys.newest.identity.hash);
  await assert.rejects(register(host, request('keeper-two')), { code: 'profile_exists' });
  await kitSaved(host);
  assert.equal(await unsavedKit(host), null);
  await assert.rejects(register(host, request('keeper')), { code: 'profile_exists' });
  assert.deepEqual([...device.profile.files.keys()].toSorted(), ['account', 'seen', 'unlocked']);
});

test('locking and leaving forget an unsaved kit; what is not finished can be left too', async () => {
  const device = newDevice();
  const host = testHost(device);
  await register(host, request('locker'));
  await lock(host);
  assert.equal(await unsavedKit(host), null);
  await assert.rejects(openClient(host), { code: 'profile_locked' });
  await logOut(host);
  assert.deepEqual([...device.profile.files.keys()], []);
  await assert.rejects(logOut(host), { code: 'profile_missing' });
  const unfinished = testHost({ ...device, between: losingAnswerOf('/v1/register/finish') });
  await assert.rejects(register(unfinished, request('unfinished')), { code: 'server_unreachable' });
  await logOut(host);
  assert.deepEqual([...device.profile.files.keys()], []);
});

test('a server with another login key than it says is found out before it learns anything', async () => {
  const other = await startTestServer();
  try {
    const { opaque } = await testHost().connect(other.origin).call(ROUTES.wellKnown, {});
    const heard: string[] = [];
    const between = lyingWire({ wellKnown: (answer) => ({ ...answer, opaque }) }, heard);
    await assert.rejects(register(testHost({ between }), request('liar')), { code: 'login_server_changed' });
    assert.ok(!heard.includes('/v1/register/finish'));
    const moved = lyingWire({ wellKnown: (answer) => ({ ...answer, origin: other.origin }) });
    await assert.rejects(register(testHost({ between: moved }), request('liar')), { code: 'server_differs' });
    const broken = lyingWire({ registerStart: (answer) => ({ ...answer, response: 'AAAA' }) });
    const strict = testHost({ between: broken, login: await loginClient() });
    await assert.rejects(register(strict, request('liar')), { code: 'answer_malformed' });
  } finally {
    await other.stop();
  }
});

test('by invitation: it names the server, pins its key and policy, and is good once', async () => {
  const inviting = await startTestServer({ config: { registration: 'invite' } });
  try {
    const host = testHost();
    const { opaque } = await host.connect(inviting.origin).call(ROUTES.wellKnown, {});
    const token = 'a-token-of-the-operator';
    await inviting.services.store.write('addInvitation', {
      id: createHash('sha256').update(`latchkey/v1/invitation\0${token}`).digest().subarray(0, 16),
      days: 1,
    });
    const facts = { origin: inviting.origin, opaque, policy: 'none', token } as const;
    const invitation = formatInvitation(facts);
    const { origin: _said, ...asked } = request('guest');

    const uninvited = register(testHost(), { ...asked, origin: inviting.origin });
    await assert.rejects(uninvited, { code: 'server_refused', wire: 'invitation_invalid' });
    const otherServer = register(testHost(), { ...asked, invitation, origin: server.origin });
    await assert.rejects(otherServer, { code: 'server_differs' });
    const otherKey = formatInvitation({ ...facts, opaque: 'A'.repeat(43) });
    await assert.rejects(register(testHost(), { ...asked, invitation: otherKey }), { code: 'login_server_changed' });
    const otherPolicy = formatInvitation({ ...facts, policy: new Uint8Array(limits.KEY_BYTES) });
    await assert.rejects(register(testHost(), { ...asked, invitation: otherPolicy }), { code: 'server_differs' });

    const { client } = await register(host, { ...asked, invitation });
    assert.equal(client.wire.origin, inviting.origin);
    const second = register(testHost(), { ...asked, address: 'second@localhost', invitation });
    await assert.rejects(second, { code: 'server_refused', wire: 'invitation_invalid' });
  } finally {
    await inviting.stop();
  }
});

test('where registration is closed nothing begins', async () => {
  const closed = await startTestServer({ config: { registration: 'closed' } });
  try {
    const device = newDevice();
    const asked = request('late', { origin: closed.origin });
    await assert.rejects(register(testHost(device), asked), { code: 'server_refused', wire: 'registration_closed' });
    assert.deepEqual([...device.profile.files.keys()], []);
  } finally {
    await closed.stop();
  }
});
