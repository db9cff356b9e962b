import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { ROUTES, type ResponseOf } from '@latchkey/protocol/wire';
import { randomHeader, startTestServer, type TestServer } from 'latchkey-server/testing';
import { id, registerAccount, type SpaceAccount, wireThrough } from '../../test/space-devices.ts';
import type { Wire } from '../ports.ts';
import { memoryProfile, type MemoryProfile } from '../testing/index.ts';
import { ARRIVALS_SPACE } from './note-heads.ts';
import { type ArrivalLog, type HereArrival, openArrivalLog } from './open-arrival-log.ts';

type Answer = ResponseOf<(typeof ROUTES)['arrivalsList']>;
type Listed = Answer['arrivals'][number];

let server: TestServer;
let sender: SpaceAccount;
let accounts = 0;

before(async () => {
  server = await startTestServer();
  sender = await registerAccount(server.origin, 'sender@localhost');
});
after(() => server.stop());

interface Inbox {
  readonly account: SpaceAccount;
  readonly address: string;
}

async function newInbox(): Promise<Inbox> {
  accounts += 1;
  const address = `reader-${accounts}@localhost`;
  return { account: await registerAccount(server.origin, address), address };
}

async function deliver({ address }: Inbox, count: number): Promise<void> {
  const { wire, session } = sender;
  const hold = id();
  const bytes = Uint8Array.from(nodeEngine.randomBytes(500));
  const { blob } = await wire.put(ROUTES.holdsPut, { hold }, bytes, { rights: { session } });
  for (let index = 0; index < count; index += 1) {
    const { passes } = await wire.call(ROUTES.passesIssue, { count: 1 }, { rights: { session } });
    const headers = [randomHeader()];
    const recipients = [{ address, key: id(), headers, part: nodeEngine.randomBytes(50) }];
    await wire.call(ROUTES.deliver, { blobs: [blob], recipients }, { rights: { pass: passes[0]! } });
  }
}

async function remove({ account }: Inbox, ...numbers: number[]): Promise<void> {
  await account.wire.call(ROUTES.arrivalsRemove, { numbers }, { rights: { session: account.session } });
}

interface Device {
  readonly log: ArrivalLog;
  readonly profile: MemoryProfile;
  lie: ((answer: Answer) => Answer | Promise<Answer>) | null;
  calls: number;
}

function deviceOf({ account }: Inbox, profile = memoryProfile()): Device {
  const wire: Wire = wireThrough(account.wire, async ({ next }) => {
    device.calls += 1;
    const answer = (await next()) as Answer;
    return device.lie === null ? answer : device.lie(answer);
  });
  const log = openArrivalLog({ engine: nodeEngine, profile }, { wire, session: account.session });
  const device: Device = { log, profile, lie: null, calls: 0 };
  return device;
}

async function listed(log: ArrivalLog, expected?: Parameters<ArrivalLog['list']>[0]): Promise<HereArrival[]> {
  const arrivals: HereArrival[] = [];
  for await (const arrival of log.list(expected)) arrivals.push(arrival);
  return arrivals;
}

const numbersOf = (arrivals: readonly HereArrival[]): number[] => arrivals.map(({ number }) => number);
const rolledBack = { name: 'SdkError', code: 'space_rolled_back' };
const forked = { name: 'SdkError', code: 'space_forked' };
const altered = { name: 'SdkError', code: 'space_altered' };

test('arrivals are listed until they are removed, and what is removed is not fetched again', async () => {
  const inbox = await newInbox();
  const device = deviceOf(inbox);
  assert.deepEqual(await listed(device.log), []);
  await deliver(inbox, 4);
  assert.deepEqual(numbersOf(await listed(device.log)), [1, 2, 3, 4]);
  assert.deepEqual(numbersOf(await listed(device.log)), [1, 2, 3, 4]);
  await remove(inbox, 1, 2, 4);
  assert.deepEqual(numbersOf(await listed(device.log)), [3]);
  await deliver(inbox, 1);
  assert.deepEqual(numbersOf(await listed(device.log)), [3, 5]);
  await remove(inbox, 3, 5);
  assert.deepEqual(numbersOf(await listed(device.log)), []);
  device.calls = 0;
  device.lie = (answer) => {
    assert.deepEqual(answer.arrivals, []);
    return answer;
  };
  assert.deepEqual(numbersOf(await listed(device.log)), []);
  assert.equal(device.calls, 1);
  const { space, size, root } = await device.log.tip();
  assert.deepEqual([space, size], [ARRIVALS_SPACE, 5]);
  const other = deviceOf(inbox);
  await listed(other.log);
  assert.deepEqual((await other.log.tip()).root, root, 'a device that saw none of them here has the same root');
});

test('many pages, on a new device and on one that goes on', async () => {
  const inbox = await newInbox();
  await deliver(inbox, 300);
  const device = deviceOf(inbox);
  assert.equal((await listed(device.log)).length, 300);
  await remove(inbox, ...Array.from({ length: 250 }, (_, index) => index + 1));
  await deliver(inbox, 3);
  const numbers = numbersOf(await listed(device.log));
  assert.deepEqual([numbers[0], numbers.length], [251, 53]);
  assert.deepEqual(numbersOf(await listed(deviceOf(inbox, device.profile).log)), numbers);
});

const onNumber =
  (wanted: number, change: (arrival: Extract<Listed, { state: 'here' }>) => Listed) =>
  (answer: Answer): Answer => ({
    ...answer,
    arrivals: answer.arrivals.map((arrival) =>
      arrival.number === wanted && arrival.state === 'here' ? change(arrival) : arrival,
    ),
  });

