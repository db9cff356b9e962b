/**
 * The owner in custody for a month: he cannot answer, and his operator has all that time to give his address other keys.
 * Whoever writes to him, however well they know him, never takes them for his; and he finds it when he is back.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { statementHash } from '@latchkey/protocol';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import {
  contactCard,
  ContactCardError,
  keyEvidence,
  openClient,
  register,
  takeContactCard,
  verifiedByHuman,
  verifyEvidence,
  type Client,
  type OwnContactCard,
} from '../../src/client/index.ts';
import { receive, send } from '../../src/mail/index.ts';
import { RecipientsRefusedError } from '../../src/mail/refused-recipients.ts';
import { memoryCache, memoryProfile } from '../../src/testing/index.ts';
import type { Wire } from '../../src/ports.ts';
import { keyOwner, newKit, type MadeStatement } from '../key-owner.ts';
import { lyingWire } from '../lying-wire.ts';
import { draft } from '../mail-people.ts';
import { MemoryKeyLog } from '../memory-key-log.ts';
import { operatedLog } from '../operated-log.ts';
import { testHost } from '../test-host.ts';

const password = 'correct horse battery';
const DAY_MS = 86_400_000;
let nowMs = Date.now();
let server: TestServer;
const log = new MemoryKeyLog({ nowSeconds: () => Math.floor(nowMs / 1_000) });

/** All of the server but its key log, which is the operator's. */
function operated(wire: Wire): Wire {
  const lying = lyingWire(operatedLog(() => log))(wire);
  return { ...lying, read: (route, request, options) => readTile(wire, route, request, options) };
}

const readTile: Wire['read'] extends (...given: infer G) => infer R ? (wire: Wire, ...given: G) => R : never = (
  wire,
  route,
  request,
  options,
) => (route.path.includes('/tile/') ? log.wire().read(route, request) : wire.read(route, request, options));

interface Person {
  readonly client: Client;
  readonly again: () => Promise<Client>;
}

async function person(name: string): Promise<Person> {
  const device = { profile: memoryProfile(), cache: memoryCache(), nowMs: () => nowMs, between: operated };
  const request = { address: `${name}@localhost`, origin: server.origin, password, deviceName: 'Desk' };
  const { client } = await register(testHost(device), request);
  return { client, again: () => openClient(testHost(device)) };
}

interface Senders {
  /** Has written to him and gets on with it, every day. */
  readonly known: Person;
  /** Has compared the twelve words with him. */
  readonly verified: Person;
  /** Has written to him, and looks again only when the month is over: all that she has is old. */
  readonly asleep: Person;
  /** Has his card of before, and takes it now. */
  readonly card: Person;
  /** Has never heard of him. */
  readonly stranger: Person;
}
let senders: Senders;

before(async () => {
  server = await startTestServer({ clock: () => nowMs });
  senders = {
    known: await person('alice'),
    verified: await person('carol'),
    asleep: await person('dora'),
    card: await person('erin'),
    stranger: await person('frank'),
  };
});
after(() => server.stop());

/** What a sender is told of each of them who tries to write to all: nothing goes to anybody where one is refused. */
async function tries(by: Client, to: readonly Client[]): Promise<readonly string[]> {
  const addresses = to.map(({ address }) => address);
  try {
    await send(by, draft({ to: addresses, subject: 'Hello', text: 'For you alone' }));
    return to.map(() => 'SENT');
  } catch (error) {
    if (!(error instanceof RecipientsRefusedError)) throw error;
    const refused = new Map(error.recipients.map(({ address, reason, outcome }) => [address, reason ?? outcome]));
    return addresses.map((address) => refused.get(address) ?? 'WOULD BE SENT');
  }
}

async function takes(by: Client, card: OwnContactCard): Promise<string> {
  try {
    await takeContactCard(by, card.file);
    return 'TAKEN';
  } catch (error) {
    if (!(error instanceof ContactCardError)) throw error;
    return error.refused ?? error.reason;
  }
}

/** Everybody’s clocks, and the head that an operator who keeps going publishes. */
async function later(days: number): Promise<void> {
  nowMs += days * DAY_MS;
  await log.beat();
}

interface Plot {
  readonly what: string;
  /** What the operator puts under the address while its owner cannot answer. */
  readonly does: (bob: Client) => Promise<readonly MadeStatement[]>;
  /** What everybody is told who asks while he is away. */
  readonly told: string;
  /** What the stranger, and whoever has a card alone, is told before thirty days are over and after them. */
  readonly toldWhoNeverKnew: readonly [string, string];
  /** What he is told when he is back, and has to show for it. */
  readonly back: string;
  /** Whether those who were refused can show it too. */
  readonly isProvableByAll: boolean;
}

function lastOf({ keys }: Client): MadeStatement {
  const { statement, note } = keys.newest.identity;
  return { version: statement.version, flag: 'genesis', note, statement };
}

const of = ({ address }: Client): ReturnType<typeof keyOwner> => keyOwner(address);

