/**
 * Docs: SECURITY.md, "Secrets of the server". Whoever has the database, the server's secrets and even the true password
 * opens nothing and cannot tell that the password is right, because the account secret never was on the server.
 *
 * Two of the accounts are stretched a thousand times less than the client does it. That is in favour of the thief, and
 * lets the whole list be tried in a test's time (a guess at the true cost takes a third of a second); alice has the true
 * parameters. That the true password with an empty account secret is refused is the test before the list's.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accountIdOf, makeAccountSecret, passwordInput, passwordKek, unwrapRoot, wrapRoot } from '@latchkey/crypto';
import { nodeEngine as engine } from '@latchkey/crypto/engine-node';
import { client } from '@serenity-kit/opaque';
import { startTestServer, type TestServer } from '../../src/testing/index.ts';
import { act, bytes, id, register } from '../test-owner.ts';
import { cheapStretching, guesser, realStretching, type Guesser, type Stretching } from './offline-guess.ts';
import { wordList } from './word-list.ts';

interface Account {
  readonly address: string;
  readonly password: string;
  readonly accountSecret: Uint8Array;
  readonly latch: Uint8Array;
  readonly root: Uint8Array;
}

const data = mkdtempSync(join(tmpdir(), 'latchkey-stolen-database-'));
const generation = 1;
const noSecret = new Uint8Array(16);
/** Not among the first. */
const password = wordList[2_345] ?? '';
let server: TestServer;
let alice: Account;
let bob: Account;
let carol: Account;

before(async () => {
  server = await startTestServer({ data });
  alice = await addAccount('alice@localhost', { stretching: realStretching, weakness: null });
  bob = await addAccount('bob@localhost', { stretching: cheapStretching, weakness: null });
  carol = await addAccount('carol@localhost', { stretching: cheapStretching, weakness: 'no account secret' });
});
after(async () => {
  await server.stop();
  rmSync(data, { recursive: true });
});

/** Through the real server, with what a client's registration and change of password put there. */
async function addAccount(
  address: string,
  { stretching, weakness }: { stretching: Stretching; weakness: 'no account secret' | null },
): Promise<Account> {
  const owner = await register(server.origin, address);
  const accountSecret = weakness === null ? makeAccountSecret(engine) : noSecret;
  const parts = { accountSecret, password, address, origin: server.origin };
  const input = weakness === null ? await passwordInput(engine, parts) : password;
  const { clientRegistrationState, registrationRequest: request } = client.startRegistration({ password: input });
  const { response } = await owner.wire.call('passwordStart', { request });
  const { registrationRecord: record, exportKey } = client.finishRegistration({
    password: input,
    clientRegistrationState,
    registrationResponse: response,
    identifiers: { client: address, server: server.origin },
    keyStretching: stretching,
  });
  const [root, latch] = [bytes(32), id()];
  const kek = await passwordKek(engine, {
    exportKey: Buffer.from(exportKey, 'base64url'),
    accountSecret,
    address,
    generation,
  });
  const place = await placeOf(address, latch);
  const wrapped = await wrapRoot({ engine, kek }, place, root);
  await owner.wire.call('passwordFinish', {
    record,
    latch: { id: latch, kind: 'password', generation, wrapped, rescue: null },
    act: await act(owner, 'change-latches'),
  });
  return { address, password, accountSecret, latch, root };
}

async function placeOf(address: string, latch: Uint8Array) {
  const account = await accountIdOf(engine, { address, origin: server.origin });
  return { account, latch, kind: 'password', generation } as const;
}

interface Loot {
  readonly guess: Guesser;
  readonly wrapped: Uint8Array;
}

/** From files alone. */
async function steal({ address }: Account, stretching: Stretching): Promise<Loot> {
  const database = new DatabaseSync(join(data, 'latchkey.db'), { readOnly: true });
  const row = database
    .prepare(
      `select record, wrapped from login join account on account.id = account where address = ? and kind = 'password'`,
    )
    .get(address);
  database.close();
  const setup = readFileSync(join(data, 'secrets/opaque-setup'), 'utf8').trim();
  const names = { client: address, server: server.origin };
  return {
    guess: await guesser({ names, setup, record: String(row?.['record']), stretching }),
    wrapped: row?.['wrapped'] as Uint8Array,
  };
}

/** What a guess gives: the vault root, or null. */
async function unwrapWith(
  loot: Loot,
  account: Account,
  { exportKey, accountSecret }: { readonly exportKey: Uint8Array; readonly accountSecret: Uint8Array },
): Promise<Uint8Array | null> {
  const kek = await passwordKek(engine, { exportKey, accountSecret, address: account.address, generation });
  return unwrapRoot({ engine, kek }, await placeOf(account.address, account.latch), loot.wrapped);
}

