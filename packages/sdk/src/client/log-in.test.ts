import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loginClient } from '@latchkey/crypto/login-client';
import { formatCard, formatKitLine, formatKitWords, parseCard, parseKitLine } from '@latchkey/crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress } from '@latchkey/protocol';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { cutWires, Killed } from '../../test/cut-wire.ts';
import { lyingWire, type Lies } from '../../test/lying-wire.ts';
import { MemoryKeyLog } from '../../test/memory-key-log.ts';
import { testHost, type TestHostOptions } from '../../test/test-host.ts';
import { memoryCache, memoryProfile } from '../testing/index.ts';
import {
  listSessions,
  logIn,
  logOut,
  register,
  type Client,
  type LogInRequest,
  type Registered,
  type VaultState,
} from './index.ts';

const address = canonicalAddress('alice@localhost');
const password = 'correct horse battery';
let server: TestServer;
let made: Registered;

before(async () => {
  server = await startTestServer();
  made = await register(testHost(), { address, origin: server.origin, password, deviceName: 'Desk' });
});
after(() => server.stop());

function byCard(given: { card?: string; password?: string } = {}): LogInRequest {
  return { address, deviceName: 'Phone', with: { password, card: made.card.text, ...given } };
}
function byKit(kit = made.kit.text): LogInRequest {
  return { address, deviceName: 'Tablet', with: { kit } };
}
/** A login that must fail leaves the device as it was: nothing but the mark of an unfinished login. */
async function assertRefused(request: LogInRequest, code: string, options: TestHostOptions = {}): Promise<void> {
  const profile = memoryProfile();
  await assert.rejects(logIn(testHost({ profile, ...options }), request), { code });
  assert.ok(!profile.files.has('account') && !profile.files.has('unlocked'), code);
}

test('card and password, the kit’s words and the kit’s line open the same account on other devices', async () => {
  const words = { ...byKit(made.kit.words.join('\n').toUpperCase()), origin: server.origin };
  for (const request of [byCard(), byKit(), words]) {
    const profile = memoryProfile();
    const client = await logIn(testHost({ profile }), request);
    assert.deepEqual(client.account, made.client.account);
    assert.deepEqual(
      client.keys.all.map(({ sealIdentity }) => sealIdentity),
      [made.client.keys.newest.sealIdentity],
    );
    assert.deepEqual([client.vault.id, client.mailbox.id], [made.client.vault.id, made.client.mailbox.id]);
    assert.notDeepEqual(client.device, made.client.device);
    assert.deepEqual([...profile.files.keys()].toSorted(), ['account', 'seen', 'unlocked']);
    await assert.rejects(logIn(testHost({ profile }), request), { code: 'profile_exists' });
  }
});

test('the newest state of the vault is shown before a device joins, and who says no joins nothing', async () => {
  const shown: VaultState[] = [];
  const before = (await listSessions(made.client)).length;
  const { size } = await made.client.vault.tip();
  const refused = { ...byCard(), acceptState: (state: VaultState) => shown.push(state) === 0 };
  await assertRefused(refused, 'stopped');
  assert.equal((await listSessions(made.client)).length, before);
  await logIn(testHost(), { ...byKit(), acceptState: (state) => shown.push(state) > 0 });
  const [first, second] = shown;
  assert.deepEqual([first?.changes, second?.changes], [size, size]);
  const hour = Math.floor(Date.now() / 3_600_000);
  for (const state of shown) assert.ok(state.hour <= hour && state.hour >= hour - 1);
  assert.notEqual(first?.deviceName, null);
});

test('wrong password, wrong card and an account that does not exist are one answer', async () => {
  const card = await parseCard(nodeEngine, made.card.text);
  const otherSecret = await formatCard(nodeEngine, { ...card, accountSecret: new Uint8Array(16) });
  const nobody = await formatCard(nodeEngine, { ...card, address: 'nobody@localhost' });
  await assertRefused(byCard({ password: 'wrong' }), 'login_wrong');
  await assertRefused(byCard({ card: otherSecret }), 'login_wrong');
  await assertRefused({ ...byCard({ card: nobody }), address: 'nobody@localhost' }, 'login_wrong');
});

