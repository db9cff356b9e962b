import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { ROUTE_NAMES, routeNamed, ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { quickAccount, type QuickAccount } from '../../test/quick-account.ts';
import { webNetwork } from '../../test/web-network.ts';
import { RefusedError, SdkError } from '../errors.ts';
import type { Clock, StopSignal, Wire } from '../ports.ts';
import { fetchWire, isRepeatable, retrying, type HttpAnswer, type Network } from './index.ts';

let server: TestServer;
let rights: QuickAccount;
before(async () => {
  server = await startTestServer();
  rights = await quickAccount(server, 'alice@localhost');
});
after(() => server.stop());

const id = (): Uint8Array => new Uint8Array(randomBytes(16));
const unreachable = (): SdkError => new SdkError('server_unreachable', 'planted');

interface Slept {
  readonly clock: Clock;
  readonly pausesMs: number[];
}

/** Pauses take no time, and are kept. */
function countedClock(onSleep: (signal?: StopSignal) => void = () => undefined): Slept {
  const pausesMs: number[] = [];
  const clock: Clock = {
    nowMs: () => 0,
    sleep(ms, signal) {
      pausesMs.push(ms);
      onSleep(signal);
      return Promise.resolve();
    },
  };
  return { clock, pausesMs };
}

/** The real wire, but the first calls fail: before they are made, or after they were answered. */
function failing(failures: readonly Error[], when: 'before' | 'after' = 'before'): { wire: Wire; made: () => number } {
  const left = [...failures];
  let made = 0;
  const real = fetchWire(webNetwork, server.origin, { engine: nodeEngine });
  const orFail = async <T>(work: () => Promise<T>): Promise<T> => {
    made += 1;
    const failure = left.shift();
    if (failure !== undefined && when === 'before') throw failure;
    const answer = await work();
    if (failure !== undefined) throw failure;
    return answer;
  };
  const wire: Wire = {
    origin: real.origin,
    call: (route, request, options) => orFail(() => real.call(route, request, options)),
    put: (...[route, request, body, options]) => orFail(() => real.put(route, request, body, options)),
    read: (route, request, options) => orFail(() => real.read(route, request, options)),
    events: (number, options) => real.events(number, options),
  };
  return { wire, made: () => made };
}

test('calls that the server had no time for are made again, whatever they change', async () => {
  const { clock, pausesMs } = countedClock();
  const { wire, made } = failing([new RefusedError('busy'), new RefusedError('rate_limited', 7)]);
  const patient = retrying(wire, { clock, engine: nodeEngine });
  await patient.call(ROUTES.sessionsRemove, { id: id() }, { rights }).then(
    () => assert.fail('there is no such session'),
    (error: RefusedError) => assert.equal(error.wire, 'not_found'),
  );
  assert.equal(made(), 3);
  assert.equal(pausesMs.length, 2);
  assert.ok(pausesMs[0]! >= 125 && pausesMs[0]! <= 375);
  assert.equal(pausesMs[1], 7_000);
});

test('where the outcome is unknown, only what may be repeated is', async () => {
  for (const failure of [unreachable(), new RefusedError('storage_failed')]) {
    const { clock } = countedClock();
    const hold = id();
    const put = failing([failure, failure], 'after');
    const placed = await retrying(put.wire, { clock, engine: nodeEngine }).put(
      ROUTES.holdsPut,
      { hold },
      new Uint8Array([1, 2, 3]),
      { rights },
    );
    assert.equal(placed.sizeBytes, 3);
    assert.equal(put.made(), 3);

    const remove = failing([failure], 'after');
    const patient = retrying(remove.wire, { clock, engine: nodeEngine });
    await assert.rejects(patient.call(ROUTES.holdsRemove, { holds: [hold] }, { rights }), failure);
    assert.equal(remove.made(), 1);
    const again = retrying(failing([failure], 'after').wire, { clock, engine: nodeEngine, repeats: () => true });
    assert.deepEqual(await again.call(ROUTES.holdsRemove, { holds: [hold] }, { rights }), { removed: 0 });
  }
});

test('patience ends: by number, by length, by the signal, and with any other error', async () => {
  const five = Array.from({ length: 5 }, unreachable);
  const { clock, pausesMs } = countedClock();
  const patient = failing(five);
  await assert.rejects(retrying(patient.wire, { clock, engine: nodeEngine }).call(ROUTES.health, {}), five[4]);
  assert.equal(patient.made(), 5);
  assert.equal(pausesMs.length, 4);
  assert.ok(pausesMs.every((ms, place) => ms >= 125 * 2 ** place && ms <= 375 * 2 ** place));

  const long = failing([new RefusedError('rate_limited', 31)]);
  await assert.rejects(retrying(long.wire, { clock, engine: nodeEngine }).call(ROUTES.health, {}), {
    retryAfterSeconds: 31,
  });
  assert.equal(long.made(), 1);

  const signal = { aborted: false };
  const stopped = failing(five);
  const stopping = countedClock(() => (signal.aborted = true));
  const call = retrying(stopped.wire, { clock: stopping.clock, engine: nodeEngine }).call(
    ROUTES.health,
    {},
    { signal },
  );
  await assert.rejects(call, { code: 'stopped' });
  assert.equal(stopped.made(), 1);

  for (const error of [
    new SdkError('answer_malformed', 'planted'),
    new RefusedError('internal'),
    new Error('planted'),
  ]) {
    const once = failing([error]);
    await assert.rejects(retrying(once.wire, { clock, engine: nodeEngine }).call(ROUTES.health, {}), error);
    assert.equal(once.made(), 1);
  }
});

/** The line is cut after so many bytes of each body, as long as `cuts` last. */
function cutting(cuts: { left: number; readonly everyBytes: number }): Network<AbortSignal> {
  const cut = (answer: HttpAnswer): HttpAnswer => {
    const reader = answer.body?.getReader();
    if (reader === undefined || answer.headers.get('content-type') !== 'application/octet-stream') {
      return reader === undefined ? answer : { ...answer, body: { getReader: () => reader } };
    }
    let leftBytes = cuts.everyBytes;
    return {
      status: answer.status,
      headers: answer.headers,
      body: {
        getReader: () => ({
          async read() {
            if (leftBytes <= 0 && cuts.left > 0) {
              cuts.left -= 1;
              throw new Error('planted cut');
            }
            const { done, value } = await reader.read();
            if (value === undefined || cuts.left === 0) return { done, value };
            const piece = value.subarray(0, leftBytes);
            leftBytes -= value.length;
            return { done, value: piece };
          },
        }),
      },
    };
  };
  return {
    ...webNetwork,
    fetch: async (url, request) => {
      const answer = await webNetwork.fetch(url, request);
      return cut({ status: answer.status, headers: answer.headers, body: answer.body });
    },
  };
}

test('a body that is cut again and again goes on from its last byte', async () => {
  const hold = id();
  const body = new Uint8Array(randomBytes(400_000));
  await fetchWire(webNetwork, server.origin, { engine: nodeEngine }).put(ROUTES.holdsPut, { hold }, body, { rights });
  for (const range of [undefined, { from: 5 }, { from: 5, to: 399_990 }, { from: 100_000, to: 200_000 }]) {
    const { clock, pausesMs } = countedClock();
    const cuts = { left: 12, everyBytes: 30_000 };
    const wire = retrying(fetchWire(cutting(cuts), server.origin, { engine: nodeEngine }), {
      clock,
      engine: nodeEngine,
    });
    const read = await wire.read(ROUTES.holdsRead, { hold }, { rights, ...(range && { range }) });
    const pieces: Uint8Array[] = [];
    for await (const piece of read.stream()) pieces.push(piece.slice());
    assert.deepEqual(Buffer.concat(pieces), Buffer.from(body.subarray(range?.from ?? 0, range?.to)));
    assert.ok(pausesMs.length >= 3, 'no cut was met');
    assert.ok(Math.max(...pausesMs) <= 375, 'a body that gets on is not waited for longer and longer');
  }
});

test('a body that does not get on is given up', async () => {
  const hold = id();
  const wire = fetchWire(webNetwork, server.origin, { engine: nodeEngine });
  await wire.put(ROUTES.holdsPut, { hold }, new Uint8Array(1_000), { rights });
  const { clock, pausesMs } = countedClock();
  const cut = fetchWire(cutting({ left: 1_000, everyBytes: 0 }), server.origin, { engine: nodeEngine });
  const read = await retrying(cut, { clock, engine: nodeEngine }).read(ROUTES.holdsRead, { hold }, { rights });
  await assert.rejects(
    async () => {
      for await (const _piece of read.stream()) assert.fail('nothing can come');
    },
    { code: 'server_unreachable' },
  );
  assert.equal(pausesMs.length, 4);
});

test('what may be repeated says so in its row, reads, or makes something fresh', () => {
  const never = ['registerFinish', 'loginFinish', 'kitFinish', 'passwordFinish', 'accountClose', 'sessionsRemove'];
  for (const name of never) assert.ok(!isRepeatable(routeNamed(name as (typeof ROUTE_NAMES)[number])), name);
  for (const name of ROUTE_NAMES) {
    const route = routeNamed(name);
    if (/[Rr]epeating it (changes nothing|gives the same)/.test(route.summary)) assert.ok(isRepeatable(route), name);
    if (route.errors.includes('act_refused')) assert.ok(!isRepeatable(route), name);
  }
});
