import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { canonicalAddress } from '@latchkey/protocol';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { testHost } from '../../test/test-host.ts';
import { accountState, lock, logIn, openClient, register, unlock, type Registered } from './index.ts';

const alice = canonicalAddress('alice@localhost');
const password = 'correct horse battery';
let server: TestServer;
let made: Registered;
const host = testHost();

before(async () => {
  server = await startTestServer();
  made = await register(host, { address: alice, origin: server.origin, password, deviceName: 'Desk' });
});
after(() => server.stop());

test('a new account is open, and knows itself', async () => {
  const { client } = made;
  const state = await accountState(client);
  assert.deepEqual(
    { ...state, identity: null, usedBytes: 0 },
    {
      address: alice,
      origin: server.origin,
      deviceName: 'Desk',
      identity: null,
      identityVersion: 0,
      usedBytes: 0,
      quotaBytes: 10_737_418_240,
      arrivals: 0,
      removedOnDay: null,
    },
  );
  assert.deepEqual((await openClient(host)).keys.newest.identity, client.keys.newest.identity);
});

test('card and password open it on another device', async () => {
  const other = testHost();
  const client = await logIn(other, {
    address: alice,
    deviceName: 'Phone',
    with: { password, card: made.card.text },
  });
  assert.equal(client.keys.newest.sealIdentity, made.client.keys.newest.sealIdentity);
  await lock(other);
  await assert.rejects(openClient(other), { code: 'profile_locked' });
  assert.deepEqual((await unlock(other, password)).account, client.account);
});

test('the kit opens it too', async () => {
  const client = await logIn(testHost(), {
    address: alice,
    origin: server.origin,
    deviceName: 'Laptop',
    with: { kit: made.kit.words.join(' ') },
  });
  assert.equal(client.keys.newest.sealIdentity, made.client.keys.newest.sealIdentity);
});
