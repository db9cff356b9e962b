import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { formatStatement, identityKeyName, type IdentityStatement } from '@latchkey/protocol';
import { client } from '@serenity-kit/opaque';
import { startTestServer, WireClient, type TestServer } from '../testing/index.ts';
import { dayOf } from '../times.ts';
import {
  act,
  identityOf,
  latch,
  logIn,
  newKeys,
  newSession,
  register,
  send,
  signed,
  signersOf,
  type TestOwner,
} from '../../test/test-owner.ts';

let server: TestServer;
let alice: TestOwner;
let nowMs = Date.now();

before(async () => {
  server = await startTestServer({ clock: () => nowMs });
  alice = await register(server.origin, 'alice@localhost');
});
after(() => server.stop());

test('a wrong password and an account that does not exist are refused alike', async () => {
  await logIn(server.origin, alice.address, alice.password);
  await assert.rejects(logIn(server.origin, alice.address, 'wrong'), { code: 'login_refused' });
  await assert.rejects(logIn(server.origin, 'nobody@localhost', alice.password), { code: 'login_refused' });
  const wire = new WireClient(server.origin);
  const { startLoginRequest: request } = client.startLogin({ password: 'x' });
  const known = await wire.call('loginStart', { address: alice.address, request });
  const unknown = await wire.call('loginStart', { address: 'nobody@localhost', request });
  assert.equal(unknown.response.length, known.response.length);
  assert.equal(Math.abs(unknown.state.length - known.state.length) < 4, true);
});

test('the state between the halves is for this server, this purpose and two minutes', async () => {
  const wire = new WireClient(server.origin);
  const kit = await wire.call('kitStart', { address: alice.address });
  await assert.rejects(wire.call('loginFinish', { state: kit.state, finish: 'AAAA', session: newSession() }), {
    code: 'login_refused',
  });
  await assert.rejects(wire.call('loginFinish', { state: 'AAAA', finish: 'AAAA', session: newSession() }), {
    code: 'login_refused',
  });
  const note = await act(alice, 'log-in', kit.nonce);
  nowMs += 121_000;
  const late = { state: kit.state, act: note, recovery: alice.kit.publicKey, session: newSession() };
  await assert.rejects(wire.call('kitFinish', late), { code: 'login_refused' });
});

test('the kit logs in, and only the kit', async () => {
  const wire = new WireClient(server.origin);
  const { nonce, state } = await wire.call('kitStart', { address: alice.address });
  const note = await act(alice, 'log-in', nonce);
  const recovery = alice.kit.publicKey;
  const other = (await newKeys()).publicKey;
  await assert.rejects(wire.call('kitFinish', { state, act: note, recovery: other, session: newSession() }), {
    code: 'login_refused',
  });
  const foreignNonce = await act(alice, 'log-in', new Uint8Array(32));
  await assert.rejects(wire.call('kitFinish', { state, act: foreignNonce, recovery, session: newSession() }), {
    code: 'login_refused',
  });
  const { token } = await wire.call('kitFinish', { state, act: note, recovery, session: newSession() });
  wire.authorization = `Bearer ${token}`;
  assert.equal((await wire.call('accountAbout', {})).address, alice.address);
  const { latches } = await wire.call('latchesList', {});
  assert.equal(latches.find((each) => each.kind === 'kit')?.rescue?.length, 500);
});

test('sessions are listed with their sealed names, and end', async () => {
  const device = await logIn(server.origin, alice.address, alice.password);
  const { sessions } = await device.call('sessionsList', {});
  const own = sessions.find((each) => each.current);
  assert.ok(own !== undefined && own.name.length === 40);
  await alice.wire.call('sessionsRemove', { id: own.id });
  await assert.rejects(device.call('sessionsList', {}), { code: 'session_invalid' });
  await assert.rejects(alice.wire.call('sessionsRemove', { id: own.id }), { code: 'not_found' });
});

test('an act is used up, is for one action, and needs the keys of the identity', async () => {
  const note = await act(alice, 'change-latches');
  await alice.wire.call('latchesPut', { latch: latch('passkey'), act: note });
  await assert.rejects(alice.wire.call('latchesPut', { latch: latch('passkey'), act: note }), { code: 'act_refused' });
  const other = await act(alice, 'delete-account');
  await assert.rejects(alice.wire.call('latchesPut', { latch: latch('passkey'), act: other }), { code: 'act_refused' });
  const forged = await act({ ...alice, keys: await newKeys() }, 'change-latches');
  await assert.rejects(alice.wire.call('latchesPut', { latch: latch('passkey'), act: forged }), {
    code: 'act_refused',
  });
  const fresh = await act(alice, 'change-latches');
  nowMs += 3 * 3_600_000;
  await assert.rejects(alice.wire.call('latchesPut', { latch: latch('passkey'), act: fresh }), { code: 'act_refused' });
  nowMs -= 3 * 3_600_000;
});

