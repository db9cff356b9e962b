import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { draft } from '../../test/mail-people.ts';
import { testHost } from '../../test/test-host.ts';
import { receive, send } from '../mail/index.ts';
import { memoryCache, memoryProfile } from '../testing/index.ts';
import {
  announcedReset,
  contactKeys,
  lockOut,
  logIn,
  openClient,
  register,
  resetWithKit,
  vetoReset,
  type Client,
  type RecoveryKit,
  type ResetOutcome,
} from './index.ts';
import type { MemoryHost } from '../testing/index.ts';

const password = 'correct horse battery';
const DAY_MS = 86_400_000;
let server: TestServer;
let nowMs = Date.now();

before(async () => {
  server = await startTestServer({ clock: () => nowMs });
});
after(() => server.stop());

interface Person {
  readonly client: Client;
  readonly kit: RecoveryKit;
  readonly host: () => MemoryHost;
}

async function person(name: string): Promise<Person> {
  const device = { profile: memoryProfile(), cache: memoryCache() };
  const host = (): MemoryHost => testHost({ ...device, nowMs: () => nowMs });
  const request = { address: `${name}@localhost`, origin: server.origin, password, deviceName: 'Desk' };
  const { client, kit } = await register(host(), request);
  return { client, kit, host };
}

function newDevice(): () => MemoryHost {
  const device = { profile: memoryProfile(), cache: memoryCache() };
  return () => testHost({ ...device, nowMs: () => nowMs });
}

function reset(
  host: MemoryHost,
  { kit, withoutVault = true }: { readonly kit: RecoveryKit; readonly withoutVault?: boolean },
): Promise<ResetOutcome> {
  return resetWithKit(host, {
    address: kit.address,
    origin: server.origin,
    kit: kit.words.join(' '),
    deviceName: 'New',
    password: () => Promise.resolve('another horse battery'),
    withoutVault,
  });
}

