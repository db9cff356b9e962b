/** A server that lies about a space, in every way that is named, and what each device makes of it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { ROUTES, type RequestOf, type ResponseOf } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import {
  contentOf,
  type DeviceParts,
  id,
  newDevice,
  newKeyring,
  note,
  put,
  recordedEngine,
  registerAccount,
  type SpaceAccount,
  type TestDevice,
  wireThrough,
} from '../../test/space-devices.ts';
import { SdkError } from '../errors.ts';
import { changeLeaf } from './change-leaf.ts';
import { encodeHead } from './head.ts';
import { EMPTY_TREE, LogTree } from './log-tree.ts';
import { openSpace } from './open-space.ts';
import { openSeen } from './seen-file.ts';
import { SpaceKeys } from './space-keys.ts';
import type { SpaceKeyring } from './types.ts';

type Changes = ResponseOf<(typeof ROUTES)['spacesChanges']>;
type Change = Changes['changes'][number];
type ChangesRequest = RequestOf<(typeof ROUTES)['spacesChanges']>;
type Heads = ResponseOf<(typeof ROUTES)['spacesHeads']>;
type Write = ResponseOf<(typeof ROUTES)['spacesWrite']>;

const rolledBack = { name: 'SdkError', code: 'space_rolled_back' };
const forked = { name: 'SdkError', code: 'space_forked' };
const altered = { name: 'SdkError', code: 'space_altered' };

let server: TestServer;
let account: SpaceAccount;
/** Where the server keeps the other history when it shows two. */
let shadow: SpaceAccount;

before(async () => {
  server = await startTestServer();
  account = await registerAccount(server.origin, 'alice@localhost');
  shadow = await registerAccount(server.origin, 'shadow@localhost');
});
after(() => server.stop());

interface Lies {
  changes?: ((answer: Changes, request: ChangesRequest) => Changes | Promise<Changes>) | undefined;
  heads?: ((answer: Heads) => Heads) | undefined;
  write?: ((next: () => Promise<Write>) => Promise<Write>) | undefined;
  /** Everything goes to another account's space. */
  elsewhere?: SpaceAccount | undefined;
}

interface LiedTo extends TestDevice {
  readonly lies: Lies;
  /** How many calls it made. */
  readonly calls: () => number;
}

async function liedTo(keyring: SpaceKeyring, parts: DeviceParts = {}): Promise<LiedTo> {
  const lies: Lies = {};
  let calls = 0;
  const wire = wireThrough(account.wire, async ({ name, request, next }) => {
    calls += 1;
    const { elsewhere } = lies;
    const ask =
      elsewhere === undefined
        ? next
        : () => elsewhere.wire.call(ROUTES[name], request as never, { rights: { session: elsewhere.session } });
    if (name === 'spacesWrite' && lies.write !== undefined) return lies.write(ask as () => Promise<Write>);
    const answer = await ask();
    if (name === 'spacesChanges' && lies.changes !== undefined) {
      return lies.changes(answer as Changes, request as ChangesRequest);
    }
    if (name === 'spacesHeads' && lies.heads !== undefined) return lies.heads(answer as Heads);
    return answer;
  });
  return { ...(await newDevice(account, keyring, { ...parts, wire })), lies, calls: () => calls };
}

interface Scene {
  readonly keyring: SpaceKeyring;
  readonly writer: TestDevice;
  readonly victim: LiedTo;
  readonly records: readonly Uint8Array[];
}

/** A writer that has written `size` records; the victim has caught up with the first `seen` of them. */
async function scene({ size = 6, seen = 3 }: { size?: number; seen?: number } = {}): Promise<Scene> {
  const keyring = newKeyring();
  const writer = await newDevice(account, keyring);
  const victim = await liedTo(keyring);
  const records = Array.from({ length: size }, id);
  for (const [index, record] of records.entries()) {
    await writer.space.write([put(record, `text ${index}`)]);
    if (index + 1 === seen) await victim.space.catchUp();
  }
  return { keyring, writer, victim, records };
}

