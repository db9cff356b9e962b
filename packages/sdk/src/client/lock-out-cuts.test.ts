import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { chosenCuts } from '../../test/chosen-cuts.ts';
import { cutAtPath } from '../../test/cut-at-path.ts';
import { cutLine, draft, Killed } from '../../test/mail-people.ts';
import { testHost } from '../../test/test-host.ts';
import { list, receive, send } from '../mail/index.ts';
import type { ClientHost, ProfileFile, Wire } from '../ports.ts';
import { SdkError } from '../errors.ts';
import { memoryCache, memoryProfile, type MemoryProfile } from '../testing/index.ts';
import {
  isLockOutUnfinished,
  kitSaved,
  listSessions,
  lock,
  lockOut,
  logIn,
  logOut,
  openClient,
  register,
  unlock,
  type LockedOut,
} from './index.ts';

const password = 'correct horse battery';
/** Identity statements have a rate, and so have logins: a new account now and then. */
const CUTS_PER_ACCOUNT = 6;
const writing = [
  'sessions/remove',
  'directory/update',
  'password/finish',
  'latches/put',
  'latches/remove',
  'spaces/write',
].map((name) => `/v1/${name}`);

const isEvery = process.env['LATCHKEY_EVERY_CUT'] === '1';

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

interface Owner {
  readonly address: string;
  readonly profile: MemoryProfile;
  readonly cache: ClientHost['cache'];
}

/** An account with a letter in it and a second session. */
async function makeOwner(name: string): Promise<Owner> {
  const device = { profile: memoryProfile(), cache: memoryCache() };
  const address = `${name}@localhost`;
  const host = testHost(device);
  const { client } = await register(host, { address, origin: server.origin, password, deviceName: 'Desk' });
  await kitSaved(host);
  await send(client, draft({ to: [address], subject: 'Kept', text: 'x' }));
  await receive(client);
  await openStrangeSession({ address, ...device });
  return { address, ...device };
}

async function versionsOnServer({ address }: Owner): Promise<number> {
  const { db } = server.services.store;
  const rows = db.selectFrom('statement').innerJoin('account', 'account.id', 'statement.account');
  return (await rows.select('version').where('address', '=', address).execute()).length;
}

/** Killed once, the same command ends well: one version more, and everything opens with what came out of it. */
async function requireEndsWell(owner: Owner, versionsBefore: number, name: string): Promise<LockedOut> {
  const done = await lockOut(testHost(owner), { password });
  assert.equal(await versionsOnServer(owner), versionsBefore + 1, name);
  assert.equal(done.client.keys.newest.identity.statement.version, versionsBefore, name);
  const client = await openClient(testHost(owner));
  const folder = 'all';
  assert.deepEqual(await list(client, { folder }), await list(done.client, { folder }), name);
  const here = await list(client, { folder });
  assert.ok(
    here.length > 0 && here.every(({ summary, problem }) => summary.subject === 'Kept' && problem === null),
    name,
  );
  for await (const _ of client.vault.staleRecords()) assert.fail(name);
  for await (const _ of client.mailbox.staleRecords()) assert.fail(name);
  const { latches } = await client.wire.call(ROUTES.latchesList, {}, { rights: { session: client.session } });
  assert.deepEqual(latches.map(({ kind }) => kind).toSorted(), ['kit', 'password'], name);
  await kitSaved(testHost(owner));
  assert.equal(owner.profile.files.has('pending'), false, name);
  return done;
}

test('cut off at any call, the same command ends it, with one new identity', { timeout: 900_000 }, async () => {
  let owner = await makeOwner('cut-0');
  const line = cutLine(Number.MAX_SAFE_INTEGER, 'before');
  await lockOut(testHost({ ...owner, between: line.between }), { password });
  await kitSaved(testHost(owner));
  for (const path of writing) assert.ok(line.calls.includes(path), path);
  const chosen = new Set(chosenCuts(line.calls));
  const places = line.calls.flatMap((path, at) => {
    // What only asks has changed nothing: every such cut is one of another name.
    if (!chosen.has(at) || (!writing.includes(path) && !isEvery)) return [];
    const nth = line.calls.slice(0, at).filter((each) => each === path).length;
    // What only asks has changed nothing: cut after it is cut before the next one.
    return writing.includes(path)
      ? [
          { path, nth, cut: 'before' as const },
          { path, nth, cut: 'after' as const },
        ]
      : [{ path, nth, cut: 'before' as const }];
  });
  for (const [round, { path, nth, cut }] of places.entries()) {
    if (round % CUTS_PER_ACCOUNT === 0) owner = await makeOwner(`cut-${round + 1}`);
    const name = `${cut} ${path} ${nth}`;
    const versions = await versionsOnServer(owner);
    await openStrangeSession(owner);
    const between = cutAtPath({ path, nth, cut });
    await assert.rejects(lockOut(testHost({ ...owner, between }), { password }), Killed, name);
    if (owner.profile.files.has('pending')) await requireNothingElse(owner, name);
    const done = await requireEndsWell(owner, versions, name);
    // Not every time, because a login costs its time: by the new card, or by the new kit.
    if (round % 4 !== 0) continue;
    const proof = round % 8 === 0 ? { password, card: done.card.text } : { kit: done.kit.words.join(' ') };
    const { address } = owner;
    const other = await logIn(testHost(), { address, origin: server.origin, deviceName: 'Other', with: proof });
    await receive(other);
    assert.deepEqual(await list(other), await list(done.client), name);
  }
});

