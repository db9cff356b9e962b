/** An address that its operator gives to somebody else, by the book: commands, log, the new owner and the old one's contacts. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { formatInvitation, ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import {
  contactKeys,
  logIn,
  openClient,
  register,
  verifiedByHuman,
  type Client,
  type Registered,
  type RegisterRequest,
} from '../src/client/index.ts';
import { receive, send } from '../src/mail/index.ts';
import { RecipientsRefusedError } from '../src/mail/refused-recipients.ts';
import { memoryCache, memoryProfile } from '../src/testing/index.ts';
import { draft } from './mail-people.ts';
import { testHost, type TestHostOptions } from './test-host.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('../../../apps/server/bin/latchkey-server', import.meta.url));
const password = 'correct horse battery';
const nowMs = Date.now();
let server: TestServer;

before(async () => {
  server = await startTestServer({ clock: () => nowMs, config: { registration: 'invite' } });
});
after(() => server.stop());

/** The operator's command, beside the running server. Its clock is the machine's, so that months pass in the rows. */
async function operator(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  try {
    const { stdout } = await run(program, [...words, '--data', server.data]);
    return { code: 0, out: stdout };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, out: stderr };
  }
}

/** As "latchkey-server invite" makes it, without its process. */
async function invited(): Promise<string> {
  const token = randomBytes(16).toString('base64url');
  const hash = createHash('sha256').update('latchkey/v1/invitation\0').update(token).digest();
  await server.services.store.write('addInvitation', { id: new Uint8Array(hash.subarray(0, 16)), days: 14 });
  const { opaque, policy } = await testHost().connect(server.origin).call(ROUTES.wellKnown, {});
  return formatInvitation({ origin: server.origin, opaque, policy: policy ?? 'none', token });
}

const device = (): TestHostOptions => ({ profile: memoryProfile(), cache: memoryCache(), nowMs: () => nowMs });

async function person(
  name: string,
  { on = device(), ...more }: Partial<Pick<RegisterRequest, 'invitation' | 'reissued'>> & { on?: TestHostOptions } = {},
): Promise<Registered> {
  const request = { address: `${name}@localhost`, origin: server.origin, password, deviceName: 'Desk' };
  return register(testHost(on), { ...request, invitation: await invited(), ...more });
}

const letter = (to: Client): Parameters<typeof send>[1] =>
  draft({ to: [to.address], subject: 'Hello', text: 'For you alone' });

async function told(by: Client, to: Client): Promise<string | undefined> {
  try {
    return (await send(by, letter(to))).recipients[0]?.outcome;
  } catch (error) {
    if (!(error instanceof RecipientsRefusedError)) throw error;
    return error.recipients[0]?.reason ?? error.recipients[0]?.outcome;
  }
}

/** Rows as they are when time has passed: the command reads the machine's clock. */
function inTheRows(statement: string, address: string): void {
  const db = new DatabaseSync(join(server.data, 'latchkey.db'));
  db.exec('PRAGMA busy_timeout = 5000');
  db.prepare(statement).run(address);
  db.close();
}

const monthPasses =
  'update statement set taken_hour = taken_hour - 721 where account = (select id from account where address = ?)';
const graceIsOver = 'update account set removed_on_day = 1 where address = ?';

/** Of the key log's head, as everybody gets it. */
async function entries(): Promise<number> {
  const checkpoint = await (await fetch(`${server.origin}/kt/keys/checkpoint`)).text();
  return Number(checkpoint.split('\n')[1]);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    assert.ok(tries < 300, 'it never comes');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('an address ends, and a different person gets it: everybody is told so, nobody follows by mistake', async () => {
  const alice = (await person('alice')).client;
  const hers = device();
  const bob = await person('bob', { on: hers });
  assert.equal(await told(alice, bob.client), 'delivered');
  assert.equal((await receive(bob.client)).arrived.length, 1);
  const address = bob.client.address;

  assert.equal((await operator('reissue', address)).code, 2, 'it has not ended');
  assert.equal((await operator('tombstone', 'nobody@localhost')).code, 1);
  const before = await entries();
  const ended = await operator('tombstone', address, '--json');
  assert.deepEqual([ended.code, Object.keys(JSON.parse(ended.out) as object)], [0, ['address', 'reissueFrom']]);
  assert.match((await operator('reissue', address)).out, /from 20/, 'not before thirty days');
  await until(async () => (await told(alice, bob.client)) === 'gone');
  await until(async () => (await entries()) > before);
  // Its owner is told by his own client, and sends nothing.
  await assert.rejects(send(await openClient(testHost(hers)), letter(alice)), { reason: 'own_address_closed' });

  inTheRows(monthPasses, address);
  assert.match((await operator('reissue', address)).out, /its days are not over/);
  inTheRows(graceIsOver, address);
  await server.services.store.write('sweepAccounts', {});
  assert.equal(await told(alice, bob.client), 'gone');
  await assert.rejects(person('bob'), { wire: 'address_taken' });
  const { invitation } = JSON.parse((await operator('reissue', address, '--json')).out) as { invitation: string };
  await assert.rejects(person('carol', { invitation, reissued: true }), { wire: 'invitation_invalid' });

  // Whoever gets it has to know that it was somebody else's.
  const his = device();
  await assert.rejects(person('bob', { on: his, invitation }), { code: 'address_reissued' });
  const other = await person('bob', { on: his, invitation, reissued: true });
  assert.equal(other.client.keys.newest.identity.statement.version, 2);
  await assert.rejects(person('bob', { invitation, reissued: true }), { wire: 'invitation_invalid' });
  await send(other.client, letter(alice));

  // Who knew the address is told that it is a different person, until they have compared words.
  await until(async () => (await told(alice, other.client)) === 'reissued');
  const [seen, own] = [await contactKeys(alice, address), await contactKeys(other.client, alice.address)];
  assert.ok(seen.resolution.outcome === 'changed' && seen.words?.length === 12);
  assert.deepEqual(seen.words, own.words);
  assert.notDeepEqual((await contactKeys(bob.client, alice.address).catch(() => null))?.words, seen.words);
  const arrived = (await receive(alice)).arrived;
  assert.ok(arrived.length > 0 && arrived.every(({ verified }) => !verified), 'nor is he read as the one she knew');
  await verifiedByHuman(alice, address, seen.resolution.claimant?.identity.hash ?? new Uint8Array());
  assert.equal(await told(alice, other.client), 'delivered');
  assert.equal((await receive(other.client)).arrived.filter(({ verified }) => verified).length, 1);
  const [now] = await alice.directory.resolve([address]);
  assert.ok(now?.outcome === 'known' && now.reissuedVersion === 2);

  // A newcomer waits thirty days. Another device of the new owner signs in; the old owner's does not.
  const dora = (await person('dora')).client;
  assert.equal(await told(dora, other.client), 'reissue_on_hold');
  const login = { address, origin: server.origin, deviceName: 'Phone' };
  await logIn(testHost(device()), { ...login, with: { card: other.card.text, password } });
  await assert.rejects(logIn(testHost(device()), { ...login, with: { kit: bob.kit.text } }));
  assert.equal((await operator('check')).code, 0);
});
