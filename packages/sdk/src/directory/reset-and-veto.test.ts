import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { kitKeys, parseKitWords } from '@latchkey/crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { hybridSigner } from '@latchkey/crypto/sign';
import { statementHash, type IdentityStatement } from '@latchkey/protocol';
import { ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { newSigner, someBytes } from '../../test/key-owner.ts';
import { draft } from '../../test/mail-people.ts';
import { testHost } from '../../test/test-host.ts';
import {
  announcedReset,
  keyEvidence,
  lockOut,
  logIn,
  openClient,
  register,
  vetoReset,
  type Client,
  type RecoveryKit,
} from '../client/index.ts';
import { heal, receive, send } from '../mail/index.ts';
import { memoryCache, memoryProfile } from '../testing/index.ts';
import { signReset } from '../signing/reset.ts';
import type { StatementMark } from '../signing/types.ts';
import type { Resolution } from './types.ts';

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
  readonly card: string;
  readonly again: () => Promise<Client>;
}

async function person(name: string): Promise<Person> {
  const device = { profile: memoryProfile(), cache: memoryCache(), nowMs: () => nowMs };
  const request = { address: `${name}@localhost`, origin: server.origin, password, deviceName: 'Desk' };
  const { client, kit, card } = await register(testHost(device), request);
  return { client, kit, card: card.text, again: () => openClient(testHost(device)) };
}

/** What whoever holds the kit of somebody can announce, without a key or a session. */
async function announce({ client, kit }: Pick<Person, 'client' | 'kit'>, last: StatementMark): Promise<StatementMark> {
  const words = parseKitWords(kit.words.join(' '));
  assert.ok(words.outcome === 'kit');
  const { recoverySeeds } = await kitKeys(nodeEngine, words.entropy);
  const recovery = await hybridSigner(nodeEngine, recoverySeeds);
  const own = await newSigner();
  const reset: IdentityStatement = {
    ...client.keys.newest.identity.statement,
    ...own.publicKey,
    version: last.version + 1,
    previous: last.hash,
    vault: someBytes(32),
  };
  await publish(client, await signReset(nodeEngine, reset, { own, recovery }));
  return { version: reset.version, hash: statementHash(reset) };
}