const inputWith = (account: Account, accountSecret: Uint8Array, guessed: string): Promise<string> =>
  passwordInput(engine, { accountSecret, password: guessed, address: account.address, origin: server.origin });

/** Every 16 bytes in a row that stand in any value of the database below 128 bytes, or in a file of secrets. */
function secretsInTheData(): Uint8Array[] {
  const database = new DatabaseSync(join(data, 'latchkey.db'), { readOnly: true });
  const tables = database.prepare(`select name from sqlite_schema where type = 'table'`).all();
  const values = tables.flatMap(({ name }) =>
    database
      .prepare(`select * from ${String(name)}`)
      .all()
      .flatMap((row) => Object.values(row)),
  );
  database.close();
  const secrets = readdirSync(join(data, 'secrets')).filter((name) => statSync(join(data, 'secrets', name)).isFile());
  const texts = secrets.map((name) => readFileSync(join(data, 'secrets', name), 'utf8').trim());
  const all = [...values, ...texts].flatMap((value) =>
    typeof value === 'string'
      ? [Buffer.from(value), Buffer.from(value, 'base64url')]
      : value instanceof Uint8Array
        ? [value]
        : [],
  );
  const windows = all
    .filter((value) => value.length >= 16 && value.length < 128)
    .flatMap((value) => Array.from({ length: value.length - 15 }, (_none, at) => value.subarray(at, at + 16)));
  return [...new Map(windows.map((window) => [Buffer.from(window).toString('hex'), new Uint8Array(window)])).values()];
}

test('the attack is a real one: with password and account secret it opens the vault, from the files alone', async () => {
  for (const [account, stretching] of [
    [alice, realStretching],
    [bob, cheapStretching],
  ] as const) {
    const loot = await steal(account, stretching);
    const input = await inputWith(account, account.accountSecret, account.password);
    assert.equal(loot.guess.isInput(input), true);
    const exportKey = loot.guess.exportKey(input);
    assert.ok(exportKey !== null);
    assert.deepEqual(
      await unwrapWith(loot, account, { exportKey, accountSecret: account.accountSecret }),
      account.root,
    );
  }
});

test('the true password, without the account secret, is not told from a wrong one, and unwraps nothing', async () => {
  for (const [account, stretching] of [
    [alice, realStretching],
    [bob, cheapStretching],
  ] as const) {
    const loot = await steal(account, stretching);
    const inputs = [account.password, await inputWith(account, noSecret, account.password)];
    for (const input of inputs) {
      assert.equal(loot.guess.isInput(input), false);
      assert.equal(loot.guess.exportKey(input), null);
    }
  }
});

test('no 16 bytes of the whole folder are the account secret', async (t) => {
  const loot = await steal(bob, cheapStretching);
  const candidates = secretsInTheData();
  t.diagnostic(`${candidates.length} candidates`);
  assert.ok(candidates.length > 500);
  for (const accountSecret of candidates) {
    assert.equal(loot.guess.isInput(await inputWith(bob, accountSecret, bob.password)), false);
  }
});

test('even OPAQUE’s export key opens nothing without the account secret', async () => {
  const loot = await steal(bob, cheapStretching);
  const exportKey = loot.guess.exportKey(await inputWith(bob, bob.accountSecret, bob.password));
  assert.ok(exportKey !== null);
  for (const accountSecret of [noSecret, ...secretsInTheData()]) {
    assert.equal(await unwrapWith(loot, bob, { exportKey, accountSecret }), null);
  }
});

/** @returns the word that OPAQUE was given as the password */
function tryList({ guess }: Loot): string | null {
  return wordList.find((word) => guess.isInput(word)) ?? null;
}

test('a list of 10,000 passwords that has the true one does not find it', async () => {
  assert.equal(new Set(wordList).size, 10_000);
  assert.ok(wordList.includes(bob.password));
  const loot = await steal(bob, cheapStretching);
  assert.equal(tryList(loot), null);
});

test('planted: a client that leaves the account secret out is found by the same list, and its vault opens', async () => {
  const loot = await steal(carol, cheapStretching);
  const found = tryList(loot);
  assert.equal(found, carol.password);
  const exportKey = loot.guess.exportKey(found);
  assert.ok(exportKey !== null);
  assert.deepEqual(await unwrapWith(loot, carol, { exportKey, accountSecret: noSecret }), carol.root);
});