/** The honest server again: the victim believes it, and has what the writer has. */
async function healed({ writer, victim }: Scene): Promise<void> {
  for (const lie of ['changes', 'heads', 'write', 'elsewhere'] as const) victim.lies[lie] = undefined;
  await victim.space.catchUp();
  assert.deepEqual(await contentOf(victim.space), await contentOf(writer.space));
  assert.deepEqual(await victim.space.tip(), await writer.space.tip());
}

const pageOf = (changes: readonly Change[], size: number, more = false): Changes => ({
  changes: [...changes],
  size,
  more,
});
const renumbered = (changes: readonly Change[], after: number): Change[] =>
  changes.map((change, index) => ({ ...change, number: after + index + 1 }));

test('rolled back below what this device has seen', async () => {
  const stage = await scene({ seen: 6 });
  stage.victim.lies.changes = () => pageOf([], 5);
  await assert.rejects(stage.victim.space.catchUp(), rolledBack);
  await healed(stage);
});

test('rolled back below what another device’s head speaks of', async () => {
  const stage = await scene();
  stage.victim.lies.changes = ({ changes }, { after }) => pageOf(changes.slice(0, 5 - after), 5);
  await assert.rejects(stage.victim.space.catchUp(), rolledBack);
  assert.deepEqual((await stage.victim.space.tip()).size, 3, 'nothing of it is believed');
  stage.victim.lies.heads = () => ({ heads: [] });
  await assert.rejects(stage.victim.space.catchUp(), rolledBack, 'a head that was seen stays wanted');
  await healed(stage);
});

test('rolled back with cache and all: the profile remembers', async () => {
  const stage = await scene({ seen: 6 });
  await stage.victim.host.cache.forget(stage.keyring.space);
  stage.victim.lies.heads = () => ({ heads: [] });
  stage.victim.lies.changes = ({ changes }, { after }) => pageOf(changes.slice(0, 5 - after), 5);
  await assert.rejects(stage.victim.space.catchUp(), rolledBack);
  await healed(stage);
});

test('a write that is acknowledged and not done', async () => {
  const stage = await scene({ seen: 6 });
  stage.victim.lies.write = async () => ({ answer: 'written', size: 7 });
  await stage.victim.space.write([put(stage.records[0]!, 'mine')]);
  await assert.rejects(stage.victim.space.catchUp(), rolledBack);
});

test('a write that is acknowledged at another place', async () => {
  const { victim, records } = await scene({ seen: 6 });
  victim.lies.write = async () => ({ answer: 'written', size: 8 });
  await assert.rejects(victim.space.write([put(records[0]!, 'mine')]), altered);
});

/** What the server does to the page of changes 4 to 6, while it also shows the writer's head at 6. */
const pageLies: Readonly<
  Record<string, readonly [{ code: string }, (changes: readonly Change[]) => readonly Change[]]>
