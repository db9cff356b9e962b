import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { hybridSigner, type HybridSigner } from '@latchkey/crypto/sign';
import { canonicalAddress, statementHash, type CanonicalAddress, type IdentityStatement } from '@latchkey/protocol';
import { ROUTES, type ResponseOf } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { lyingWire, type Lies } from '../../test/lying-wire.ts';
import { testHost } from '../../test/test-host.ts';
import { logIn, openClient, register, type Client, type Registered } from '../client/index.ts';
import type { Wire } from '../ports.ts';
import { signIdentity } from '../signing/identity.ts';
import { memoryCache, memoryProfile } from '../testing/index.ts';
import { pinningDirectory, type PinningDirectory } from './pinning-directory.ts';
import type { Directory, Resolution } from './types.ts';

const alice = canonicalAddress('alice@localhost');
const bob = canonicalAddress('bob@localhost');
const carol = canonicalAddress('carol@localhost');
const nobody = canonicalAddress('nobody@localhost');
const password = 'correct horse battery';

let server: TestServer;
let made: Registered;
let bobs: Client;
const device = { profile: memoryProfile(), cache: memoryCache() };

before(async () => {
  server = await startTestServer();
  const account = { origin: server.origin, password, deviceName: 'Desk' };
  made = await register(testHost(device), { ...account, address: alice });
  bobs = (await register(testHost(), { ...account, address: bob })).client;
});
after(() => server.stop());

/** Alice's directory over a wire that lies, or tells what was asked. */
function directory(lies: Lies = {}, heard: string[] = []): PinningDirectory {
  return over(lyingWire(lies, heard)(made.client.wire));
}
function over(wire: Wire, client: Client = made.client): PinningDirectory {
  return pinningDirectory({ ...client, wire, engine: nodeEngine });
}

async function resolveOne(given: Directory, address: CanonicalAddress): Promise<Resolution> {
  const [resolution] = await given.resolve([address]);
  assert.ok(resolution !== undefined);
  return resolution;
}

interface Version {
  readonly statement: IdentityStatement;
  readonly signer: HybridSigner;
  readonly note: string;
}

let seed = 1;
async function nextVersion(previous: Omit<Version, 'note'>): Promise<Version> {
  seed += 2;
  const seeds = { ed25519: new Uint8Array(32).fill(seed), mldsa44: new Uint8Array(32).fill(seed + 1) };
  const signer = await hybridSigner(nodeEngine, seeds);
  const { statement: before_ } = previous;
  const statement = {
    ...before_,
    ...signer.publicKey,
    version: before_.version + 1,
    previous: statementHash(before_),
  };
  return { statement, signer, note: await signIdentity(statement, { own: signer, previous }) };
}

type Answer = ResponseOf<(typeof ROUTES)['directoryResolve']>['answers'][number];
const known = (notes: readonly string[], more = false): Extract<Answer, { answer: 'known' }> => ({
  answer: 'known',
  takes: 'mail',
  notes: [...notes],
  more,
});

let bobZero: Version;
let bobOne: Version;

test('who is seen for the first time is pinned, on all devices', async () => {
  const { identity, signer } = bobs.keys.newest;
  bobZero = { statement: identity.statement, signer, note: identity.note };
  const first = await resolveOne(directory(), bob);
  assert.deepEqual(first, {
    outcome: 'known',
    address: bob,
    identity,
    versions: [identity],
    trust: 'first_use',
    takes: 'mail',
  });
  assert.deepEqual(await resolveOne(directory(), bob), { ...first, trust: 'pinned' });
  const other = await logIn(testHost(), { address: alice, deviceName: 'Phone', with: { kit: made.kit.text } });
  assert.deepEqual(await resolveOne(over(other.wire, other), bob), { ...first, trust: 'pinned' });
});

test('a pin that is enough asks nobody; what is not pinned is asked for', async () => {
  const heard: string[] = [];
  const quiet = directory({}, heard);
  const [pinned, own] = await quiet.resolve([bob, alice], { pinIsEnough: true });
  assert.ok(pinned?.outcome === 'known' && pinned.trust === 'pinned');
  assert.ok(own?.outcome === 'known' && own.trust === 'own');
  assert.deepEqual(heard, []);
  await quiet.resolve([bob, nobody], { pinIsEnough: true });
  assert.deepEqual(heard, ['/v1/directory/resolve']);
});

test('answers come in the order asked, also for one address twice', async () => {
  const outcomes = (await directory().resolve([nobody, bob, alice, nobody, bob])).map(
    (each) => `${each.address} ${each.outcome === 'known' ? each.trust : each.outcome}`,
  );
  assert.deepEqual(outcomes, [
    'nobody@localhost unknown',
    'bob@localhost pinned',
    'alice@localhost own',
    'nobody@localhost unknown',
    'bob@localhost pinned',
  ]);
  assert.deepEqual(await directory().resolve([]), []);
});

