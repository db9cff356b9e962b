/** A new account writes to more people than one delivery may have: the client makes several of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestServer } from 'latchkey-server/testing';
import { draft, mailPerson } from '../../test/mail-people.ts';
import { list, receive, send } from './index.ts';

test('a letter of a new account reaches everybody once, and waits where its deliveries are used up', async () => {
  const config = { newAccountDays: 7, newAccountSends: 6, newAccountRecipients: 2 };
  const server = await startTestServer({ limits: 'real', config });
  try {
    const names = ['bob', 'carol', 'dave', 'erin', 'frank'];
    const [alice, ...others] = await Promise.all(['alice', ...names].map((name) => mailPerson(server, name)));
    assert.ok(alice !== undefined);
    const to = names.map((name) => `${name}@localhost`);
    const { recipients } = await send(alice.client, draft({ to, subject: 'all of you' }));
    assert.deepEqual([...new Set(recipients.map(({ outcome }) => outcome))], ['delivered']);
    for (const { client } of others) {
      await receive(client);
      assert.equal((await list(client, { folder: 'requests' })).length, 1);
    }
    // Five, three, two, one and two at once: of the six deliveries one is left.
    await send(alice.client, draft({ to: ['bob@localhost'], subject: 'the last' }));
    const refused = { code: 'server_refused', wire: 'account_new' };
    await assert.rejects(send(alice.client, draft({ to: ['bob@localhost'], subject: 'too much' })), refused);
  } finally {
    await server.stop();
  }
});
