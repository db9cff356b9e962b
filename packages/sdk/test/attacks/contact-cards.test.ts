/** Contact cards that were changed, grew old, or come from somebody who is shown another log. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { formatContactLine } from '@latchkey/crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress, statementHash } from '@latchkey/protocol';
import { ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import {
  contactCard,
  ContactCardError,
  register,
  takeContactCard,
  type Client,
  type OwnContactCard,
} from '../../src/client/index.ts';
import { decodeContactCard, encodeContactCard, type ContactCard } from '../../src/directory/card/contact-card.ts';
import type { Wire } from '../../src/ports.ts';
import { keyOwner, type MadeIdentity } from '../key-owner.ts';
import { lyingWire } from '../lying-wire.ts';
import { MemoryKeyLog } from '../memory-key-log.ts';
import { operatedLog } from '../operated-log.ts';
import { testHost } from '../test-host.ts';

let server: TestServer;
let alice: Client;
let bob: Client;
let card: OwnContactCard;
const nowSeconds = (): number => Math.floor(Date.now() / 1_000);
/** What the operator shows to whom. */
const log = new MemoryKeyLog({ nowSeconds });
const logOf = new Map<string, MemoryKeyLog>();

function operated(name: string): (wire: Wire) => Wire {
  const own = (): MemoryKeyLog => logOf.get(name) ?? log;
  return (wire) => {
    const lying = lyingWire({
      ...operatedLog(() => log),
      ktPolicy: () => own().policy(),
      ktResolve: (_answer, request) => own().answer(request),
      ktHours: () => ({ heads: [] }),
    })(wire);
    return {
      ...lying,
      read: (route, request, options) =>
        route.path === ROUTES.ktTile.path
          ? own().read(request as Parameters<MemoryKeyLog['read']>[0])
          : wire.read(route, request, options),
    };
  };
}

before(async () => {
  server = await startTestServer();
  const of = async (name: string): Promise<Client> => {
    const request = {
      address: `${name}@localhost`,
      origin: server.origin,
      password: 'a long password',
      deviceName: '',
    };
    return (await register(testHost({ between: operated(name) }), request)).client;
  };
  alice = await of('alice');
  bob = await of('bob');
  card = await contactCard(bob);
});
after(() => server.stop());

async function refusal(work: Promise<unknown>): Promise<[string, string | null]> {
  const error: unknown = await work.then(
    () => assert.fail('it was taken'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ContactCardError, String(error));
  return [error.reason, error.refused];
}

const changed = (change: (card: ContactCard) => Partial<ContactCard>): Uint8Array => {
  const read = decodeContactCard(card.file);
  return encodeContactCard({ ...read, ...change(read) });
};

test('a card, and the line of its code, are taken and pinned', async () => {
  assert.ok(card.file.length < 20_000, String(card.file.length));
  assert.ok(card.line.length < 300);
  const { identity } = bob.keys.newest;
  for (const given of [card.file, card.line, card.line.toUpperCase()]) {
    const { madeSeconds } = decodeContactCard(card.file);
    const proofSeconds = typeof given === 'string' ? null : madeSeconds;
    assert.deepEqual(await takeContactCard(alice, given), {
      address: bob.address,
      identity: identity.hash,
      version: 0,
      proofSeconds,
    });
  }
});

test('a card that was changed proves nothing', async () => {
  const mallory = await keyOwner(bob.address).genesis();
  for (const [file, reason, refused] of [
    [
      changed(({ leaves }) => ({ leaves: leaves.map((leaf) => ({ ...leaf, note: mallory.note })) })),
      'proof_wrong',
      'commitment_wrong',
    ],
    [changed(() => ({ address: alice.address })), 'proof_wrong', 'vrf_wrong'],
    [changed(({ positions }) => ({ positions: [...positions, 1_000] })), 'proof_wrong', 'positions_malformed'],
    [
      changed(({ vrfProof }) => ({ vrfProof: vrfProof.map((byte, at) => (at === 70 ? byte ^ 1 : byte)) })),
      'proof_wrong',
      'vrf_wrong',
    ],
    [
      changed(({ mapProof }) => ({ mapProof: mapProof.map((byte, at) => (at === 20 ? byte ^ 1 : byte)) })),
      'proof_wrong',
      'map_proof_wrong',
    ],
    [changed(({ madeSeconds }) => ({ madeSeconds: madeSeconds + 200_000 })), 'proof_wrong', 'head_ahead_of_time'],
    [changed(() => ({ address: 'not an address' })), 'malformed', null],
    [changed(() => ({ origin: 'https://elsewhere.example' })), 'origin_differs', null],
    [changed(() => ({ policy: new Uint8Array(32) })), 'policy_differs', null],
  ] as const) {
    assert.deepEqual(await refusal(takeContactCard(alice, file)), [reason, refused]);
  }
  assert.deepEqual(await refusal(takeContactCard(alice, (await contactCard(alice)).file)), ['own_card', null]);
});

test('a signature of a key in the head that is wrong', async () => {
  const file = changed(({ head }) => ({
    head: {
      ...head,
      indexCheckpoint: head.indexCheckpoint.replace(/\n(\d+)\n/, (_all, size) => `\n${Number(size) + 1}\n`),
    },
  }));
  assert.deepEqual(await refusal(takeContactCard(alice, file)), ['proof_wrong', 'signature_wrong']);
});

test('only one spelling of a card is read', async () => {
  const text = Buffer.from(card.file).toString();
  for (const [name, given] of [
    ['nothing', ''],
    ['a space', text.replace(',', ', ')],
    ['no line end', text.trimEnd()],
    ['two line ends', `${text}\n`],
    ['a field twice', text.replace('{', '{"latchkey":"contact/v1",')],
    ['a field more', text.replace('"address"', '"more":1,"address"')],
    ['a field less', text.replace(/"madeSeconds":\d+,/, '')],
    ['a newer version', text.replace('contact/v1', 'contact/v2')],
    ['cut', text.slice(0, 5_000)],
    ['a sign escaped', text.replace('contact', '\\u0063ontact')],
    ['no statement', text.replace(/"leaves":\[.*\]/, '"leaves":[]')],
    ['a number as text', text.replace(/"madeSeconds":(\d+)/, '"madeSeconds":"$1"')],
    ['padded base64', text.replace(/("vrfProof":"[^"]+)/, '$1=')],
    ['longer than a card may be', text.replace('\n', ' '.repeat(300_000))],
  ] as const) {
    assert.notEqual(given, text, name);
    assert.throws(() => decodeContactCard(Buffer.from(given)), { reason: 'malformed' }, name);
  }
  assert.throws(() => decodeContactCard(Uint8Array.of(0xff)), { reason: 'malformed' });
  assert.deepEqual(await refusal(takeContactCard(alice, card.line.replace('bob', 'rob'))), ['malformed', null]);
});

