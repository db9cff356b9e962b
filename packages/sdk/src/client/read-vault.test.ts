/** Vaults that open but do not hold together: as a broken or hostile device of the owner would leave them. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  formatCard,
  formatIdentity,
  formatKitLine,
  generateIdentity,
  kitKek,
  parseCard,
  parseKitLine,
  wrapRoot,
} from '@latchkey/crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress } from '@latchkey/protocol';
import { ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { lyingWire } from '../../test/lying-wire.ts';
import { testHost } from '../../test/test-host.ts';
import { readUnlocked } from '../account/profile-files.ts';
import type { Wire } from '../ports.ts';
import type { RecordBody } from '../sync/types.ts';
import { logIn, register, type Client, type LogInRequest, type Registered } from './index.ts';

const address = canonicalAddress('alice@localhost');
const password = 'correct horse battery';
let server: TestServer;
let made: Registered;
const desk = testHost();

before(async () => {
  server = await startTestServer();
  made = await register(desk, { address, origin: server.origin, password, deviceName: 'Desk' });
});
after(() => server.stop());

const byKit = (kit = made.kit.text): LogInRequest => ({ address, deviceName: 'Tablet', with: { kit } });
const byCard = (card = made.card.text): LogInRequest => ({ address, deviceName: 'Phone', with: { card, password } });

/** The vault's one record of this kind, changed; and then as it was. */
async function whileRecord(
  kind: string,
  change: (body: RecordBody) => RecordBody | null,
  work: () => Promise<void>,
): Promise<void> {
  const { vault } = made.client;
  await vault.catchUp();
  for await (const { id, body } of vault.entries(kind)) {
    assert.ok(body !== null);
    await vault.write([{ id, change: () => change(body) }]);
    await work();
    await vault.catchUp();
    await vault.write([{ id, change: () => body }]);
    return;
  }
  assert.fail(`no record of kind ${kind}`);
}

const other = (lengthBytes: number): string => randomBytes(lengthBytes).toString('base64url');
const otherSeal = `AGE-SECRET-KEY-PQ-1${'Q'.repeat(58)}`;

for (const [kind, what, change] of [
  ['identity', 'is missing', () => null],
  ['identity', 'has another Ed25519 seed', (body) => ({ ...body, ed25519: other(32) })],
  ['identity', 'has another ML-DSA-44 seed', (body) => ({ ...body, mldsa44: other(32) })],
  ['identity', 'says another version', (body) => ({ ...body, version: 1 })],
  ['identity', 'has a field of its own', (body) => ({ ...body, more: 1 })],
  ['space', 'is missing', () => null],
  ['space', 'is of something else', (body) => ({ ...body, holds: 'files' })],
  ['space', 'has no epoch', (body) => ({ ...body, epochs: [] })],
  ['account-secret', 'is missing', () => null],
] as const satisfies readonly (readonly [string, string, (body: RecordBody) => RecordBody | null])[]) {
  test(`a vault whose record ${kind} ${what} opens no account`, async () => {
    await whileRecord(kind, change, async () => {
      await assert.rejects(logIn(testHost(), byKit()), { code: 'vault_incomplete' });
    });
  });
}

test('a sealing identity that is not the statement’s, or is none, opens no account', async () => {
  const strange = formatIdentity(generateIdentity(nodeEngine));
  await whileRecord(
    'identity',
    (body) => ({ ...body, seal: strange }),
    () => assert.rejects(logIn(testHost(), byKit()), { code: 'vault_incomplete' }),
  );
  await whileRecord(
    'identity',
    (body) => ({ ...body, seal: otherSeal }),
    () => assert.rejects(logIn(testHost(), byKit()), { code: 'vault_incomplete' }),
  );
});

test('a vault of another server, login key or account secret is not taken for this one', async () => {
  const change = (fields: object): [string, (body: RecordBody) => RecordBody] => [
    'account-secret',
    (body) => ({ ...body, ...fields }),
  ];
  await whileRecord(...change({ origin: 'https://example.org' }), () =>
    assert.rejects(logIn(testHost(), byKit()), { code: 'server_differs' }),
  );
  await whileRecord(...change({ serverKey: other(32) }), () =>
    assert.rejects(logIn(testHost(), byKit()), { code: 'login_server_changed' }),
  );
  await whileRecord(...change({ secret: other(16) }), () =>
    assert.rejects(logIn(testHost(), byCard()), { code: 'vault_incomplete' }),
  );
});

test('what newer versions put beside the own records does not shut an older one out', async () => {
  const { vault } = made.client;
  const newer = [
    { kind: 'space', v: 2, other: true },
    { kind: 'something', v: 9 },
  ];
  for (const body of newer) await vault.write([{ id: randomBytes(16), change: () => body }]);
  assert.deepEqual((await logIn(testHost(), byKit())).mailbox.id, made.client.mailbox.id);
});

test('a kit that the identity does not commit to is refused, whoever lets it in', async () => {
  const line = await parseKitLine(nodeEngine, made.kit.text);
  const entropy = new Uint8Array(32).fill(5);
  const unlocked = await readUnlocked(desk.profile);
  assert.ok(unlocked !== null);
  const { root, generation } = unlocked;
  const latch = new Uint8Array(16).fill(6);
  const kek = await kitKek(nodeEngine, entropy, { address, generation });
  const place = { account: made.client.account, latch, kind: 'kit', generation } as const;
  const wrapped = await wrapRoot({ engine: nodeEngine, kek }, place, root);
  // As from a server that has a latch for an older kit, and a session for whoever holds it.
  const { token } = await sessionOf(made.client);
  const lying = lyingWire({
    latchesList: () => ({ latches: [{ id: latch, kind: 'kit', generation, wrapped, rescue: null }] }),
  });
  const between = (wire: Wire): Wire => {
    const inner = lying(wire);
    return {
      origin: wire.origin,
      call: (route, request, options) =>
        route.path === ROUTES.kitFinish.path
          ? Promise.resolve({ token } as never)
          : inner.call(route, request, options),
      put: (...given) => wire.put(...given),
      read: (...given) => wire.read(...given),
      events: (...given) => wire.events(...given),
    };
  };
  const kit = await formatKitLine(nodeEngine, { ...line, entropy });
  await assert.rejects(logIn(testHost({ between }), byKit(kit)), { code: 'kit_wrong' });
});

async function sessionOf(client: Client): Promise<{ readonly token: string }> {
  assert.equal(client.address, address);
  return { token: (await logIn(testHost(), byKit())).session };
}

test('the key that OPAQUE itself shows must be the pinned one, whatever the page says', async () => {
  const card = await parseCard(nodeEngine, made.card.text);
  const serverKey = other(32);
  const forged = await formatCard(nodeEngine, { ...card, serverKey });
  const between = lyingWire({ wellKnown: (answer) => ({ ...answer, opaque: serverKey }) });
  await assert.rejects(logIn(testHost({ between }), byCard(forged)), { code: 'login_server_changed' });
});