> = {
  'leaves a change out': [altered, ([one, , three]) => [one!, three!]],
  'leaves a change out and closes the gap': [rolledBack, ([one, , three]) => renumbered([one!, three!], 3)],
  'puts another record in its place': [
    forked,
    ([one, two, three]) => [one!, { ...two!, record: id(), sealed: null }, three!],
  ],
  'turns two changes round': [altered, ([one, two, three]) => [one!, three!, two!]],
  'turns two changes round and numbers them anew': [forked, ([one, two, three]) => renumbered([one!, three!, two!], 3)],
  'repeats a change': [altered, ([one, two, three]) => [one!, two!, two!, three!]],
  'repeats a change under a new number': [altered, ([one, two]) => renumbered([one!, two!, two!], 3)],
  'begins later': [altered, ([, two, three]) => [two!, three!]],
  'begins earlier': [altered, (changes) => [{ ...changes[0]!, number: 3 }, ...changes]],
  'gives one record’s bytes for another’s': [
    altered,
    ([one, two, three]) => [{ ...one!, sealed: two!.sealed }, { ...two!, sealed: one!.sealed }, three!],
  ],
  'gives one record’s bytes and hash for another’s': [
    altered,
    ([one, two, three]) => [{ ...one!, sealed: two!.sealed, hash: two!.hash }, two!, three!],
  ],
  'changes a bit of a record': [
    altered,
    ([one, ...others]) => [{ ...one!, sealed: one!.sealed!.with(50, one!.sealed![50]! ^ 1) }, ...others],
  ],
  'makes a record of its own': [
    altered,
    ([one, ...others]) => {
      const sealed = nodeEngine.randomBytes(309);
      return [{ ...one!, sealed, hash: new Uint8Array(32) }, ...others];
    },
  ],
  'gives no bytes': [altered, ([one, ...others]) => [{ ...one!, sealed: new Uint8Array(0) }, ...others]],
  'moves a change to another epoch': [
    { code: 'epoch_unknown' },
    ([one, ...others]) => [{ ...one!, epoch: 5 }, ...others],
  ],
  'skips a version': [altered, ([one, ...others]) => [{ ...one!, version: 2 }, ...others]],
  'shows an older version anew': [
    altered,
    ([one, two, three]) => [one!, two!, { ...three!, record: one!.record, sealed: null, version: 1 }],
  ],
};

for (const [lie, [refusal, change]] of Object.entries(pageLies)) {
  test(`a server that ${lie}`, async () => {
    const stage = await scene();
    const { victim } = stage;
    const before = await victim.space.tip();
    victim.lies.changes = ({ changes }) => {
      const shown = change(changes);
      const end = shown.at(-1)?.number ?? 3;
      return pageOf(shown, Math.max(end, shown.length + 3));
    };
    await assert.rejects(victim.space.catchUp(), { name: 'SdkError', ...refusal });
    assert.deepEqual(await victim.space.tip(), before, 'nothing of it is believed');
    await healed(stage);
  });
}

test('bytes that a device sealed for this very place, but that never came into the log', async () => {
  const stage = await scene();
  // As of a write that lost a conflict: it opens, and only the hash in the log tells.
  const { sealed } = await stage.writer.space.sealNew(stage.records[3]!, note('lost'));
  stage.victim.lies.changes = (answer) => ({
    ...answer,
    changes: answer.changes.map((change) => (change.number === 4 ? { ...change, sealed } : change)),
  });
  await assert.rejects(stage.victim.space.catchUp(), altered);
  await healed(stage);
});

test('a record that is withheld: its newest bytes, alone or for ever', async () => {
  const stage = await scene();
  stage.victim.lies.changes = (answer) => ({
    ...answer,
    changes: answer.changes.map((change) => (change.number === 5 ? { ...change, sealed: null } : change)),
  });
  await assert.rejects(stage.victim.space.catchUp(), altered);
  await assert.rejects(stage.victim.space.read(stage.records[4]!), altered);
  await assert.rejects(stage.victim.space.catchUp(), altered);
  await healed(stage);
});

test('a record that moved on while the server answered is no lie', async () => {
  const stage = await scene();
  const { victim, writer, records } = stage;
  let asked = 0;
  victim.lies.changes = async (answer) => {
    asked += 1;
    if (asked > 1) return answer;
    // Between the server's two queries the writer writes record 5 again.
    await writer.space.write([put(records[4]!, 'newer')]);
    return {
      ...answer,
      changes: answer.changes.map((change) => (change.number === 5 ? { ...change, sealed: null } : change)),
    };
  };
  await victim.space.catchUp();
  assert.deepEqual((await victim.space.read(records[4]!))?.body, note('newer'));
  assert.equal(asked, 2);
  await healed(stage);
});

