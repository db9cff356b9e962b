/** What a new account may deliver: enough for a person, and nothing for whoever makes accounts to send to thousands. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bytes, id, pass, register, send, type TestOwner } from '../../test/test-owner.ts';
import { randomHeader, startTestServer, type TestServer } from '../testing/index.ts';

const DAY_MS = 86_400_000;
const config = { newAccountDays: 7, newAccountSends: 4, newAccountRecipients: 2 };
let nowMs = Date.now();
let server: TestServer;
let alice: TestOwner;
const names = ['bob', 'carol', 'dave'].map((name) => `${name}@localhost`);

before(async () => {
  server = await startTestServer({ limits: 'real', config, clock: () => nowMs });
  alice = await register(server.origin, 'alice@localhost');
  for (const name of names) await register(server.origin, name);
});
after(() => server.stop());

async function newUntil(): Promise<number | null | undefined> {
  const { db } = server.services.store;
  const row = await db
    .selectFrom('account')
    .select('new_until_day')
    .where('address', '=', alice.address)
    .executeTakeFirst();
  return row?.new_until_day;
}

test('a new account writes to few at once, and seldom', async () => {
  assert.equal(await newUntil(), Math.floor(nowMs / DAY_MS) + 7);
  assert.deepEqual(await send(alice, names.slice(0, 2)), ['ok', 'ok']);
  await assert.rejects(send(alice, names), { code: 'account_new' });
  await send(alice, names.slice(0, 1));
  await send(alice, names.slice(0, 1));
  await assert.rejects(send(alice, names.slice(0, 1)), { code: 'account_new' });
  nowMs += DAY_MS / 4;
  assert.deepEqual(await send(alice, names.slice(0, 1)), ['ok']);
});

test('one pass is no way around it, and repeating what was cut is none of it', async () => {
  nowMs += DAY_MS;
  const { blob } = await alice.wire.put('holdsPut', { hold: id() }, bytes(1_000));
  const one = await pass(alice);
  const to = names
    .slice(0, 2)
    .map((address) => ({ address, key: id(), headers: [randomHeader()], part: bytes(1_040) }));
  const deliver = async (recipients = to): Promise<object> =>
    alice.wire.call('deliver', { blobs: [blob], recipients }, one);
  await deliver();
  // Another message to the same people, the same message to others, and one more behind them.
  const [first, second] = to;
  assert.ok(first !== undefined && second !== undefined);
  await assert.rejects(deliver([{ ...first, key: id() }]), { code: 'pass_invalid' });
  await assert.rejects(deliver([{ ...first, address: names[2] ?? '' }]), { code: 'pass_invalid' });
  await deliver([second]);
  await assert.rejects(deliver(), { code: 'rate_limited' });
  await assert.rejects(alice.wire.call('passesIssue', { count: 32 }), { code: 'account_new' });
});

test('after its days it is like every other, and nothing says any more when it was made', async () => {
  nowMs += 8 * DAY_MS;
  assert.deepEqual(await send(alice, names), ['ok', 'ok', 'ok']);
  for (let each = 0; each < 6; each++) await send(alice, names.slice(0, 1));
  await server.services.store.write('sweepRows', {});
  assert.equal(await newUntil(), null);
});