test('a later version is taken over when the pinned one signed it, and the older one kept', async () => {
  bobOne = await nextVersion(bobZero);
  await bobs.wire.call(ROUTES.directoryUpdate, { statement: bobOne.note }, { rights: { session: bobs.session } });
  const resolution = await resolveOne(directory(), bob);
  assert.ok(resolution.outcome === 'known' && resolution.trust === 'pinned');
  assert.deepEqual(resolution.identity.hash, statementHash(bobOne.statement));
  assert.deepEqual(
    resolution.versions.map(({ note }) => note),
    [bobOne.note, bobZero.note],
  );
  const [kept] = await directory().resolve([bob], { pinIsEnough: true });
  assert.deepEqual(kept, resolution);
});

test('what does not follow from the pin is said so, blocks, and changes no pin', async () => {
  const stranger = await nextVersion(bobZero);
  const two = await nextVersion(bobOne);
  const afterStranger = await nextVersion(stranger);
  const unsigned = { ...two, note: await signIdentity(two.statement, { own: two.signer }) };
  const three = await nextVersion(two);
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['nothing from the pinned version on', 'older_than_pinned', []],
    ['another statement in the place of the pinned one', 'other_version_pinned', [stranger.note]],
    ['an older one in its place', 'other_version_pinned', [bobZero.note]],
    ['a successor of the other one', 'chain_broken', [bobOne.note, afterStranger.note]],
    ['a successor that the pinned keys did not sign', 'chain_broken', [bobOne.note, unsigned.note]],
    ['a gap', 'chain_broken', [bobOne.note, three.note]],
    ['no note at all', 'chain_broken', ['x']],
    ['a later one alone', 'other_version_pinned', [two.note]],
    ['somebody else', 'chain_broken', [made.client.keys.newest.identity.note]],
  ];
  const pinned = (await resolveOne(directory(), bob)) as Extract<Resolution, { outcome: 'known' }>;
  for (const [what, reason, notes] of cases) {
    const lying = directory({ directoryResolve: () => ({ answers: [known(notes)] }) });
    const expected = { outcome: 'changed', address: bob, reason, pinned: pinned.identity };
    assert.deepEqual(await resolveOne(lying, bob), expected, what);
  }
  const gone = directory({ directoryResolve: () => ({ answers: [{ answer: 'unknown' }] }) });
  assert.equal(reasonOf(await resolveOne(gone, bob)), 'gone');
  const removed = directory({ directoryResolve: () => ({ answers: [{ ...known([]), takes: 'nothing' }] }) });
  assert.equal(reasonOf(await resolveOne(removed, bob)), 'gone');
  assert.deepEqual(await resolveOne(removed, nobody), { outcome: 'unknown', address: nobody });
  assert.deepEqual(await resolveOne(directory(), bob), pinned);
});

function reasonOf(resolution: Resolution): string {
  return resolution.outcome === 'changed' ? resolution.reason : resolution.outcome;
}

test('a stranger is pinned only with a whole chain from version 0 on', async () => {
  const ghost = await nextVersion(bobOne);
  for (const notes of [[], ['x'], [bobOne.note], [bobZero.note, ghost.note], [bobZero.note]]) {
    const lying = directory({ directoryResolve: () => ({ answers: [known(notes)] }) });
    await assert.rejects(lying.resolve([carol]), { code: 'statement_unverified' });
  }
  assert.deepEqual(await resolveOne(directory(), carol), { outcome: 'unknown', address: carol });
});

test('whether somebody takes mail is the server’s word, anew each time', async () => {
  for (const takes of ['full', 'nothing', 'mail'] as const) {
    const lying = directory({ directoryResolve: () => ({ answers: [{ ...known([bobOne.note]), takes }] }) });
    const resolution = await resolveOne(lying, bob);
    assert.equal(resolution.outcome === 'known' && resolution.takes, takes);
  }
});

test('answers that were cut short are asked for until they are whole', async () => {
  const three = await nextVersion(bobOne);
  const all = [bobZero.note, bobOne.note, three.note];
  const asked: number[] = [];
  const paging = directory({
    directoryResolve: (_answer, { wanted }) => ({
      answers: wanted.map(({ fromVersion }) => {
        asked.push(fromVersion);
        return known(all.slice(fromVersion, fromVersion + 1), fromVersion < 2);
      }),
    }),
  });
  const resolution = await resolveOne(paging, bob);
  assert.deepEqual(asked, [1, 2]);
  assert.equal(resolution.outcome === 'known' && resolution.identity.statement.version, 2);
  await bobs.wire.call(ROUTES.directoryUpdate, { statement: three.note }, { rights: { session: bobs.session } });

  const empty = directory({ directoryResolve: () => ({ answers: [known([], true)] }) });
  await assert.rejects(empty.resolve([bob]), { code: 'answer_malformed' });
  const short = directory({ directoryResolve: () => ({ answers: [] }) });
  await assert.rejects(short.resolve([bob]), { code: 'answer_malformed' });
  const long = directory({ directoryResolve: () => ({ answers: [known([three.note]), { answer: 'unknown' }] }) });
  await assert.rejects(long.resolve([bob]), { code: 'answer_malformed' });
  const endless = directory({ directoryResolve: () => ({ answers: [known(Array(64).fill(three.note), true)] }) });
  await assert.rejects(endless.resolve([bob]), { code: 'answer_malformed' });
});