const countLies: Readonly<Record<string, (answer: Changes, request: ChangesRequest) => Changes>> = {
  'counts more than it gives': ({ changes, size }) => pageOf(changes, size + 1),
  'counts less than it gives': ({ changes, size }) => pageOf(changes, size - 1),
  'promises more and has no more': ({ changes, size }) => pageOf(changes, size, true),
  'promises nothing more and has more': ({ changes, size }) => pageOf(changes.slice(0, 1), size),
  'promises more for ever': (_answer, { after }) => pageOf([], after + 1, true),
};

for (const [lie, change] of Object.entries(countLies)) {
  test(`a server that ${lie}`, async () => {
    const stage = await scene();
    stage.victim.lies.changes = change;
    await assert.rejects(stage.victim.space.catchUp(), altered);
    await healed(stage);
  });
}

test('more changes than were asked for', async () => {
  const keyring = newKeyring();
  const writer = await newDevice(account, keyring);
  await writer.space.write(Array.from({ length: 256 }, () => put(id(), 'x')));
  await writer.space.write([put(id(), 'x')]);
  const victim = await liedTo(keyring);
  let rest: Changes | null = null;
  victim.lies.changes = async (answer, { space }) => {
    rest ??= await account.wire.call(
      ROUTES.spacesChanges,
      { space, after: 256, limit: 256 },
      { rights: { session: account.session } },
    );
    return { ...answer, changes: [...answer.changes, ...rest.changes], more: false };
  };
  await assert.rejects(victim.space.catchUp(), altered);
});

/** The server goes on with the same history in two places; `victim` works in the other one. */
async function fork(stage: Scene): Promise<void> {
  const { keyring, victim } = stage;
  const { space } = keyring;
  const session = { rights: { session: shadow.session } };
  await shadow.wire.call(ROUTES.spacesCreate, { space, kind: 'other' }, session);
  const { changes } = await account.wire.call(
    ROUTES.spacesChanges,
    { space, after: 0, limit: 256 },
    { rights: { session: account.session } },
  );
  const writes = changes.map(({ record, version, epoch, sealed }) => ({ record, version, epoch, sealed: sealed! }));
  await shadow.wire.call(ROUTES.spacesWrite, { space, writes, head: null }, session);
  victim.lies.elsewhere = shadow;
}

/** The server lets the heads of one history be seen in the other. */
async function tellHeads(space: Uint8Array, from: SpaceAccount, to: SpaceAccount): Promise<void> {
  const { heads } = await from.wire.call(ROUTES.spacesHeads, { space }, { rights: { session: from.session } });
  for (const head of heads) {
    await to.wire.call(ROUTES.spacesHeadPut, { space, head }, { rights: { session: to.session } });
  }
}

test('two histories are found as soon as the heads of one are seen in the other, whichever is longer', async () => {
  for (const [own, others] of [
    [1, 1],
    [1, 3],
    [3, 1],
  ] as const) {
    const stage = await scene({ seen: 6 });
    const { victim, writer, keyring } = stage;
    await fork(stage);
    for (let index = 0; index < own; index += 1) await victim.space.write([put(id(), 'victim')]);
    for (let index = 0; index < others; index += 1) await writer.space.write([put(id(), 'writer')]);
    await victim.space.catchUp();
    await tellHeads(keyring.space, account, shadow);
    // With a history that is shorter than the head, the server can only hide that it is another one.
    const found = own >= others ? forked : rolledBack;
    await assert.rejects(victim.space.catchUp(), found);
    await assert.rejects(
      victim.space.write([put(id(), 'x')]).then(() => victim.space.catchUp()),
      found,
      'and again',
    );
    await tellHeads(keyring.space, shadow, account);
    await assert.rejects(writer.space.catchUp(), own > others ? rolledBack : forked);
  }
});