test('a nonce is of one session: another session can neither use its act nor put a nonce in its place', async () => {
  const fay = await register(server.origin, 'fay@localhost');
  const stolen = await logIn(server.origin, fay.address, fay.password);
  const note = await act(fay, 'change-latches');
  const { nonce } = await stolen.call('accountNonce', {});
  await assert.rejects(stolen.call('latchesPut', { latch: latch('passkey'), act: note }), { code: 'act_refused' });
  const foreign = await act(fay, 'change-latches', nonce);
  await assert.rejects(fay.wire.call('latchesPut', { latch: latch('passkey'), act: foreign }), { code: 'act_refused' });
  await fay.wire.call('latchesPut', { latch: latch('passkey'), act: note });
});

test('whoever closes what is closing is told the day that was set first', async () => {
  const gil = await register(server.origin, 'gil@localhost');
  const { store } = server.services;
  nowMs += 2 * 86_400_000;
  const removedOnDay = dayOf(nowMs) + 7;
  await store.write('setState', { address: gil.address, from: ['open'], to: 'closing' });
  nowMs -= 2 * 86_400_000;
  const closed = await gil.wire.call('accountClose', { act: await act(gil, 'delete-account') });
  assert.deepEqual(closed, { removedOnDay });
  assert.equal((await gil.wire.call('accountAbout', {})).removedOnDay, removedOnDay);
});

test('a new password replaces the old one and its latch together', async () => {
  const carol = await register(server.origin, 'carol@localhost');
  const password = 'a new one';
  const { clientRegistrationState, registrationRequest: request } = client.startRegistration({ password });
  const { response } = await carol.wire.call('passwordStart', { request });
  const { registrationRecord: record } = client.finishRegistration({
    clientRegistrationState,
    registrationResponse: response,
    password,
    identifiers: { client: carol.address, server: server.origin },
    keyStretching: { 'argon2id-custom': { memory: 1_024, iterations: 1, parallelism: 1 } },
  });
  const newLatch = latch('password');
  await carol.wire.call('passwordFinish', { record, latch: newLatch, act: await act(carol, 'change-latches') });
  await assert.rejects(logIn(server.origin, carol.address, carol.password), { code: 'login_refused' });
  const wire = await logIn(server.origin, carol.address, password);
  const { latches } = await wire.call('latchesList', {});
  assert.deepEqual(latches.find((each) => each.kind === 'password')?.wrapped, newLatch.wrapped);
  assert.equal(latches.length, 2);
});

test('identity statements must follow one another, signed by both key pairs', async () => {
  const dave = await register(server.origin, 'dave@localhost');
  const keys = await newKeys();
  const next = identityOf(dave.address, { keys, kit: dave.kit, previous: dave.identity });
  const own = signersOf(identityKeyName(next), keys);
  const before_ = signersOf(identityKeyName(dave.identity), dave.keys);
  const refused: readonly [string, IdentityStatement, Parameters<typeof signed>[1]][] = [
    ['not by the keys before', next, [own]],
    ['not by its own keys', next, [before_]],
    ['a version skipped', { ...next, version: 2 }, []],
    ['another history', { ...next, previous: new Uint8Array(32) }, []],
    ['another address', { ...next, address: alice.identity.address }, []],
  ];
  for (const [what, statement, signers] of refused) {
    const lines = signers.length > 0 ? signers : [signersOf(identityKeyName(statement), keys), before_];
    const note = await signed(formatStatement(statement), lines);
    await assert.rejects(dave.wire.call('directoryUpdate', { statement: note }), { code: 'statement_refused' }, what);
  }
  const note = await signed(formatStatement(next), [own, before_]);
  assert.deepEqual(await dave.wire.call('directoryUpdate', { statement: note }), { version: 1 });
  await assert.rejects(dave.wire.call('directoryUpdate', { statement: note }), { code: 'statement_refused' });
  const wanted = [dave.address, 'nobody@localhost'].map((address) => ({ address, fromVersion: 1 }));
  const { answers } = await alice.wire.call('directoryResolve', { wanted });
  assert.deepEqual(answers, [{ answer: 'known', takes: 'mail', notes: [note], more: false }, { answer: 'unknown' }]);
});

test('a closed account takes no mail, can come back for seven days, and then leaves only its address', async () => {
  const erin = await register(server.origin, 'erin@localhost');
  assert.deepEqual(await send(alice, [erin.address]), ['ok']);
  await erin.wire.call('accountClose', { act: await act(erin, 'delete-account') });
  assert.deepEqual(await send(alice, [erin.address]), ['gone']);
  await erin.wire.call('accountKeep', {});
  assert.deepEqual(await send(alice, [erin.address]), ['ok']);
  await erin.wire.call('accountClose', { act: await act(erin, 'delete-account') });
  const { sweep } = await import('../sweeper.ts');
  nowMs += 6 * 86_400_000;
  await sweep(server.services);
  assert.equal((await erin.wire.call('accountAbout', {})).arrivals, 2);
  nowMs += 86_400_000;
  await sweep(server.services);
  await assert.rejects(erin.wire.call('accountAbout', {}), { code: 'session_invalid' });
  await assert.rejects(logIn(server.origin, erin.address, erin.password), { code: 'login_refused' });
  await assert.rejects(register(server.origin, erin.address), { code: 'address_taken' });
});
