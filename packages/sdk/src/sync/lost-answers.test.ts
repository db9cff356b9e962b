/** Connections that end before the server has worked, or after, and devices that write meanwhile. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ROUTES } from '@latchkey/protocol/wire';
import fc from 'fast-check';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import {
  contentOf,
  id,
  newDevice,
  newKeyring,
  type RecordedEngine,
  recordedEngine,
  registerAccount,
  type SpaceAccount,
  type TestDevice,
  wireThrough,
} from '../../test/space-devices.ts';
import { RefusedError, SdkError } from '../errors.ts';
import type { Wire } from '../ports.ts';
import { changeLeaf } from './change-leaf.ts';
import { EMPTY_TREE, LogTree } from './log-tree.ts';
import type { LogTip, RecordBody, RecordEdit } from './types.ts';

let server: TestServer;
let account: SpaceAccount;

before(async () => {
  server = await startTestServer();
  account = await registerAccount(server.origin, 'alice@localhost');
});
after(() => server.stop());

/** `request` is lost on the way there, `answer` on the way back; `failed` is a server that does not know. */
type Trouble = 'request' | 'answer' | 'failed' | 'failed but written' | 'nonsense';

interface TroubledWire {
  readonly wire: Wire;
  /** What happens to the next writes, one after the other. */
  readonly writes: Trouble[];
  isOffline: boolean;
  readonly sent: { writes: number; sealed: string[] };
}

function troubledWire(inner: Wire): TroubledWire {
  const cut = (): SdkError => new SdkError('server_unreachable', 'the connection was cut');
  const troubled: TroubledWire = {
    writes: [],
    isOffline: false,
    sent: { writes: 0, sealed: [] },
    wire: wireThrough(inner, async ({ name, request, next }) => {
      if (troubled.isOffline) throw cut();
      if (name !== 'spacesWrite') return next();
      troubled.sent.writes += 1;
      const { writes } = request as { writes: { sealed: Uint8Array }[] };
      troubled.sent.sealed.push(writes.map(({ sealed }) => Buffer.from(sealed).toString('hex')).join());
      const trouble = troubled.writes.shift();
      if (trouble === 'request') throw cut();
      if (trouble === 'failed') throw new RefusedError('storage_failed');
      const answer = await next();
      if (trouble === 'answer') throw cut();
      if (trouble === 'failed but written') throw new RefusedError('storage_failed');
      if (trouble === 'nonsense') throw new SdkError('answer_malformed', 'not an answer');
      return answer;
    }),
  };
  return troubled;
}

const count = (body: RecordBody | null | undefined): number => (typeof body?.count === 'number' ? body.count : 0);
const increment = (record: Uint8Array): RecordEdit => ({
  id: record,
  change: (current) => ({ kind: 'counter', v: 1, count: count(current) + 1 }),
});

for (const trouble of ['request', 'answer', 'failed', 'failed but written', 'nonsense'] as const) {
  test(`an edit is written once where the trouble is: ${trouble}`, async () => {
    const troubled = troubledWire(account.wire);
    const { space } = await newDevice(account, newKeyring(), { wire: troubled.wire });
    const [one, other] = [id(), id()];
    for (const troubles of [[trouble], [trouble, trouble]]) {
      troubled.writes.push(...troubles);
      await space.write([increment(one), increment(other)]);
    }
    assert.equal((await space.tip()).size, 4);
    assert.equal(count((await space.read(one))?.body), 2);
    assert.equal(count((await space.read(other))?.body), 2);
    assert.equal((await space.catchUp()).size, 4);
    assert.deepEqual((await space.catchUp()).changed, [], 'own changes are no news');
  });
}

test('where nothing else was written, a repetition has the very same bytes', async () => {
  const troubled = troubledWire(account.wire);
  const { space } = await newDevice(account, newKeyring(), { wire: troubled.wire });
  troubled.writes.push('request', 'request');
  await space.write([increment(id())]);
  assert.equal(troubled.sent.writes, 3);
  assert.equal(new Set(troubled.sent.sealed).size, 1);
});