test('a victim that is brought back from the other history finds that it was there', async () => {
  const stage = await scene({ seen: 6 });
  const { victim, writer } = stage;
  await fork(stage);
  await victim.space.write([put(id(), 'victim')]);
  await writer.space.write([put(id(), 'writer'), put(id(), 'writer')]);
  victim.lies.elsewhere = undefined;
  await assert.rejects(victim.space.catchUp(), forked);
  victim.lies.heads = () => ({ heads: [] });
  await assert.rejects(victim.space.catchUp(), forked, 'without any head too: the own last root says it');
  await victim.host.cache.forget(victim.space.id);
  await assert.rejects(victim.space.catchUp(), forked, 'and without the cache');
});

test('heads that two devices wrote at one size must agree', async () => {
  const { keyring, victim } = await scene({ seen: 6 });
  const keys = new SpaceKeys(nodeEngine, keyring);
  const tip = await victim.space.tip();
  const head = { device: id(), size: 6, root: tip.root, counter: 1, hour: 1 };
  const other = { ...head, device: id(), root: new Uint8Array(32) };
  const shown = await Promise.all(
    [head, other].map(async (each) => ({ device: each.device, size: 6, head: await encodeHead(keys, each) })),
  );
  victim.lies.heads = ({ heads }) => ({ heads: [...heads, ...shown] });
  await assert.rejects(victim.space.catchUp(), forked);
});

test('a head for a size that was passed is checked by fetching the part around it again', async () => {
  const keyring = newKeyring();
  const writer = await newDevice(account, keyring);
  const victim = await liedTo(keyring);
  victim.lies.heads = () => ({ heads: [] });
  const kept: Heads[] = [];
  const session = { rights: { session: account.session } };
  for (let index = 0; index < 20; index += 1) {
    await writer.space.write([put(id(), 'x'), put(id(), 'y'), put(id(), 'z')]);
    kept.push(await account.wire.call(ROUTES.spacesHeads, { space: keyring.space }, session));
    if (index % 2 === 1) await victim.space.catchUp();
  }
  const mark = await openSeen(victim.host.profile).space(keyring.space);
  assert.ok(mark !== null && mark.past.length > 1 && mark.past.length < 9);
  const requests: ChangesRequest[] = [];
  victim.lies.changes = (answer, request) => {
    requests.push(request);
    return answer;
  };
  // The head after the 19th batch, at 57, lies between two places of which the victim kept the peaks.
  victim.lies.heads = () => kept[18]!;
  await victim.space.catchUp();
  assert.deepEqual(
    requests.map(({ after, limit }) => [after, limit]),
    [
      [54, 6],
      [60, 256],
    ],
  );
  requests.length = 0;
  await victim.space.catchUp();
  assert.deepEqual(
    requests.map(({ after }) => after),
    [60],
    'what was checked is not checked again',
  );

  // Another device's head for the same size, of another history.
  const keys = new SpaceKeys(nodeEngine, keyring);
  const wrong = { device: id(), size: 56, root: new Uint8Array(32), counter: 1, hour: 1 };
  const shown = { device: wrong.device, size: 56, head: await encodeHead(keys, wrong) };
  victim.lies.heads = () => ({ heads: [shown] });
  await assert.rejects(victim.space.catchUp(), forked);
  // A part that is made to fit the head does not fit the rest.
  victim.lies.changes = (answer, { after }) =>
    after === 54
      ? { ...answer, changes: answer.changes.map((change) => ({ ...change, hash: new Uint8Array(32) })) }
      : answer;
  victim.lies.heads = () => ({ heads: [] });
  await assert.rejects(victim.space.catchUp(), forked);
});

