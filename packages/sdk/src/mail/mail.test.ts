import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { register, type Client } from '../client/index.ts';
import { testHost } from '../../test/test-host.ts';
import { list, read, receive, send } from './index.ts';

let server: TestServer;
let alice: Client;
let bob: Client;

before(async () => {
  server = await startTestServer();
  [alice, bob] = await Promise.all(['alice', 'bob'].map(account));
});
after(() => server.stop());

async function account(name: string): Promise<Client> {
  const request = { address: `${name}@localhost`, origin: server.origin, password: 'correct horse battery' };
  return (await register(testHost(), { ...request, deviceName: 'Desk' })).client;
}

const empty = { to: [], cc: [], bcc: [], subject: '', text: '', attachments: [] };

test('a small message goes from one to the other', async () => {
  const sent = await send(alice, { ...empty, to: ['bob@localhost'], subject: 'Hello', text: 'How are you?' });
  assert.deepEqual(sent.recipients, [{ address: 'bob@localhost', outcome: 'delivered', firstUse: true }]);
  const { arrived } = await receive(bob);
  assert.equal(arrived.length, 1);
  assert.equal(arrived[0]?.summary.subject, 'Hello');
  assert.equal(arrived[0]?.verified, true);
  const message = await read(bob, arrived[0].id.slice(0, 8));
  assert.equal(message.text, 'How are you?');
  assert.deepEqual(
    (await list(bob)).map(({ id }) => id),
    [arrived[0].id],
  );
  const own = await read(alice, sent.id);
  assert.equal(own.text, 'How are you?');
  assert.equal(own.row.folder, 'sent');
});