const plots: readonly Plot[] = [
  {
    what: 'a reset that nobody’s kit has signed',
    does: async (bob) => [await of(bob).alone({ after: lastOf(bob), flag: 'reset' })],
    told: 'reset_unsigned',
    toldWhoNeverKnew: ['reset_unsigned', 'reset_unsigned'],
    back: 'own_history_foreign',
    isProvableByAll: true,
  },
  {
    what: 'a reset with a kit of the operator’s own',
    does: async (bob) => [await of(bob).reset({ after: lastOf(bob), kit: await newKit() })],
    told: 'reset_unsigned',
    toldWhoNeverKnew: ['reset_unsigned', 'reset_unsigned'],
    back: 'own_history_foreign',
    isProvableByAll: true,
  },
  {
    what: 'a reset that is shown as a new version of the old keys',
    does: async (bob) => [await of(bob).alone({ after: lastOf(bob), flag: 'signed' })],
    told: 'ghost_version',
    toldWhoNeverKnew: ['ghost_version', 'ghost_version'],
    back: 'own_history_foreign',
    isProvableByAll: true,
  },
  {
    what: 'the address closed, and given back by the operator as if to its owner',
    async does(bob) {
      const tombstone = await of(bob).tombstone({ after: lastOf(bob) });
      return [tombstone, await of(bob).alone({ after: tombstone, flag: 'signed' })];
    },
    told: 'reissue_as_rotation',
    toldWhoNeverKnew: ['reissue_as_rotation', 'reissue_as_rotation'],
    back: 'own_history_foreign',
    isProvableByAll: true,
  },
  {
    what: 'the address given to “somebody else”, by the book',
    async does(bob) {
      const tombstone = await of(bob).tombstone({ after: lastOf(bob) });
      return [tombstone, await of(bob).alone({ after: tombstone })];
    },
    told: 'reissued',
    // Who has never heard of him writes to another person, and is told so.
    toldWhoNeverKnew: ['reissue_on_hold', 'WOULD BE SENT'],
    back: 'own_address_reissued',
    isProvableByAll: false,
  },
];

test('owner in custody for a month: whatever the operator puts under his address, nobody takes it for him', async (t) => {
  const { known, verified, asleep, card, stranger } = senders;
  const bobs = await Promise.all(plots.map((_plot, at) => person(`bob${at}`)));
  const all = bobs.map(({ client }) => client);
  const cards = await Promise.all(all.map(contactCard));
  for (const { client } of [known, verified, asleep])
    assert.ok((await tries(client, all)).every((is) => is === 'SENT'));
  for (const { address, keys } of all) await verifiedByHuman(verified.client, address, keys.newest.identity.hash);

  for (const bob of all) assert.equal((await receive(bob)).arrived.length, 3);

  const operators: Uint8Array[] = [];
  for (const [at, plot] of plots.entries()) {
    const bob = all[at] ?? known.client;
    const done = await plot.does(bob);
    for (const { note, flag } of done) await log.add(bob.address, note, flag);
    operators.push(statementHash((done.at(-1) ?? lastOf(bob)).statement));
  }
  await log.publish();
  const told = plots.map((plot) => plot.told);

  // At once, after the hold that his statement asks for, and when the month is over; 31 days in all.
  for (const [days, late] of [
    [0, 0],
    [8, 0],
    [23, 1],
  ] as const) {
    await later(days);
    for (const { client } of [known, verified]) assert.deepEqual(await tries(client, all), told);
    const unknowing = plots.map(({ toldWhoNeverKnew }) => toldWhoNeverKnew[late]);
    assert.deepEqual(await tries(stranger.client, all), unknowing);
    // The card says who he is: whoever has taken it is not talked out of it by time.
    if (days === 0) for (const each of cards) assert.notEqual(await takes(card.client, each), 'TAKEN');
    assert.equal((await tries(card.client, all)).filter((is) => is.includes('SENT')).length, 0, `day ${days}`);
  }
  assert.deepEqual(await tries(await known.again(), all), told, 'another process knows no less');
  assert.deepEqual(await tries(asleep.client, all), told, 'nothing is taken because one has slept over it');

  for (const [at, plot] of plots.entries()) {
    const bob = bobs[at] ?? known;
    await t.test(plot.what, () => isToldWhenBack(bob, plot, operators[at] ?? new Uint8Array()));
  }
});

/** What is left of it when he is back. */
async function isToldWhenBack(bob: Person, plot: Plot, operators: Uint8Array): Promise<void> {
  const { known, verified, asleep, card, stranger } = senders;
  const { address } = bob.client;
  // Nor does anybody take the operator's keys for those that were compared, or that the card names.
  for (const { client } of [known, verified, asleep, card]) {
    const [pinned] = await client.directory.resolve([address], { pinIsEnough: true });
    assert.ok(pinned?.outcome !== 'known' || !Buffer.from(pinned.identity.hash).equals(operators));
  }
  if (plot.toldWhoNeverKnew[1] === 'WOULD BE SENT') {
    const [shown] = await stranger.client.directory.resolve([address]);
    assert.ok(shown?.outcome === 'known' && shown.reissuedVersion === 2, 'the stranger is told: another person');
  }

  // He is told before he can send anything, with something to show; nothing came to him that was not for him.
  const back = await bob.again();
  const letter = draft({ to: [known.client.address], subject: 'I am back', text: 'Hello' });
  await assert.rejects(send(back, letter), { code: 'key_log_refused', rule: 7, reason: plot.back });
  assert.deepEqual(await holding(back, address), [plot.back]);
  if (plot.isProvableByAll) {
    for (const { client } of [known, verified, asleep, stranger]) {
      assert.deepEqual(await holding(client, address), [plot.told]);
    }
  }
  assert.equal((await receive(back)).arrived.length, 0);
}

/** What somebody has to show about an address, as far as it holds for others. */
async function holding(by: Client, address: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { file, ...about } of await keyEvidence(by)) {
    if (about.address !== address) continue;
    const verdict = await verifyEvidence({ engine: nodeEngine }, file);
    if (verdict.holds) found.push(verdict.reason);
  }
  return found;
}