test('an answer that is lost while others go on writing: found, and built upon', async () => {
  const keyring = newKeyring();
  const troubled = troubledWire(account.wire);
  const [one, other] = [await newDevice(account, keyring), await newDevice(account, keyring)];
  const record = id();
  const between = wireThrough(troubled.wire, async ({ name, next }) => {
    try {
      return await next();
    } finally {
      // The other device writes over it before this one can look.
      if (name === 'spacesWrite') await other.space.write([increment(record)]);
    }
  });
  const unlucky = await newDevice(account, keyring, { wire: between });
  troubled.writes.push('answer');
  await unlucky.space.write([increment(record)]);
  await one.space.catchUp();
  assert.equal(count((await one.space.read(record))?.body), 2);
  assert.equal(count((await unlucky.space.read(record))?.body), 2);
  assert.deepEqual((await unlucky.space.catchUp()).changed, [record], 'what the other wrote is news');
});

test('a call that gave up can be repeated with the same edits, and applies nothing twice', async () => {
  const keyring = newKeyring();
  const troubled = troubledWire(account.wire);
  const shy = await newDevice(account, keyring, {
    wire: wireThrough(troubled.wire, async ({ name, next }) => {
      const answer = await next();
      if (name !== 'spacesWrite' || troubled.sent.writes !== 2) return answer;
      // The second batch is written, and then there is no connection any more.
      troubled.isOffline = true;
      throw new SdkError('server_unreachable', 'the connection was cut');
    }),
  });
  const record = id();
  const edits = [...Array.from({ length: 256 }, () => increment(id())), increment(record)];
  const unreachable = { name: 'SdkError', code: 'server_unreachable' };
  await assert.rejects(shy.space.write(edits), unreachable);
  await assert.rejects(shy.space.write(edits), unreachable, 'still offline');
  assert.equal(troubled.sent.writes, 2);
  troubled.isOffline = false;
  await shy.space.write(edits);
  assert.equal(troubled.sent.writes, 2, 'it was found in the log');
  const other = await newDevice(account, keyring);
  assert.equal((await other.space.catchUp()).size, 257);
  assert.equal(count((await other.space.read(record))?.body), 1);
  await shy.space.write(edits);
  assert.equal((await shy.space.tip()).size, 514, 'a call that succeeded is over: the next one is a new one');
});

test('a server that cuts every write is given up', async () => {
  const troubled = troubledWire(account.wire);
  const { space } = await newDevice(account, newKeyring(), { wire: troubled.wire });
  troubled.writes.push(...Array.from({ length: 100 }, () => 'request' as const));
  await assert.rejects(space.write([increment(id())]), { name: 'SdkError', code: 'server_unreachable' });
  assert.ok(troubled.sent.writes <= 8);
});

test('a write that the server refuses for good is not tried again', async () => {
  let calls = 0;
  const wire = wireThrough(account.wire, ({ name, next }) => {
    if (name !== 'spacesWrite') return next();
    calls += 1;
    throw new RefusedError('rate_limited', 5);
  });
  const { space } = await newDevice(account, newKeyring(), { wire });
  await assert.rejects(space.write([increment(id())]), { wire: 'rate_limited' });
  assert.equal(calls, 1);
});

interface Act {
  readonly device: number;
  readonly what: 'increment' | 'both' | 'delete' | 'catch up' | 'offline' | 'online' | Trouble;
  readonly record: number;
}

const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.record({
    device: fc.nat(2),
    what: fc.constantFrom<Act['what'][]>(
      'increment',
      'increment',
      'increment',
      'both',
      'delete',
      'catch up',
      'offline',
      'online',
      'request',
      'answer',
      'failed but written',
    ),
    record: fc.nat(2),
  }),
  { minLength: 10, maxLength: 40 },
);

interface Worker extends TestDevice {
  readonly troubled: TroubledWire;
  /** Edits of calls that gave up, to be repeated. */
  waiting: (readonly RecordEdit[])[];
}

/** Every intent of a device is an entry of its own in the record, so that what is lost or doubled shows. */
function intent(record: Uint8Array, name: string): RecordEdit {
  return {
    id: record,
    change: (current) => ({
      kind: 'list',
      v: 1,
      names: [...((current?.names as string[] | undefined) ?? []), name],
    }),
  };
}