/** The clocks of all, and the heartbeat after it: without one every head is stale. */
async function later(days: number, by: Client): Promise<void> {
  nowMs += days * DAY_MS;
  for (let tries = 0; ; tries++) {
    try {
      await by.directory.resolve([by.address]);
      return;
    } catch (error) {
      if ((error as { reason?: string }).reason !== 'head_stale' || tries > 200) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const letter = (to: Client): Parameters<typeof send>[1] =>
  draft({ to: [to.address], subject: 'Hello', text: 'For you alone' });

async function versionFor(by: Client, { address }: Client): Promise<number | string> {
  const [resolution] = await by.directory.resolve([address]);
  if (resolution?.outcome === 'known') return resolution.identity.statement.version;
  return resolution?.outcome === 'changed' ? resolution.reason : 'unknown';
}

/** A leaf is visible within a second. */
async function seesReset(by: Client, { address }: Client): Promise<void> {
  for (;;) {
    const [resolution] = await by.directory.resolve([address]);
    if (resolution?.outcome === 'known' && typeof resolution.resetCountsSeconds === 'number') return;
  }
}

async function isTold(owner: Client): Promise<void> {
  while ((await announcedReset(owner)) === null);
}

test('an owner who has nothing but the kit announces new keys, waits, and begins anew; contacts follow in time', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  await send(alice.client, letter(bob.client));
  const fresh = newDevice();
  await assert.rejects(reset(fresh(), { kit: alice.kit, withoutVault: false }), { code: 'reset_needless' });
  await assert.rejects(reset(fresh(), { kit: { ...bob.kit, address: alice.kit.address } }), { code: 'kit_wrong' });

  const announced = await reset(fresh(), { kit: bob.kit });
  assert.ok(announced.outcome === 'announced' && announced.version === 1);
  const hours = (announced.countsSeconds - nowMs / 1_000) / 3_600;
  assert.ok(hours > 168 && hours <= 169, `${hours}`);
  // Cut or called again: the same keys, and nothing else is begun over them.
  assert.deepEqual(await reset(fresh(), { kit: bob.kit }), announced);
  const login = { address: bob.kit.address, origin: server.origin, deviceName: 'New', with: { kit: bob.kit.text } };
  await assert.rejects(logIn(fresh(), login), { code: 'reset_unfinished' });
  const other = { address: 'carl@localhost', origin: server.origin, password, deviceName: 'New' };
  await assert.rejects(register(fresh(), other), { code: 'reset_unfinished' });

  await seesReset(alice.client, bob.client);
  assert.equal(
    await versionFor(alice.client, bob.client),
    0,
    'nobody writes to the new keys before their hold is over',
  );
  await later(6, alice.client);
  assert.equal(await versionFor(alice.client, bob.client), 0);
  assert.equal((await reset(fresh(), { kit: bob.kit })).outcome, 'announced');
  await later(2, alice.client);
  assert.equal(await versionFor(alice.client, bob.client), 1);

  const done = await reset(fresh(), { kit: bob.kit });
  assert.ok(done.outcome === 'done');
  await send(done.client, letter(alice.client));
  await receive(alice.client);
  await send(alice.client, letter(done.client));
  assert.equal((await receive(done.client)).arrived.filter(({ verified }) => verified).length, 1);
  // The old machine is signed out; the new card signs in; both sides read the same words; a lock-out goes on from here.
  await assert.rejects(receive(bob.client), { wire: 'session_invalid' });
  const card = { card: done.card.text, password: 'another horse battery' };
  const phone = await logIn(newDevice()(), { ...login, deviceName: 'Phone', with: card });
  const words = [await contactKeys(phone, alice.kit.address), await contactKeys(alice.client, bob.kit.address)];
  assert.ok(words[0]?.words?.length === 12);
  assert.deepEqual(words[0].words, words[1]?.words);
  const out = await lockOut(fresh(), { password: 'third horse battery' });
  assert.equal(await versionFor(alice.client, out.client), 2);
  const again = { ...login, deviceName: 'Third', with: { kit: out.kit.text } };
  assert.equal((await logIn(newDevice()(), again)).keys.newest.identity.statement.version, 2);
});

test('the owner whose kit was stolen: his devices stay signed in, his veto wins, and the thief is told no more', async () => {
  const [alice, bob] = [await person('anna'), await person('bert')];
  await send(alice.client, letter(bob.client));
  // He finds that the kit is gone, and makes everything new; the old kit may still announce for its hold.
  const out = await lockOut(bob.host(), { password });
  const thief = newDevice();
  const announced = await reset(thief(), { kit: bob.kit, withoutVault: false });
  assert.equal(announced.outcome, 'announced');
  await assert.rejects(
    logIn(thief(), { address: bob.kit.address, origin: server.origin, deviceName: 'x', with: { kit: bob.kit.text } }),
    {
      code: 'reset_unfinished',
    },
  );
  await isTold(out.client);
  await vetoReset(await openClient(bob.host()));
  await send(out.client, letter(alice.client));
  await assert.rejects(reset(thief(), { kit: bob.kit }), { code: 'reset_vetoed' });
  assert.equal(await versionFor(alice.client, out.client), 1);
  await later(30, alice.client);
  assert.equal(await versionFor(alice.client, out.client), 1);
  // Its hold is over: the old kit announces nothing any more.
  await assert.rejects(reset(thief(), { kit: bob.kit }), { code: 'kit_wrong' });
});

test('a thief with a machine makes everything new; the owner takes the address back with the old kit, in time', async () => {
  const [alice, bob] = [await person('ada'), await person('ben')];
  await send(alice.client, letter(bob.client));
  const thief = await lockOut(bob.host(), { password: 'the thief’s own' });
  // Alice looks while the thief's choice of a kit is still weak.
  assert.equal(await versionFor(alice.client, thief.client), 1);
  const fresh = newDevice();
  assert.equal((await reset(fresh(), { kit: bob.kit, withoutVault: false })).outcome, 'announced');
  await isTold(thief.client);
  await vetoReset(thief.client);
  await assert.rejects(reset(fresh(), { kit: bob.kit }), { code: 'reset_vetoed' });
  assert.equal((await reset(fresh(), { kit: bob.kit })).outcome, 'announced');
  await isTold(thief.client);
  await assert.rejects(vetoReset(thief.client), { code: 'veto_spent' });
  assert.equal(await versionFor(alice.client, thief.client), 1);
  await later(8, alice.client);
  assert.equal(await versionFor(alice.client, thief.client), 4);
  const done = await reset(fresh(), { kit: bob.kit });
  assert.ok(done.outcome === 'done');
  await send(alice.client, letter(done.client));
  assert.equal((await receive(done.client)).arrived.filter(({ verified }) => verified).length, 1);
  await assert.rejects(receive(thief.client), { wire: 'session_invalid' });
});