test('what is printed is held against what is typed, and against the server', async () => {
  const card = await parseCard(nodeEngine, made.card.text);
  const otherKey = await formatCard(nodeEngine, { ...card, serverKey: 'A'.repeat(43) });
  const withPolicy = await formatCard(nodeEngine, { ...card, policy: new Uint8Array(32) });
  await assertRefused(byCard({ card: otherKey }), 'login_server_changed');
  await assertRefused(byCard({ card: withPolicy }), 'server_differs');
  await assertRefused({ ...byCard(), address: 'bob@localhost' }, 'address_differs');
  await assertRefused({ ...byKit(), address: 'bob@localhost' }, 'address_differs');
  await assertRefused({ ...byCard(), origin: 'http://localhost:9' }, 'server_differs');
  await assertRefused({ ...byKit(), origin: 'http://localhost:9' }, 'server_differs');
  await assertRefused(byCard({ card: made.card.text.replace('a', 'b') }), 'card_malformed');
  await assertRefused(byCard({ card: made.kit.text }), 'card_malformed');
});

test('a kit is refused for what is wrong with it', async () => {
  const { words } = made.kit;
  const typed = async (text: string, expected: object): Promise<void> => {
    await assert.rejects(logIn(testHost(), { ...byKit(text), origin: server.origin }), expected);
  };
  await typed(words.slice(1).join(' '), { code: 'kit_malformed', message: 'a recovery kit has 24 words, here are 23' });
  const unknown = words.with(4, 'latchkey').join(' ');
  await typed(unknown, { code: 'kit_malformed', message: 'word 5 is not one of the words that a kit has' });
  const [first = '', second = ''] = words;
  const swapped = words.with(0, second).with(1, first).join(' ');
  if (first !== second) await typed(swapped, { code: /kit_malformed|kit_wrong/ });
  await typed(made.kit.text.replace('a', 'b'), { code: 'kit_malformed' });
  await typed(formatKitWords(new Uint8Array(32)).join(' '), { code: 'kit_wrong' });
  const line = await parseKitLine(nodeEngine, made.kit.text);
  const otherGenesis = await formatKitLine(nodeEngine, { ...line, genesis: new Uint8Array(32) });
  await typed(otherGenesis, { code: 'kit_wrong' });
});

test(
  'a login that is cut anywhere is found again, and no stranger is left in the list',
  { timeout: 120_000 },
  async () => {
    const cuts: string[] = [];
    for (const { id } of await listSessions(made.client)) before_.add(String(id));
    for (const cut of ['before', 'after'] as const) {
      for (let at = 0; ; at++) {
        const device = { profile: memoryProfile(), cache: memoryCache() };
        const wires = cutWires({ at, cut });
        const outcome = await logIn(testHost({ ...device, between: wires.between }), byKit()).catch(
          (error: unknown) => error,
        );
        if (!wires.happened) {
          await logOut(testHost(device));
          break;
        }
        assert.ok(outcome instanceof Killed, String(outcome));
        cuts.push(outcome.message);
        await logIn(testHost(device), byKit());
        assert.deepEqual(await tabletSessions(), [{ foreign: false, name: 'Tablet' }], outcome.message);
        await logOut(testHost(device));
        assert.deepEqual(await tabletSessions(), [], outcome.message);
      }
    }
    assert.ok(cuts.includes('after /v1/login/kit/finish') && cuts.includes('after /v1/spaces/write'), cuts.join('\n'));
  },
);

const before_ = new Set<string>();
async function tabletSessions(): Promise<readonly object[]> {
  const sessions = await listSessions(made.client);
  return sessions.filter(({ id }) => !before_.has(String(id))).map(({ foreign, name }) => ({ foreign, name }));
}