async function flush(worker: Worker): Promise<void> {
  while (worker.waiting.length > 0 && !worker.troubled.isOffline) {
    const [edits = []] = worker.waiting;
    try {
      await worker.space.write(edits);
      worker.waiting.shift();
    } catch (error) {
      if (!(error instanceof SdkError) || error.code !== 'server_unreachable') throw error;
      return;
    }
  }
}

async function play(history: readonly Act[], size: number, recorded: RecordedEngine): Promise<void> {
  const keyring = newKeyring();
  const records = Array.from({ length: 3 }, id);
  const workers: Worker[] = [];
  for (let index = 0; index < size; index += 1) {
    const troubled = troubledWire(account.wire);
    const device = await newDevice(account, keyring, { wire: troubled.wire, engine: recorded.engine });
    workers.push({ ...device, troubled, waiting: [] });
  }
  const intents = new Map<string, string[]>();
  const intend = (record: Uint8Array, name: string): RecordEdit => {
    const hex = Buffer.from(record).toString('hex');
    intents.set(hex, [...(intents.get(hex) ?? []), name]);
    return intent(record, name);
  };
  for (const [step, { device, what, record }] of history.entries()) {
    const worker = workers[device % size]!;
    const [chosen, next] = [records[record]!, records[(record + 1) % 3]!];
    if (what === 'increment') worker.waiting.push([intend(chosen, `${step}`)]);
    else if (what === 'both') worker.waiting.push([intend(chosen, `${step}`), intend(next, `${step}`)]);
    else if (what === 'delete') {
      // It empties another record of a device's own, so that all devices agree on what must be left.
      worker.waiting.push([{ id: worker.id, change: (current) => (current === null ? { kind: 'own', v: 1 } : null) }]);
    } else if (what === 'offline') worker.troubled.isOffline = true;
    else if (what === 'online') worker.troubled.isOffline = false;
    else if (what === 'catch up') {
      await worker.space.catchUp().catch((error: unknown) => assert.ok(worker.troubled.isOffline, String(error)));
    } else worker.troubled.writes.push(what);
    await flush(worker);
  }
  for (const worker of workers) {
    worker.troubled.isOffline = false;
    worker.troubled.writes.length = 0;
    await flush(worker);
    assert.deepEqual(worker.waiting, []);
  }

  const states: { content: Record<string, unknown>; tip: LogTip }[] = [];
  for (const { space } of workers) {
    assert.equal((await space.catchUp()).forgedHeads, 0);
    states.push({ content: await contentOf(space), tip: await space.tip() });
  }
  for (const state of states) assert.deepEqual(state, states[0]);
  for (const [record, names] of intents) {
    const found: readonly string[] = (states[0]?.content[record] as { names: string[] } | undefined)?.names ?? [];
    assert.deepEqual(found.toSorted(), names.toSorted(), 'every intent once');
  }
  assert.deepEqual(states[0]?.tip.root, await rootOfServer(keyring.space), 'and the root is that of the server’s log');
}

async function rootOfServer(space: Uint8Array): Promise<Uint8Array> {
  const { engine } = recordedEngine();
  const tree = new LogTree(engine, EMPTY_TREE);
  for (let more = true; more;) {
    const request = { space, after: tree.size, limit: 256 };
    const page = await account.wire.call(ROUTES.spacesChanges, request, { rights: { session: account.session } });
    for (const change of page.changes) await tree.append(await changeLeaf(engine, change));
    ({ more } = page);
  }
  return tree.root();
}

for (const size of [2, 3]) {
  test(`${size} devices that go offline, conflict and lose answers end with one state and one root`, async () => {
    const recorded = recordedEngine();
    await fc.assert(
      fc.asyncProperty(acts, (history) => play(history, size, recorded)),
      { numRuns: 15 },
    );
    assert.ok(recorded.sealings() > 100, 'the property looked at something');
    assert.equal(recorded.reuses(), 0, 'no key and nonce seal two things');
  });
}