/** As if somebody had logged in with what was lost. */
async function openStrangeSession({ address }: Owner): Promise<void> {
  const { store } = server.services;
  const { id: account } = await store.db
    .selectFrom('account')
    .select('id')
    .where('address', '=', address)
    .executeTakeFirstOrThrow();
  const tokenHash = new Uint8Array(randomBytes(32));
  const [id, device] = [new Uint8Array(randomBytes(16)), new Uint8Array(randomBytes(16))];
  const session = { tokenHash, id, name: new Uint8Array(0), device, days: 30 };
  await store.write('openSession', { account, session });
}

/** While it is between the keys, the account is not used, and the plan is not thrown away. */
async function requireNothingElse(owner: Owner, name: string): Promise<void> {
  const host = testHost(owner);
  assert.equal(await isLockOutUnfinished(host), true, name);
  const unfinished = { code: 'lock_out_unfinished' };
  await assert.rejects(lock(host), unfinished);
  await assert.rejects(logOut(host), unfinished);
  const opened = await openClient(host).then(
    (client) => client.keys.newest.identity.statement.version,
    (error: unknown) => (error instanceof SdkError ? error.code : error),
  );
  // The end of it, sealing the mailbox again, goes on beside everything else.
  if (typeof opened !== 'number') {
    assert.equal(opened, 'lock_out_unfinished', name);
    await assert.rejects(unlock(host, password), unfinished);
  }
}

test('killed at any write of the profile, it goes on as well', { timeout: 300_000 }, async () => {
  const owner = await makeOwner('writes');
  const written: string[] = [];
  for (let at = 0; ; at++) {
    const versions = await versionsOnServer(owner);
    const state = { isDead: false, writes: 0 };
    const { profile: inner } = owner;
    const profile: MemoryProfile = {
      ...inner,
      write(file: ProfileFile, bytes) {
        if (file !== 'seen' && state.writes++ >= at) state.isDead = true;
        return state.isDead ? Promise.reject(new Killed(file)) : inner.write(file, bytes);
      },
    };
    const outcome = await lockOut(testHost({ ...owner, profile }), { password }).catch((error: unknown) => error);
    if (!state.isDead) break;
    assert.ok(outcome instanceof Killed);
    written.push(outcome.message);
    await requireEndsWell(owner, versions, outcome.message);
  }
  assert.deepEqual(written, ['pending', 'unlocked', 'account', 'pending']);
});

test('a session that ends in the middle is opened anew by the password', { timeout: 120_000 }, async () => {
  for (const path of ['/v1/directory/update', '/v1/latches/put']) {
    const owner = await makeOwner(`ended-${path.length}`);
    const versions = await versionsOnServer(owner);
    const between = (wire: Wire): Wire => ({
      ...cutLine(Number.MAX_SAFE_INTEGER, 'before').between(wire),
      async call(route, request, options) {
        if (route.path === path) {
          const { db } = server.services.store;
          const of = await db.selectFrom('account').select('id').where('address', '=', owner.address).execute();
          for (const { id: account } of of) {
            for (const { id } of await db.selectFrom('session').select('id').where('account', '=', account).execute()) {
              await server.services.store.write('removeSession', { account, id });
            }
          }
        }
        return wire.call(route, request, options);
      },
    });
    const ended = lockOut(testHost({ ...owner, between }), { password });
    await assert.rejects(ended, { wire: 'session_invalid' });
    await assert.rejects(lockOut(testHost(owner), { password: 'not the one' }), { code: 'login_wrong' });
    await requireEndsWell(owner, versions, path);
  }
});

test('whoever comes in while it goes on is out at its end', { timeout: 60_000 }, async () => {
  const owner = await makeOwner('meanwhile');
  const between = (wire: Wire): Wire => ({
    ...cutLine(Number.MAX_SAFE_INTEGER, 'before').between(wire),
    async call(route, request, options) {
      if (route.path === '/v1/password/finish') await openStrangeSession(owner);
      return wire.call(route, request, options);
    },
  });
  const { client } = await lockOut(testHost({ ...owner, between }), { password });
  assert.deepEqual(
    (await listSessions(client)).map(({ name }) => name),
    ['Desk'],
  );
});

test('until the kit is saved the same command shows the same papers, and takes the password of now', async () => {
  const owner = await makeOwner('papers');
  const first = await lockOut(testHost(owner), { password });
  assert.equal(await isLockOutUnfinished(testHost(owner)), true);
  const again = await lockOut(testHost(owner), { password: 'the one of now' });
  assert.deepEqual([again.kit, again.card], [first.kit, first.card]);
  assert.equal(await versionsOnServer(owner), 2);
  const { address } = owner;
  const proof = { password: 'the one of now', card: again.card.text };
  await logIn(testHost(), { address, deviceName: 'Other', with: proof });
  await kitSaved(testHost(owner));
  assert.equal(await isLockOutUnfinished(testHost(owner)), false);
});

test('a password that cannot be one and a locked account change nothing', async () => {
  const owner = await makeOwner('nothing');
  await assert.rejects(lockOut(testHost(owner), { password: '' }), { code: 'password_unfit' });
  assert.equal(owner.profile.files.has('pending'), false);
  await lock(testHost(owner));
  await assert.rejects(lockOut(testHost(owner), { password }), { code: 'profile_locked' });
  await unlock(testHost(owner), password);
  assert.equal(await versionsOnServer(owner), 1);
});