const refusedLies: readonly (readonly [string, string, Lies])[] = [
  ['no latch', 'vault_shut', { latchesList: () => ({ latches: [] }) }],
  [
    'a latch of another kind',
    'vault_shut',
    { latchesList: ({ latches }) => ({ latches: latches.map((latch) => ({ ...latch, kind: 'password' })) }) },
  ],
  [
    'a changed latch',
    'vault_shut',
    {
      latchesList: ({ latches }) => ({
        latches: latches.map((latch) => ({ ...latch, wrapped: latch.wrapped.with(60, (latch.wrapped[60] ?? 0) ^ 1) })),
      }),
    },
  ],
  [
    'a latch said to be of another generation',
    'vault_shut',
    { latchesList: ({ latches }) => ({ latches: latches.map((latch) => ({ ...latch, generation: 2 })) }) },
  ],
  [
    'a latch that is none',
    'vault_shut',
    { latchesList: ({ latches }) => ({ latches: latches.map((latch) => ({ ...latch, wrapped: new Uint8Array(9) })) }) },
  ],
  ['no vault', 'vault_incomplete', { spacesList: () => ({ spaces: [] }) }],
  [
    'two vaults',
    'vault_incomplete',
    { spacesList: ({ spaces }) => ({ spaces: spaces.map((space) => ({ ...space, kind: 'vault' })) }) },
  ],
  [
    'an empty vault',
    'vault_incomplete',
    {
      spacesList: ({ spaces }) => ({ spaces: spaces.map((space) => ({ ...space, size: 0 })) }),
      spacesChanges: () => ({ size: 0, changes: [], more: false }),
      spacesHeads: () => ({ heads: [] }),
    },
  ],
  [
    'no such account in the key log',
    'key_log_refused',
    {
      ktResolve: ({ head, answers }) => ({
        head,
        answers: answers.map((each) => ({ ...each, positions: [], leaves: [] })),
      }),
    },
  ],
  [
    'an account in the key log of which nothing can be read',
    'key_log_refused',
    {
      ktResolve: ({ head, answers }) => ({
        head,
        answers: answers.map((each) => ({ ...each, leaves: each.leaves.map((leaf) => ({ ...leaf, opened: null })) })),
      }),
    },
  ],
  ['another domain', 'server_differs', { wellKnown: (answer) => ({ ...answer, domain: 'example.org' }) }],
  ['another login key', 'login_server_changed', { wellKnown: (answer) => ({ ...answer, opaque: 'A'.repeat(43) }) }],
];

for (const [what, code, lies] of refusedLies) {
  test(`a server that shows ${what} is not believed`, async () => {
    await assertRefused(byKit(), code, { between: lyingWire(lies) });
  });
}

test('a server that shows the own account in another key log is not believed', async () => {
  const log = new MemoryKeyLog({ nowSeconds: () => Math.floor(Date.now() / 1_000) });
  await log.add(made.client.address, made.client.keys.newest.identity.note);
  await log.publish();
  const between = lyingWire({
    ktPolicy: () => log.policy(),
    ktResolve: (_answer, request) => log.answer(request),
    ktHours: (_answer, request) => log.hours(request),
  });
  await assertRefused(byKit(), 'key_log_refused', { between });
});

test('a login that is refused leaves no session', async () => {
  assert.deepEqual(await tabletSessions(), []);
  await assertRefused(byKit(), 'vault_shut', { between: lyingWire({ latchesList: () => ({ latches: [] }) }) });
  assert.deepEqual(await tabletSessions(), []);
});

test('a server may not change the answers of the login', async () => {
  const malformed = lyingWire({ loginStart: (answer) => ({ ...answer, response: 'AAAA' }) });
  await assertRefused(byCard(), 'answer_malformed', { between: malformed, login: await loginClient() });
  const flipped = lyingWire({
    loginStart({ response, state }) {
      const sign = response[200] === 'A' ? 'B' : 'A';
      return { state, response: response.slice(0, 200) + sign + response.slice(201) };
    },
  });
  await assertRefused(byCard(), 'login_wrong', { between: flipped });
});

test('nothing that is a secret is ever sent', async () => {
  const sent: string[] = [];
  const between: TestHostOptions['between'] = (wire) => ({
    origin: wire.origin,
    async call(route, request, options) {
      sent.push(
        JSON.stringify(request, (_key, value: unknown) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
        ),
      );
      return wire.call(route, request, options);
    },
    put: (...given) => wire.put(...given),
    read: (...given) => wire.read(...given),
    events: (...given) => wire.events(...given),
  });
  const client: Client = await logIn(testHost({ between }), byCard());
  const { accountSecret } = await parseCard(nodeEngine, made.card.text);
  const all = sent.join('\n');
  const line = await parseKitLine(nodeEngine, made.kit.text);
  for (const secret of [accountSecret, line.entropy]) {
    const forms = (['hex', 'base64url', 'base64'] as const).map((form) => Buffer.from(secret).toString(form));
    for (const form of forms) assert.ok(!all.includes(form.slice(0, 20)));
  }
  assert.ok(!all.includes(password) && !all.includes(client.keys.newest.sealIdentity) && !all.includes('Phone'));
  assert.ok(all.includes(address));
});
