/** Every transport must do the same: `driveTransport` is called with each network there is. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { limits as wireLimits, ROUTES, type ResponseOf } from '@latchkey/protocol/wire';
import { HOSTILE_ANSWERS, type HostileAsk, startHostileServer } from '@latchkey/testkit/hostile-server';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { RefusedError, SdkError } from '../src/errors.ts';
import type { BlobBody, Wire } from '../src/ports.ts';
import { fetchWire, type Network, type TransportLimits } from '../src/transport/index.ts';
import { quickAccount, type QuickAccount } from './quick-account.ts';

const short: Partial<TransportLimits> = { silentMs: 600, eventsSilentMs: 600 };
const id = (): Uint8Array => new Uint8Array(randomBytes(16));

export function driveTransport(name: string, network: Network): void {
  suite(`${name} and a hostile server`, { concurrency: 8 }, () => {
    for (const { name: answerName, ask, answer, expected, mostBytes = 0 } of HOSTILE_ANSWERS) {
      test(answerName, { timeout: 60_000 }, async () => {
        const server = await startHostileServer(answer);
        try {
          const wire = fetchWire(network, server.origin, { engine: nodeEngine, limits: short });
          const got = { bytes: 0 };
          await assert.rejects(asked(wire, ask, got), (error) => {
            assert.ok(error instanceof SdkError, String(error));
            assert.ok(expected.includes(error.code), `${error.code}: ${error.message}`);
            return true;
          });
          assert.ok(got.bytes <= mostBytes, `${got.bytes} bytes came through`);
          // What was on the way when the client hung up: buffers of two sockets, far from what was offered.
          assert.ok(server.sentBytes() < 12_000_000, `${server.sentBytes()} bytes were sent`);
          assert.equal(server.connections(), 1);
        } finally {
          await server.stop();
        }
      });
    }
  });

  suite(`${name} and the real server`, () => {
    let server: TestServer;
    let wire: Wire;
    let rights: QuickAccount;
    before(async () => {
      server = await startTestServer();
      rights = await quickAccount(server, 'alice@localhost');
      wire = fetchWire(network, server.origin, { engine: nodeEngine });
    });
    after(() => server.stop());

    test('what was put is read, whole and in every range', async () => {
      const hold = id();
      const body = new Uint8Array(randomBytes(300_000));
      const placed = await wire.put(ROUTES.holdsPut, { hold }, body, { rights });
      assert.equal(placed.sizeBytes, body.length);
      const ranges = [undefined, [0], [0, 1], [0, 300_000], [0, 999_999], [299_999], [150_000, 150_001], [7, 299_993]];
      for (const range of ranges) {
        const [from = 0, to] = range ?? [];
        const asked = range === undefined ? {} : { range: to === undefined ? { from } : { from, to } };
        const read = await wire.read(ROUTES.holdsRead, { hold }, { rights, ...asked });
        assert.equal(read.totalBytes, body.length);
        assert.deepEqual(await joined(read), Buffer.from(body.subarray(from, to)));
      }
      await assert.rejects(wire.read(ROUTES.holdsRead, { hold }, { rights, range: { from: 300_000 } }), {
        code: 'server_refused',
        wire: 'range_outside',
      });
    });

    test('an empty blob is whole', async () => {
      const hold = id();
      await wire.put(ROUTES.holdsPut, { hold }, new Uint8Array(), { rights });
      for (const range of [undefined, { from: 0 }]) {
        const read = await wire.read(ROUTES.holdsRead, { hold }, { rights, ...(range && { range }) });
        assert.equal((await joined(read)).length, 0);
      }
    });

    test('a part of 8 MiB goes up and comes down', async () => {
      const upload = id();
      const body = new Uint8Array(randomBytes(wireLimits.PART_BYTES));
      await wire.call(ROUTES.uploadsCreate, { upload, sizeBytes: body.length }, { rights });
      await wire.put(ROUTES.uploadsPart, { upload, part: 0 }, body, { rights });
      const digest = createHash('sha256').update(createHash('sha256').update(body).digest()).digest();
      await wire.call(ROUTES.uploadsComplete, { upload, digest }, { rights });
      const read = await wire.read(ROUTES.holdsRead, { hold: upload }, { rights });
      assert.ok((await joined(read)).equals(body));
    });

    test('a refusal keeps its code, and how long to wait', async () => {
      await assert.rejects(wire.read(ROUTES.holdsRead, { hold: id() }, { rights }), { wire: 'not_found' });
      await assert.rejects(wire.call(ROUTES.accountAbout, {}), { wire: 'session_invalid' });
      const strict = await startTestServer({ limits: 'real' });
      try {
        const limited = fetchWire(network, strict.origin, { engine: nodeEngine });
        const start = (): Promise<unknown> => limited.call(ROUTES.kitStart, { address: 'nobody@localhost' });
        const hundred = async (): Promise<void> => {
          for (let calls = 0; calls < 100; calls++) await start();
        };
        await assert.rejects(hundred(), (error) => {
          return error instanceof RefusedError && error.wire === 'rate_limited' && (error.retryAfterSeconds ?? 0) > 0;
        });
      } finally {
        await strict.stop();
      }
    });

    test('a right goes only where its kind is asked for', async () => {
      const seen: (string | undefined)[] = [];
      const watched = fetchWire(
        {
          ...network,
          fetch: (url, request) => {
            seen.push(request.headers['authorization']);
            return network.fetch(url, request);
          },
        },
        server.origin,
        { engine: nodeEngine },
      );
      const { passes } = await watched.call(ROUTES.passesIssue, { count: 1 }, { rights });
      const pass = passes[0] ?? '';
      await watched.call(ROUTES.health, {}, { rights });
      const delivery = {
        blobs: [id()],
        recipients: [{ address: 'bob@localhost', key: id(), headers: [null], part: id() }],
      };
      await assert.rejects(watched.call(ROUTES.deliver, delivery, { rights }), { wire: 'pass_invalid' });
      await assert.rejects(watched.call(ROUTES.deliver, delivery, { rights: { pass } }), { wire: 'not_found' });
      assert.deepEqual(seen, [`Bearer ${rights.session}`, undefined, undefined, `Pass ${pass}`]);
    });

    test('events come while they happen, until the signal', async () => {
      const stop = new AbortController();
      const numbers: ResponseOf<(typeof ROUTES)['eventsStream']>[] = [];
      const { newest } = await wire.call(ROUTES.eventsList, { after: 0, limit: 1 }, { rights });
      const listen = async (): Promise<void> => {
        for await (const event of wire.events(newest, { rights, signal: stop.signal })) {
          numbers.push(event);
          if (numbers.length === 2) stop.abort();
        }
      };
      const listening = assert.rejects(listen(), { code: 'stopped' });
      const space = id();
      await wire.call(ROUTES.spacesCreate, { space, kind: 'other' }, { rights });
      for (let version = 1; version <= 2; version++) {
        const write = { record: id(), version: 1, epoch: 0, sealed: id() };
        await wire.call(ROUTES.spacesWrite, { space, writes: [write], head: null }, { rights });
      }
      await listening;
      assert.ok(numbers.length >= 2 && numbers.every((event) => event.number > newest));
      const foreign = wire.events(0, { rights: { session: 'x' } })[Symbol.asyncIterator]();
      await assert.rejects(foreign.next(), { wire: 'session_invalid' });
    });

    test('nobody answers there', async () => {
      const gone = await startTestServer();
      await gone.stop();
      const call = fetchWire(network, gone.origin, { engine: nodeEngine }).call(ROUTES.health, {});
      await assert.rejects(call, { code: 'server_unreachable' });
    });
  });

  suite(`${name} and the stop signal`, () => {
    const signals: readonly [string, () => { readonly signal: { readonly aborted: boolean }; raise(): void }][] = [
      ['an AbortSignal', speakingSignal],
      ['a bare flag', bareSignal],
    ];
    for (const [signalName, make] of signals) {
      test(`${signalName}, raised before, while waiting, and in a body`, async () => {
        const before = make();
        before.raise();
        const silent = await startHostileServer(() => undefined);
        const halfway = await startHostileServer((line) =>
          line.write('HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 100\r\n\r\n0123'),
        );
        try {
          const wire = fetchWire(network, silent.origin, { engine: nodeEngine });
          await assert.rejects(wire.call(ROUTES.health, {}, before), { code: 'stopped' });
          assert.equal(silent.connections(), 0);
          const waiting = make();
          setTimeout(waiting.raise, 50);
          await assert.rejects(wire.call(ROUTES.health, {}, waiting), { code: 'stopped' });
          const reading = make();
          const slow = fetchWire(network, halfway.origin, { engine: nodeEngine });
          const body = await slow.read(ROUTES.holdsRead, { hold: id() }, reading);
          setTimeout(reading.raise, 50);
          await assert.rejects(joined(body), { code: 'stopped' });
        } finally {
          await Promise.all([silent.stop(), halfway.stop()]);
        }
      });
    }

    test('a body that nobody reads does not hold its connection for ever', async () => {
      const server = await startHostileServer((line) =>
        line.write('HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 100\r\n\r\n0123'),
      );
      try {
        const wire = fetchWire(network, server.origin, { engine: nodeEngine, limits: { silentMs: 300 } });
        const body = await wire.read(ROUTES.holdsRead, { hold: id() });
        await sleep(1_000);
        await assert.rejects(joined(body), { code: 'server_unreachable' });
      } finally {
        await server.stop();
      }
    });

    test('a slow reader is not held against the server', async () => {
      const server = await startHostileServer((line) => {
        line.write('HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 8\r\n\r\n0123');
        setTimeout(() => line.write('4567'), 100);
      });
      try {
        const wire = fetchWire(network, server.origin, { engine: nodeEngine, limits: { silentMs: 400 } });
        const body = await wire.read(ROUTES.holdsRead, { hold: id() });
        let bytes = 0;
        for await (const piece of body.stream()) {
          bytes += piece.length;
          await sleep(900);
        }
        assert.equal(bytes, 8);
      } finally {
        await server.stop();
      }
    });
  });
}

async function asked(wire: Wire, ask: HostileAsk, got: { bytes: number }): Promise<void> {
  if (ask === 'health') {
    await wire.call(ROUTES.health, {});
  } else if (ask === 'events') {
    for await (const event of wire.events(5, {})) assert.ok(event.number > 5);
  } else {
    const range = ask === 'range' ? { range: { from: 10, to: 20 } } : {};
    const body = await wire.read(ROUTES.holdsRead, { hold: id() }, range);
    for await (const piece of body.stream()) got.bytes += piece.length;
  }
}

async function joined(body: BlobBody): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body.stream()) pieces.push(piece.slice());
  return Buffer.concat(pieces);
}

function speakingSignal(): { signal: AbortSignal; raise: () => void } {
  const stop = new AbortController();
  return { signal: stop.signal, raise: () => stop.abort() };
}

function bareSignal(): { signal: { aborted: boolean }; raise: () => void } {
  const signal = { aborted: false };
  return { signal, raise: () => (signal.aborted = true) };
}
