import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import {
  contentOf,
  id,
  newDevice,
  newKeyring,
  note,
  put,
  registerAccount,
  type SpaceAccount,
} from '../../test/space-devices.ts';

let server: TestServer;
let account: SpaceAccount;

before(async () => {
  server = await startTestServer();
  account = await registerAccount(server.origin, 'alice@localhost');
});
after(() => server.stop());

test('what one device writes another reads', async () => {
  const keyring = newKeyring();
  const [first, second] = [await newDevice(account, keyring), await newDevice(account, keyring)];
  const [one, other] = [id(), id()];
  await first.space.write([put(one, 'first'), put(other, 'second')]);
  assert.deepEqual((await first.space.read(one))?.body, note('first'), 'the writer has it without asking');
  assert.equal(await second.space.read(one), null);
  const { changed, size, forgedHeads } = await second.space.catchUp();
  assert.deepEqual(changed, [one, other]);
  assert.deepEqual([size, forgedHeads], [2, 0]);
  assert.deepEqual(await second.space.read(one), { id: one, version: 1, body: note('first') });
  assert.deepEqual(await contentOf(second.space), await contentOf(first.space));
  assert.deepEqual(await second.space.tip(), await first.space.tip());
  assert.deepEqual((await second.space.catchUp()).changed, []);
});