test('a part that is fetched again must have the same end', async () => {
  const keyring = newKeyring();
  const writer = await newDevice(account, keyring);
  const victim = await liedTo(keyring);
  victim.lies.heads = () => ({ heads: [] });
  await writer.space.write([put(id(), 'a'), put(id(), 'b'), put(id(), 'c'), put(id(), 'd')]);
  await victim.space.catchUp();
  const { changes } = await account.wire.call(
    ROUTES.spacesChanges,
    { space: keyring.space, after: 0, limit: 256 },
    { rights: { session: account.session } },
  );
  // The head fits the doctored part up to its size, and only the end of the part gives the lie away.
  const doctored = changes.map((change, index) => (index === 1 ? { ...change, hash: new Uint8Array(32) } : change));
  const keys = new SpaceKeys(nodeEngine, keyring);
  const root = await rootOfChanges(doctored.slice(0, 2));
  const head = { device: id(), size: 2, root, counter: 1, hour: 1 };
  const encoded = await encodeHead(keys, head);
  victim.lies.heads = () => ({ heads: [{ device: head.device, size: 2, head: encoded }] });
  victim.lies.changes = (answer, { after }) => (after === 0 ? { ...answer, changes: doctored } : answer);
  await assert.rejects(victim.space.catchUp(), forked);
  victim.lies.changes = (answer, { after }) => (after === 0 ? { changes: [], size: 4, more: true } : answer);
  await assert.rejects(victim.space.catchUp(), altered);
});

async function rootOfChanges(changes: readonly Change[]): Promise<Uint8Array> {
  const tree = new LogTree(nodeEngine, EMPTY_TREE);
  for (const change of changes) await tree.append(await changeLeaf(nodeEngine, change));
  return tree.root();
}

test('forged heads are left aside and counted', async () => {
  const stage = await scene();
  const { victim, keyring } = stage;
  const strangers = new SpaceKeys(nodeEngine, { ...keyring, secrets: new Map([[0, nodeEngine.randomBytes(32)]]) });
  const forgedHead = { device: id(), size: 900, root: new Uint8Array(32), counter: 1, hour: 1 };
  const forged = await encodeHead(strangers, forgedHead);
  victim.lies.heads = ({ heads }) => {
    const [real] = heads;
    return {
      heads: [
        ...heads,
        { device: forgedHead.device, size: 900, head: forged },
        // A real head under another device's name, or with another size beside it, is none.
        { ...real!, device: id() },
        { ...real!, size: real!.size + 1 },
        { device: id(), size: 1, head: Uint8Array.of(1) },
      ],
    };
  };
  assert.equal((await victim.space.catchUp()).forgedHeads, 4);
  await healed(stage);
});

test('old heads, and none, say nothing new', async () => {
  const stage = await scene({ seen: 6 });
  const { victim, keyring, writer } = stage;
  const session = { rights: { session: account.session } };
  const old = await account.wire.call(ROUTES.spacesHeads, { space: keyring.space }, session);
  await writer.space.write([put(id(), 'more')]);
  await victim.space.catchUp();
  victim.lies.heads = () => old;
  assert.deepEqual(await victim.space.catchUp(), { changed: [], size: 7, forgedHeads: 0 });
  assert.equal((await victim.space.newestState())?.size, 7);
  victim.lies.heads = () => ({ heads: [] });
  assert.equal((await victim.space.catchUp()).size, 7);
});

test('a conflict that the log does not show, at the same size, larger or smaller', async () => {
  const recorded = recordedEngine();
  for (const [size, refusal] of [
    [6, altered],
    [7, altered],
    [5, altered],
  ] as const) {
    const stage = await scene({ seen: 6 });
    const victim = await liedTo(stage.keyring, { engine: recorded.engine });
    await victim.space.catchUp();
    const calls = victim.calls();
    victim.lies.write = async () => ({
      answer: 'conflict',
      size,
      conflicts: [{ record: stage.records[0]!, version: 1 }],
    });
    await assert.rejects(victim.space.write([put(stage.records[0]!, 'mine')]), refusal);
    assert.ok(victim.calls() - calls <= 4);
  }
  assert.equal(recorded.reuses(), 0);
});

