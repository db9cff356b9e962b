/** A server with so much in it, and what one does to it. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { openClientHost } from '../../packages/host-node/src/index.ts';
import { ROUTES } from '../../packages/protocol/src/wire/index.ts';
import { randomHeader } from '../../apps/server/src/testing/index.ts';
import { startServerProcess } from '../mail/server-process.ts';

export interface Size {
  readonly accounts: number;
  readonly arrivals: number;
  /** How many of the accounts listen at the most. */
  readonly members: number;
}

export interface LoadedServer {
  /** Medians are the caller's: milliseconds inside the server for each call, and processor time of all its threads. */
  deliver(this: void, count: number): Promise<Spent>;
  list(this: void, count: number): Promise<Spent>;
  /** From sending a delivery to hearing of it on a stream, each. */
  events(this: void, count: number): Promise<readonly number[]>;
  /** The same, each to another of those who listen. */
  deliverToListeners(this: void, count: number): Promise<Spent>;
  /** Opens so many streams, each of another account as far as there are. */
  listen(this: void, count: number): Promise<Listening>;
  rssBytes(this: void): Promise<number>;
  /** Of all its threads, since it began. */
  processorEverMs(this: void): Promise<number>;
  stop(this: void): Promise<void>;
}

export interface Listening {
  /** How many of the streams are open still. */
  open(this: void): number;
  end(this: void): void;
}

export interface Spent {
  readonly ms: readonly number[];
  readonly processorMs: number;
}

/** Accounts with a session; the others are rows. */
const SESSIONS = 10;
const BLOB_BYTES = 20_000;
const LISTED = 50;
const OPENED_AT_ONCE = 100;

export async function startLoadedServer(folder: string, size: Size): Promise<LoadedServer> {
  const server = await startServerProcess();
  const host = await openClientHost({ home: folder });
  const wire = host.connect(server.origin);
  const port = Number(new URL(server.origin).port);
  const { sessions } = await server.ask('accounts', { count: SESSIONS });
  const session = sessions[0] ?? '';
  const hold = host.engine.randomBytes(16);
  const { blob } = await wire.put(ROUTES.holdsPut, { hold }, new Uint8Array(BLOB_BYTES), { rights: { session } });
  const { members } = await server.ask('crowd', { ...size, blob: Buffer.from(blob).toString('base64url') });
  const { passes } = await wire.call(ROUTES.passesIssue, { count: 1 }, { rights: { session } });
  const pass = passes[0] ?? '';

  const deliverTo = async (address: string): Promise<void> => {
    const recipient = {
      address,
      key: new Uint8Array(randomBytes(16)),
      headers: [randomHeader()],
      part: new Uint8Array(randomBytes(1_040)),
    };
    const { answers } = await wire.call(
      ROUTES.deliver,
      { blobs: [blob], recipients: [recipient] },
      { rights: { pass } },
    );
    if (answers[0] !== 'ok') throw new Error(`the server answered ${answers[0]}`);
  };
  const deliverOne = (reader: number): Promise<void> => deliverTo(`reader-${reader % SESSIONS}@localhost`);
  let next = 0;
  const newestOf = async (of: string): Promise<number> => {
    const rights = { rights: { session: of } };
    return (await wire.call(ROUTES.eventsList, { after: null, limit: 1 }, rights)).newest;
  };
  const spent = async (path: string, count: number, work: (number: number) => Promise<void>): Promise<Spent> => {
    await server.ask('durations', { route: path });
    await server.ask('processor', {});
    for (let number = 0; number < count; number++) await work(number);
    const processor = await server.ask('processor', {});
    const { ms } = await server.ask('durations', { route: path });
    return { ms, processorMs: processor.ms / count };
  };

  return {
    deliver: (count) => spent(ROUTES.deliver.path, count, deliverOne),
    deliverToListeners: (count) =>
      spent(ROUTES.deliver.path, count, () =>
        deliverTo(members[next++ % members.length]?.address ?? 'reader-0@localhost'),
      ),
    list: (count) =>
      spent(ROUTES.arrivalsList.path, count, async () => {
        const request = { after: 0, limit: LISTED, onlyHere: true };
        await wire.call(ROUTES.arrivalsList, request, { rights: { session } });
      }),
    async events(count) {
      const stream = await openStream({ port, session, after: await newestOf(session) });
      const heard: number[] = [];
      try {
        // What lay there before is told first.
        await quiet(stream);
        for (let number = 0; number < count; number++) {
          const startMs = performance.now();
          const told = once(stream, 'data');
          await deliverOne(0);
          await told;
          heard.push(performance.now() - startMs);
        }
      } finally {
        stream.destroy();
      }
      return heard;
    },
    async listen(count) {
      const streams: Socket[] = [];
      const all = [...members.map((member) => member.session), ...sessions];
      while (streams.length < count) {
        const some = Array.from({ length: Math.min(OPENED_AT_ONCE, count - streams.length) }, async (_, place) => {
          const of = all[(streams.length + place) % all.length] ?? session;
          return openStream({ port, session: of, after: await newestOf(of) });
        });
        streams.push(...(await Promise.all(some)));
      }
      await Promise.all(streams.map(quiet));
      return {
        open: () => streams.filter((stream) => !stream.destroyed && stream.readable).length,
        end: () => streams.forEach((stream) => stream.destroy()),
      };
    },
    rssBytes: async () => (await server.ask('memory', {})).rssBytes,
    processorEverMs: async () => (await server.ask('processor', {})).everMs,
    stop: () => server.stop(),
  };
}

interface Listener {
  readonly port: number;
  readonly session: string;
  /** Number of the last event that is not to be told. */
  readonly after: number;
}

/** Raw sockets, so that the listeners cost this process little. */
async function openStream({ port, session, after }: Listener): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  const body = JSON.stringify({ after });
  socket.write(
    `POST ${ROUTES.eventsStream.path} HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Bearer ${session}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  const [head] = (await once(socket, 'data')) as [Buffer];
  if (!head.toString('latin1').startsWith('HTTP/1.1 200')) throw new Error(head.toString('latin1').slice(0, 200));
  socket.on('error', () => undefined);
  return socket.resume();
}

const QUIET_MS = 300;

/** Nothing has come for a while. */
async function quiet(stream: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    let timer = setTimeout(done, QUIET_MS);
    stream.on('data', again);
    function again(): void {
      clearTimeout(timer);
      timer = setTimeout(done, QUIET_MS);
    }
    function done(): void {
      stream.off('data', again);
      resolve();
    }
  });
}