test('an identity that never was, and one that was replaced', async () => {
  const policy = decodeContactCard(card.file).policy;
  const line = { address: bob.address, origin: server.origin, identity: new Uint8Array(32).fill(7), policy };
  const made = await formatContactLine(nodeEngine, line);
  assert.deepEqual(await refusal(takeContactCard(alice, made)), ['identity_unknown', null]);
  const carol = canonicalAddress('carol@localhost');
  const zero = await keyOwner(carol).genesis();
  await log.add(carol, zero.note);
  await log.publish();
  const lineOf = ({ statement }: MadeIdentity): Promise<string> =>
    formatContactLine(nodeEngine, { ...line, address: carol, identity: statementHash(statement) });
  const old = await lineOf(zero);
  assert.equal((await takeContactCard(alice, old)).version, 0);
  const one = await keyOwner(carol).rotation({ after: zero });
  await log.add(carol, one.note);
  await log.publish();
  assert.deepEqual(await refusal(takeContactCard(alice, old)), ['identity_replaced', null]);
  assert.equal((await takeContactCard(alice, await lineOf(one))).version, 1);
});

test('the card of somebody who was shown another log', async () => {
  const other = new MemoryKeyLog({ nowSeconds });
  await other.add(bob.address, bob.keys.newest.identity.note);
  await other.publish();
  await other.add(
    canonicalAddress('mallory@localhost'),
    (await keyOwner(canonicalAddress('mallory@localhost')).genesis()).note,
  );
  await other.publish();
  for (let size = other.index.size; size < log.index.size + 1; size += 1) await other.publish();
  const shown = await other.answer({ known: null, wanted: [{ address: bob.address, fromVersion: 0 }] });
  const [lookup] = shown.answers;
  assert.ok(lookup !== undefined);
  const { indexCheckpoint, indexLeaf, indexInclusion } = shown.head;
  const file = changed(({ leaves }) => ({
    head: { indexCheckpoint, indexLeaf, indexInclusion },
    vrfProof: lookup.vrfProof,
    positions: lookup.positions,
    mapProof: lookup.mapProof,
    leaves: leaves.map((leaf) => {
      const [given] = lookup.leaves;
      assert.ok(given?.opened !== null && given !== undefined);
      return { ...leaf, leaf: given.leaf, inclusion: given.inclusion, ...given.opened };
    }),
  }));
  assert.deepEqual(await refusal(takeContactCard(alice, file)), ['log_differs', null]);
});