test('conflicts without end are given up, each seal under a key of its own', async () => {
  const recorded = recordedEngine();
  const stage = await scene({ seen: 6 });
  const record = stage.records[0]!;
  const victim = await liedTo(stage.keyring, { engine: recorded.engine });
  let asked = 0;
  victim.lies.write = async (next) => {
    // Another device is always a moment faster.
    await stage.writer.space.write([put(record, `faster ${asked}`)]);
    return next();
  };
  const edit = { id: record, change: () => note(`mine ${(asked += 1)}`) };
  await assert.rejects(victim.space.write([edit]), { name: 'SdkError', code: 'space_busy' });
  assert.ok(asked > 10 && asked < 100);
  assert.equal(recorded.reuses(), 0);
  assert.ok(recorded.sealings() >= asked);
  victim.lies.write = undefined;
  await victim.space.write([edit]);
  assert.deepEqual((await victim.space.read(record))?.body, note(`mine ${asked}`));
});

test('conflicts and cuts in turn, and answers that lie about what was written: no key comes back', async () => {
  const recorded = recordedEngine();
  const keyring = newKeyring();
  const writer = await newDevice(account, keyring);
  const victim = await liedTo(keyring, { engine: recorded.engine });
  const record = id();
  let turn = 0;
  victim.lies.write = async (next) => {
    turn += 1;
    if (turn % 3 === 0) return next();
    if (turn % 3 === 1) await writer.space.write([put(record, `other ${turn}`)]);
    else await next();
    throw new SdkError('server_unreachable', 'cut');
  };
  for (let round = 0; round < 6; round += 1) {
    await victim.space.write([{ id: record, change: () => note(`mine ${round} ${turn}`) }]);
  }
  assert.equal(recorded.reuses(), 0);
  await writer.space.catchUp();
  assert.deepEqual(await contentOf(writer.space), await contentOf(victim.space));
});

test('a refused history does not outlive the honest one: more than a page of it', async () => {
  const keyring = newKeyring();
  const writer = await newDevice(account, keyring);
  const records = Array.from({ length: 400 }, id);
  await writer.space.write(records.map((record) => put(record, 'x')));
  const victim = await liedTo(keyring);
  // The first page is believed for the moment; the head at the end tells that it was not the writer's.
  victim.lies.changes = (answer, { after }) =>
    after > 0
      ? answer
      : { ...answer, changes: renumbered([answer.changes[1]!, answer.changes[0]!, ...answer.changes.slice(2)], 0) };
  await assert.rejects(victim.space.catchUp(), forked);
  assert.equal((await victim.space.tip()).size, 0);
  await assert.rejects(victim.space.write([put(records[0]!, 'mine')]), forked, 'nothing is written upon it');
  await healed({ keyring, writer, victim, records });
});

test('two processes of one device that are shown two histories at the same moment', async () => {
  const { keyring, writer } = await scene({ seen: 0 });
  const one = await liedTo(keyring);
  const other = await newDevice(account, keyring, { profile: one.host.profile, id: one.id });
  one.lies.heads = () => ({ heads: [] });
  one.lies.changes = async (answer, { after }) => {
    if (after > 0) return answer;
    await other.space.catchUp();
    const [first, second, ...rest] = answer.changes;
    return { ...answer, changes: renumbered([second!, first!, ...rest], 0) };
  };
  await assert.rejects(one.space.catchUp(), forked);
  assert.deepEqual(await other.space.tip(), await writer.space.tip(), 'what the other process saw is still remembered');
});

test('an app that was closed remembers what it saw', async () => {
  const { keyring, victim } = await scene({ seen: 6 });
  const again = await liedTo(keyring, { profile: victim.host.profile, cache: victim.host.cache, id: victim.id });
  again.lies.changes = () => pageOf([], 5);
  await assert.rejects(again.space.catchUp(), rolledBack);
  const space = await openSpace(again.host, { ...account, keyring, device: again.id });
  assert.equal((await space.catchUp()).size, 6);
});