const lies: Readonly<Record<string, readonly [{ code: string }, (answer: Answer) => Answer]>> = {
  'changes the hour of an arrival': [forked, onNumber(2, (arrival) => ({ ...arrival, hour: arrival.hour + 1 }))],
  'changes a header': [
    forked,
    onNumber(2, (arrival) => ({ ...arrival, items: arrival.items.map((item) => ({ ...item, header: id() })) })),
  ],
  'says that one was removed, with another hash': [
    forked,
    onNumber(2, ({ number }) => ({ state: 'removed', number, hash: nodeEngine.randomBytes(32) })),
  ],
  'leaves one out': [
    altered,
    (answer) => ({ ...answer, arrivals: answer.arrivals.filter(({ number }) => number !== 2) }),
  ],
  'leaves one out and closes the gap': [
    rolledBack,
    (answer) => ({
      ...answer,
      size: 3,
      arrivals: answer.arrivals
        .filter(({ number }) => number !== 2)
        .map((arrival, index) => ({ ...arrival, number: index + 1 })),
    }),
  ],
  'leaves out the last': [altered, (answer) => ({ ...answer, arrivals: answer.arrivals.slice(0, 3) })],
  'turns two round': [altered, (answer) => ({ ...answer, arrivals: answer.arrivals.toReversed() })],
  'turns two round and numbers them anew': [
    forked,
    (answer) => ({
      ...answer,
      arrivals: answer.arrivals.toReversed().map((arrival, index) => ({ ...arrival, number: index + 1 })),
    }),
  ],
  'repeats one': [altered, (answer) => ({ ...answer, arrivals: [answer.arrivals[0]!, ...answer.arrivals] })],
  'has fewer than there were': [
    rolledBack,
    (answer) => ({ ...answer, size: 3, arrivals: answer.arrivals.slice(0, 3) }),
  ],
  'promises more for ever': [altered, (answer) => ({ ...answer, arrivals: [], more: true })],
};

let shared: Inbox | null = null;

for (const [lie, [refusal, change]] of Object.entries(lies)) {
  test(`a server that ${lie}`, async () => {
    if (shared === null) {
      shared = await newInbox();
      await deliver(shared, 4);
    }
    const device = deviceOf(shared);
    await listed(device.log);
    const before = await device.log.tip();
    device.lie = change;
    await assert.rejects(listed(device.log), { name: 'SdkError', ...refusal });
    assert.deepEqual(await device.log.tip(), before);
    device.lie = null;
    assert.deepEqual(numbersOf(await listed(device.log)), [1, 2, 3, 4]);
  });
}

test('an arrival that changes between the two looks of one list', async () => {
  const inbox = await newInbox();
  await deliver(inbox, 3);
  const device = deviceOf(inbox);
  await listed(device.log);
  device.calls = 0;
  device.lie = (answer) => {
    if (device.calls < 2) return answer;
    return onNumber(1, (arrival) => ({ ...arrival, hour: arrival.hour + 1 }))(answer);
  };
  await assert.rejects(listed(device.log), altered);
});

test('an arrival that another device removes meanwhile is no lie', async () => {
  const inbox = await newInbox();
  await deliver(inbox, 3);
  const device = deviceOf(inbox);
  await listed(device.log);
  device.calls = 0;
  device.lie = async (answer) => {
    if (device.calls === 1) await remove(inbox, 2);
    return answer;
  };
  assert.deepEqual(numbersOf(await listed(device.log)), [1, 3]);
  // Between the server's own two queries: a row that is here, and no items of it any more.
  let torn = 0;
  device.lie = (answer) => {
    torn += 1;
    return torn > 2 ? answer : onNumber(3, (arrival) => ({ ...arrival, items: [] }))(answer);
  };
  assert.deepEqual(numbersOf(await listed(device.log)), [1, 3]);
  device.lie = onNumber(3, (arrival) => ({ ...arrival, items: [] }));
  await assert.rejects(listed(device.log), forked, 'for ever is another thing');
});

test('a list that was not read to its end is not remembered', async () => {
  const inbox = await newInbox();
  await deliver(inbox, 2);
  const device = deviceOf(inbox);
  for await (const arrival of device.log.list()) {
    assert.equal(arrival.number, 1);
    break;
  }
  assert.equal((await device.log.tip()).size, 0);
});

test('what another device noted is compared, behind the tip as well as before it', async () => {
  const inbox = await newInbox();
  const [one, other] = [deviceOf(inbox), deviceOf(inbox)];
  await deliver(inbox, 3);
  await listed(one.log);
  const noted = [{ ...(await one.log.tip()), device: id(), hour: 1 }];
  await deliver(inbox, 2);
  await remove(inbox, 1, 2, 3, 4, 5);
  await listed(other.log);
  other.calls = 0;
  await listed(other.log, noted);
  assert.ok(other.calls > 1, 'fetched again from the beginning');
  other.calls = 0;
  await listed(other.log, noted);
  assert.equal(other.calls, 1, 'once');
  const wrong = [{ ...noted[0]!, device: id(), root: new Uint8Array(32) }];
  await assert.rejects(listed(other.log, wrong), forked);
  const ahead = [{ ...noted[0]!, device: id(), size: 9 }];
  await assert.rejects(listed(deviceOf(inbox).log, ahead), rolledBack);
  const elsewhere = [{ ...wrong[0]!, space: id() }];
  await listed(deviceOf(inbox).log, elsewhere);
});
