import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invitationId } from '../login/tokens.ts';
import { startTestServer } from '../testing/index.ts';
import { bytes, id, register } from '../../test/test-owner.ts';

test('addresses that are taken, reserved, of another domain or not in their one form are refused', async () => {
  const server = await startTestServer();
  try {
    await register(server.origin, 'alice@localhost');
    await assert.rejects(register(server.origin, 'alice@localhost'), { code: 'address_taken' });
    for (const address of ['postmaster@localhost', 'no-reply@localhost', 'no.reply@localhost', 'alice@example.org']) {
      await assert.rejects(register(server.origin, address), { code: 'address_refused' }, address);
    }
  } finally {
    await server.stop();
  }
});

test('an invitation lets one account in; a registration that fails gives it back; nothing joins the two', async () => {
  const server = await startTestServer({ config: { registration: 'invite' } });
  try {
    await assert.rejects(register(server.origin, 'alice@localhost'), { code: 'invitation_invalid' });
    const invitation = 'a-token-of-the-operator';
    await assert.rejects(register(server.origin, 'alice@localhost', { invitation }), { code: 'invitation_invalid' });
    await server.services.store.write('addInvitation', { id: invitationId(invitation), days: 1 });
    await assert.rejects(register(server.origin, 'root@localhost', { invitation }), { code: 'address_refused' });
    const [first, second] = await Promise.allSettled([
      register(server.origin, 'alice@localhost', { invitation }),
      register(server.origin, 'bob@localhost', { invitation }),
    ]);
    const kinds = [first.status, second.status].toSorted();
    assert.deepEqual(kinds, ['fulfilled', 'rejected']);
    const rows = await server.services.store.db.selectFrom('invitation').selectAll().execute();
    assert.deepEqual(
      rows.map((row) => row.state),
      ['used'],
    );
  } finally {
    await server.stop();
  }
});

test('an invitation is used up with its account or not at all, also where all checks were passed before', async () => {
  const server = await startTestServer({ config: { registration: 'invite' } });
  try {
    const { store } = server.services;
    const stateOf = async (id: Uint8Array): Promise<string | undefined> =>
      (await store.db.selectFrom('invitation').select('state').where('id', '=', id).executeTakeFirst())?.state;
    const invite = async (token: string): Promise<Uint8Array> => {
      const invitation = invitationId(token);
      await store.write('addInvitation', { id: invitation, days: 1 });
      return invitation;
    };
    const [one, other] = [await invite('one'), await invite('other')];
    const tries = await Promise.allSettled([
      register(server.origin, 'alice@localhost', { invitation: 'one' }),
      register(server.origin, 'alice@localhost', { invitation: 'other' }),
    ]);
    const states = [await stateOf(one), await stateOf(other)];
    assert.deepEqual(
      states,
      tries.map(({ status }) => (status === 'fulfilled' ? 'used' : 'open')),
    );
    assert.deepEqual(states.toSorted(), ['open', 'used']);
    // The same invitation with another address, straight at the write: the account is not made either.
    const write = store.write('createAccount', {
      account: id(),
      address: 'bob@localhost',
      quotaBytes: 1,
      quotaArrivals: 1,
      newDays: 0,
      record: '',
      statement: '',
      leaf: { leaf: bytes(32), opening: bytes(32) },
      index: { logIndex: bytes(32), proof: bytes(80) },
      latches: [],
      session: { tokenHash: bytes(32), id: id(), name: bytes(40), device: id(), days: 1 },
      invitation: states[0] === 'used' ? one : other,
    });
    await assert.rejects(write, { code: 'invitation_invalid' });
    const accounts = await store.db.selectFrom('account').select('address').execute();
    assert.deepEqual(
      accounts.map(({ address }) => address),
      ['alice@localhost'],
    );
  } finally {
    await server.stop();
  }
});

test('two registrations of one address at once make one account', async () => {
  const server = await startTestServer();
  try {
    const tries = await Promise.allSettled([1, 2, 3].map(() => register(server.origin, 'alice@localhost')));
    assert.equal(tries.filter((each) => each.status === 'fulfilled').length, 1);
  } finally {
    await server.stop();
  }
});

test('a closed registration is closed', async () => {
  const server = await startTestServer({ config: { registration: 'closed' } });
  try {
    await assert.rejects(register(server.origin, 'alice@localhost'), { code: 'registration_closed' });
  } finally {
    await server.stop();
  }
});