async function publish({ wire, session, address }: Client, statement: string): Promise<void> {
  const { version } = await wire.call(ROUTES.directoryUpdate, { statement }, { rights: { session } });
  // A server publishes within a second; the test's own, sooner.
  for (;;) {
    const { answers } = await wire.call(
      ROUTES.ktResolve,
      { wanted: [{ address, fromVersion: version + 1 }], known: null },
      { rights: { session } },
    );
    if ((answers[0]?.positions.length ?? 0) > version) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function newestOf({ keys }: Client): StatementMark {
  const { statement, hash } = keys.newest.identity;
  return { version: statement.version, hash };
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

async function seen(by: Client, of: Client): Promise<Extract<Resolution, { outcome: 'known' }>> {
  const [resolution] = await by.directory.resolve([of.address]);
  assert.ok(resolution?.outcome === 'known', JSON.stringify(resolution));
  return resolution;
}

const letter = (to: Client): Parameters<typeof send>[1] =>
  draft({ to: [to.address], subject: 'Hello', text: 'For you alone' });

test('a reset that the owner did not make: every device of his says so, his veto kills it, and all goes on', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  const phone = await logIn(testHost({ nowMs: () => nowMs }), {
    address: bob.client.address,
    origin: server.origin,
    deviceName: 'Phone',
    with: { card: bob.card, password },
  });
  const first = await seen(alice.client, bob.client);
  assert.ok(first.trust === 'first_use' && first.resetCountsSeconds === undefined);
  assert.equal(await announcedReset(bob.client), null);
  await assert.rejects(vetoReset(bob.client), { code: 'veto_needless' });

  const reset = await announce(bob, newestOf(bob.client));
  const held = await seen(alice.client, bob.client);
  assert.deepEqual(
    [held.trust, held.identity.hash],
    ['proved', newestOf(bob.client).hash],
    'the old keys are in force',
  );
  const holdSeconds = bob.client.keys.newest.identity.statement.holdHours * 3_600;
  assert.ok(Math.abs((held.resetCountsSeconds ?? 0) - holdSeconds - nowMs / 1_000) < 60);
  for (const device of [bob.client, phone, await bob.again()]) {
    const raised = { code: 'key_log_refused', rule: 7, reason: 'own_reset_announced', evidence: null };
    await assert.rejects(send(device, letter(alice.client)), raised);
  }
  const announced = await announcedReset(phone);
  assert.deepEqual(announced, { version: 1, identity: reset.hash, holdSeconds, overrides: false });

  assert.equal((await vetoReset(phone)).version, 1);
  // The other devices take the veto for what it is, without having made it.
  for (const device of [phone, bob.client, await bob.again()]) await send(device, letter(alice.client));
  assert.equal((await receive(alice.client)).arrived.filter(({ verified }) => verified).length, 3);
  assert.deepEqual(await keyEvidence(bob.client), []);
  await later(60, alice.client);
  const vetoed = await seen(alice.client, bob.client);
  assert.deepEqual([vetoed.identity.hash, vetoed.resetCountsSeconds], [newestOf(bob.client).hash, undefined]);

  // With a new kit: the version after it follows the veto, and a contact follows without a question.
  const out = await lockOut(testHost({ ...(await sameDevice(bob)), nowMs: () => nowMs }), { password });
  assert.equal(newestOf(out.client).version, 3);
  const followed = await seen(alice.client, out.client);
  assert.deepEqual([followed.identity.hash, followed.trust], [newestOf(out.client).hash, 'proved']);
  await send(alice.client, letter(out.client));
  assert.equal((await receive(out.client)).arrived[0]?.verified, true);
  await send(out.client, letter(alice.client));

  // A reset by the new kit, which nobody vetoed yet, is vetoed as well.
  const again = await announce({ client: out.client, kit: out.kit }, newestOf(out.client));
  await assert.rejects(out.client.directory.resolve([alice.client.address]), { reason: 'own_reset_announced' });
  assert.deepEqual((await vetoReset(out.client)).identity, again.hash);
  assert.equal((await seen(alice.client, out.client)).resetCountsSeconds, undefined);
  await later(60, alice.client);
  assert.deepEqual((await seen(alice.client, out.client)).identity.hash, newestOf(out.client).hash);
});

async function sameDevice({ client }: Person): Promise<Parameters<typeof testHost>[0]> {
  const { profile, cache } = client.host;
  return { profile: profile as ReturnType<typeof memoryProfile>, cache };
}

test('the kit has the last word: its second reset waits its full hold, and no veto is taken against it', async () => {
  const [alice, bob] = [await person('anna'), await person('bert')];
  await seen(alice.client, bob.client);
  await announce(bob, newestOf(bob.client));
  await vetoReset(bob.client);
  const { standing } = (await bob.client.directory.ownHistory()) ?? {};
  const second = await announce(bob, standing?.last ?? newestOf(bob.client));
  assert.ok(((await seen(alice.client, bob.client)).resetCountsSeconds ?? 0) > nowMs / 1_000);
  await assert.rejects(vetoReset(bob.client), { code: 'veto_spent' });
  await later(8, alice.client);
  assert.deepEqual((await seen(alice.client, bob.client)).identity.hash, second.hash);
});

test('a veto that the server loses with a disk is given back by its owner, and holds again', async () => {
  const [alice, bob] = [await person('frank'), await person('grace')];
  await seen(alice.client, bob.client);
  await announce(bob, newestOf(bob.client));
  await seen(alice.client, bob.client);
  await vetoReset(bob.client);

  // As after a restore whose log was taken back from an auditor: the leaves are there, what they said is not.
  const rows = new DatabaseSync(join(server.data, 'latchkey.db'));
  rows.exec('PRAGMA busy_timeout = 5000');
  const { id } = rows.prepare('select id from account where address = ?').get(bob.client.address) as { id: Uint8Array };
  for (const table of ['statement', 'opening']) {
    rows.prepare(`delete from ${table} where account = ? and version > 0`).run(id);
  }
  rows.close();
  const [lost] = await alice.client.directory.resolve([bob.client.address]);
  assert.equal(lost?.outcome, 'changed', 'nobody writes by what cannot be shown');
  const again = await bob.again();
  await assert.rejects(send(again, letter(alice.client)), { code: 'key_log_refused', evidence: null });

  assert.deepEqual(await heal(again), { offered: 0, left: 0, statements: 2 });
  assert.deepEqual(await heal(again), { offered: 0, left: 0, statements: 0 });
  await seen(alice.client, bob.client);
  await later(60, alice.client);
  const { identity, resetCountsSeconds } = await seen(alice.client, bob.client);
  assert.deepEqual([identity.hash, resetCountsSeconds], [newestOf(bob.client).hash, undefined]);
  await send(again, letter(alice.client));
  // What comes next has its own place in the log.
  const out = await lockOut(testHost({ ...(await sameDevice(bob)), nowMs: () => nowMs }), { password });
  assert.equal((await seen(alice.client, out.client)).identity.statement.version, 3);
});