test('more addresses than one call takes are asked for in several', async () => {
  const many = Array.from({ length: 300 }, (_each, at) => canonicalAddress(`n${at}@localhost`));
  const heard: string[] = [];
  const resolutions = await directory({}, heard).resolve(many);
  assert.deepEqual(
    resolutions.map(({ address, outcome }) => [address, outcome]),
    many.map((address) => [address, 'unknown']),
  );
  assert.equal(heard.length, 2);
});

test('of two devices that pin at once the first one’s pin stays', async () => {
  const account = { origin: server.origin, password, deviceName: 'Desk' };
  const { client: carols } = await register(testHost(), { ...account, address: carol });
  const ghost = await nextVersion({ ...carols.keys.newest.identity, signer: carols.keys.newest.signer });
  const zero = { ...ghost.statement, version: 0, previous: null };
  const ghostNote = await signIdentity(zero, { own: ghost.signer });
  const phone = await logIn(testHost(), { address: alice, deviceName: 'Second', with: { kit: made.kit.text } });
  let isFirst = true;
  // While this device looks at a ghost, the other one pins what is true.
  const lying = directory({
    async directoryResolve() {
      if (isFirst) {
        isFirst = false;
        const [seen] = await over(phone.wire, phone).resolve([carol]);
        assert.equal(seen?.outcome === 'known' && seen.trust, 'first_use');
      }
      return { answers: [known([ghostNote])] };
    },
  });
  assert.equal(reasonOf(await resolveOne(lying, carol)), 'other_version_pinned');
  const honest = await resolveOne(directory(), carol);
  assert.ok(honest.outcome === 'known' && honest.trust === 'pinned');
  assert.deepEqual(honest.identity, carols.keys.newest.identity);
});

test('the own address is held against the own vault', async () => {
  const own = await resolveOne(directory(), alice);
  assert.ok(own.outcome === 'known' && own.trust === 'own');
  assert.deepEqual(own.identity, made.client.keys.newest.identity);
  const lying = directory({ directoryResolve: () => ({ answers: [known([bobZero.note])] }) });
  await assert.rejects(lying.resolve([alice]), { code: 'statement_unverified' });
});

test('only what a human has compared takes the place of a pin', async () => {
  const other = await nextVersion(bobZero);
  const zero = { ...other.statement, version: 0, previous: null };
  const note = await signIdentity(zero, { own: other.signer });
  const reissued = directory({
    directoryResolve: (_answer, { wanted }) => ({ answers: [known([note].slice(wanted[0]?.fromVersion))] }),
  });
  assert.equal(reasonOf(await resolveOne(reissued, bob)), 'older_than_pinned');
  const refused = { code: 'statement_unverified' };
  await assert.rejects(reissued.acceptChangedVerifiedByHuman(bob, new Uint8Array(32)), refused);
  await assert.rejects(reissued.acceptChangedVerifiedByHuman(nobody, statementHash(zero)), refused);
  const absent = directory({ directoryResolve: () => ({ answers: [{ answer: 'unknown' }] }) });
  await assert.rejects(absent.acceptChangedVerifiedByHuman(bob, statementHash(zero)), refused);
  assert.equal(reasonOf(await resolveOne(reissued, bob)), 'older_than_pinned');
  await reissued.acceptChangedVerifiedByHuman(bob, statementHash(zero));
  const accepted = await resolveOne(reissued, bob);
  assert.ok(accepted.outcome === 'known' && accepted.trust === 'pinned');
  assert.deepEqual(accepted.identity.hash, statementHash(zero));
  assert.equal(reasonOf(await resolveOne(directory(), bob)), 'other_version_pinned');
});

test('a pin that cannot be read is not taken for none', async () => {
  const client = await openClient(testHost(device));
  const id = await client.vault.nameRecord('pin', new TextEncoder().encode(nobody));
  for (const [body, code] of [
    [{ kind: 'pin', v: 1, address: bob, notes: [bobZero.note] }, 'vault_incomplete'],
    [{ kind: 'pin', v: 1, address: nobody, notes: [] }, 'vault_incomplete'],
    [{ kind: 'pin', v: 1, address: nobody, notes: [bobZero.note] }, 'statement_unverified'],
    [{ kind: 'pin', v: 2, address: nobody, other: true }, 'record_newer'],
  ] as const) {
    await client.vault.write([{ id, change: () => body }]);
    await assert.rejects(over(client.wire, client).resolve([nobody]), { code });
  }
});
