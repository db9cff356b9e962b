/**
 * A man in the middle who has the real server behind him: everything passes, but for the calls that a lie is about. Lies
 * are told over HTTP, so that a client's whole line is under attack.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  decodeBodyWithItems,
  decodeBytes,
  encodeBodyWithItems,
  encodeJson,
  parseJson,
  ROUTE_NAMES,
  ROUTES,
  routeNamed,
  type BodyWithItems,
  type RouteName,
} from '../../packages/protocol/src/wire/index.ts';
import { startTestServer, type TestServer } from '../../apps/server/src/testing/index.ts';
import { attackHappened } from './attack.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Changed {
  readonly request?: unknown;
  readonly authorization?: string;
  readonly range?: string;
}

/** One call of a client, before the real server hears of it. */
export interface Heard {
  readonly name: RouteName;
  /** The JSON body, or the named parts of the path. */
  readonly request: unknown;
  /** As it came. */
  readonly body: Buffer;
  readonly authorization: string | null;
  /** Asks the real server: as it was said, once however often this is called, or changed. */
  ask(changed?: Changed): Promise<Answer>;
}

/** Null: nothing is told, the truth goes through. `cut`: the connection ends without an answer. */
type Told = Answer | 'cut' | ((response: ServerResponse) => void) | null;

export interface Lie {
  readonly about: readonly RouteName[];
  tell(heard: Heard): Promise<Told>;
}

export interface LyingProxy {
  /** Of proxy and server: the server believes that it is reached there. */
  readonly origin: string;
  readonly server: TestServer;
  /**
   * Tells these lies while the work lasts. Fails where one of them was never told: then there was no attack. Of two lies
   * about one call the first is told.
   */
  during<T>(lies: readonly Lie[], work: () => Promise<T>): Promise<T>;
  /** Bytes of a record that was ever written, by their hash: no server has to forget them. */
  sealedOf(hash: Uint8Array): Uint8Array;
  /** The clock of the real server, and of all who have their accounts there. */
  readonly nowMs: () => number;
  /** That clock goes forward. */
  passHours(hours: number): void;
  stop(): Promise<void>;
}

export async function startLyingProxy(): Promise<LyingProxy> {
  const lies: Lie[] = [];
  const told = new Map<Lie, number>();
  /** Of the lies themselves: they must not pass for what a client makes of them. */
  const faults: unknown[] = [];
  const sealed = new Map<string, Uint8Array>();
  const agent = new Agent({ keepAlive: false });
  let [port, shiftMs] = [0, 0];
  const nowMs = (): number => Date.now() + shiftMs;
  const proxy = createServer((incoming, response) => {
    answerCall({ incoming, response, port, agent, lies, told, sealed }).catch((error: unknown) => {
      faults.push(error);
      response.destroy();
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const server = await startTestServer({ config: { origin }, clock: nowMs });
  ({ port } = server);
  return {
    origin,
    server,
    async during(some, work) {
      for (const lie of some) told.set(lie, 0);
      lies.push(...some);
      const end = (): void => {
        for (const lie of some) lies.splice(lies.indexOf(lie), 1);
        if (faults.length > 0) throw new AggregateError(faults.splice(0), 'a lie failed');
      };
      const result = await work().catch((error: unknown) => {
        end();
        throw error;
      });
      end();
      for (const lie of some) if (told.get(lie) === 0) throw new Error(`no lie was told about ${lie.about.join()}`);
      return result;
    },
    sealedOf: (hash) => sealed.get(Buffer.from(hash).toString('hex')) ?? assert.fail('such a record was never written'),
    nowMs,
    passHours: (hours) => void (shiftMs += hours * 3_600_000),
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      agent.destroy();
      await server.stop();
    },
  };
}

interface Call {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly port: number;
  readonly agent: Agent;
  readonly lies: readonly Lie[];
  readonly told: Map<Lie, number>;
  readonly sealed: Map<string, Uint8Array>;
}

async function answerCall({ incoming, response, port, agent, lies, told, sealed }: Call): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming;
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces);
  const whole = { method, path: url, headers, body, port, agent };
  const name = routeAt(method, url);
  if (name === 'spacesWrite' || name === 'arrivalsFile') keepRecords(sealed, name, body);
  const about = name === null ? [] : lies.filter((lie) => lie.about.includes(name));
  if (name === null || about.length === 0) return passThrough(whole, response);

  let asked: Promise<Answer> | null = null;
  const { authorization = null } = headers;
  const { json, items } = bodyOf(name, { headers, body });
  const heard: Heard = {
    name,
    request:
      routeNamed(name).takes === 'json'
        ? parseJson(routeNamed(name).request, Buffer.from(json).toString())
        : partsOf(name, url),
    body,
    authorization,
    ask(changed) {
      if (changed === undefined) return (asked ??= askServer(whole));
      const right = changed.authorization ?? authorization;
      const range = changed.range === undefined ? {} : { range: changed.range };
      return askServer({
        ...whole,
        headers: { ...headers, ...range, ...(right === null ? {} : { authorization: right }) },
        ...asRequested(name, changed.request, items),
      });
    },
  };
  for (const lie of about) {
    const answer = await lie.tell(heard);
    if (answer === null) continue;
    told.set(lie, (told.get(lie) ?? 0) + 1);
    attackHappened();
    if (answer === 'cut') return void response.destroy();
    return typeof answer === 'function' ? answer(response) : give(response, answer);
  }
  give(response, await heard.ask());
}

function keepRecords(sealed: Map<string, Uint8Array>, name: 'spacesWrite' | 'arrivalsFile', body: Buffer): void {
  const request = parseJson(ROUTES[name].request, body.toString());
  const records = request === null ? [] : 'writes' in request ? request.writes : request.entries;
  for (const record of records) sealed.set(Buffer.from(sha256(record.sealed)).toString('hex'), record.sealed);
}

/** A delivery may bring items behind its JSON. */
function bodyOf(name: RouteName, { headers, body }: Pick<Sent, 'headers' | 'body'>): BodyWithItems {
  const whole = { json: body, items: new Uint8Array() };
  const withItems = routeNamed(name).takesItems === true && headers['content-type'] === 'application/octet-stream';
  return withItems ? (decodeBodyWithItems(body) ?? whole) : whole;
}

function asRequested(
  name: RouteName,
  request: unknown,
  items: Uint8Array,
): { readonly body?: Buffer; readonly path?: string } {
  if (request === undefined) return {};
  const { takes, path } = routeNamed(name);
  const json = Buffer.from(encodeJson(request));
  if (takes === 'json') return { body: items.length === 0 ? json : Buffer.from(encodeBodyWithItems(json, [items])) };
  const parts = request as Readonly<Record<string, Uint8Array | number>>;
  return { path: path.replaceAll(/:([a-z]+)/g, (_whole, part: string) => textOf(parts[part])) };
}

function textOf(part: Uint8Array | number | undefined): string {
  return typeof part === 'number' ? String(part) : Buffer.from(part ?? []).toString('base64url');
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly port: number;
  readonly agent: Agent;
}

async function open({ method, path, headers, body, port, agent }: Sent): Promise<IncomingMessage> {
  const { 'content-length': _length, 'transfer-encoding': _coding, connection: _connection, ...rest } = headers;
  const outgoing = send({
    host: '127.0.0.1',
    port,
    agent,
    method,
    path,
    headers: body.length === 0 ? rest : { ...rest, 'content-length': body.length },
  });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  outgoing.end(body);
  return (await answered)[0];
}

async function passThrough(sent: Sent, response: ServerResponse): Promise<void> {
  const answer = await open(sent);
  response.writeHead(answer.statusCode ?? 500, answer.headers);
  response.on('close', () => answer.destroy());
  answer.on('error', () => response.destroy());
  answer.pipe(response);
}

async function askServer(sent: Sent): Promise<Answer> {
  const answer = await open(sent);
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) if (typeof value === 'string') headers[name] = value;
  return { status: answer.statusCode ?? 500, headers, body: Buffer.concat(pieces) };
}

/** With the length that the body has, whatever was said about it before. */
function give(response: ServerResponse, { status, headers, body }: Answer): void {
  const { connection: _connection, 'keep-alive': _alive, 'transfer-encoding': _coding, ...rest } = headers;
  response.writeHead(status, { ...rest, 'content-length': body.length }).end(body);
}

const patterns = ROUTE_NAMES.map((name) => ({
  name,
  method: routeNamed(name).method,
  path: new RegExp(
    `^${routeNamed(name)
      .path.replaceAll('.', '\\.')
      .replaceAll(/:([a-z]+)/g, '(?<$1>[^/]+)')}$`,
  ),
}));

function routeAt(method: string, url: string): RouteName | null {
  return patterns.find((each) => each.method === method && each.path.test(url))?.name ?? null;
}

const numbers: ReadonlySet<string> = new Set(['arrival', 'item', 'part']);

function partsOf(name: RouteName, url: string): Record<string, Uint8Array | number> {
  const groups = patterns.find((each) => each.name === name)?.path.exec(url)?.groups ?? {};
  return Object.fromEntries(
    Object.entries(groups).map(([part, text]) => [part, numbers.has(part) ? Number(text) : (decodeBytes(text) ?? 0)]),
  );
}

function sha256(body: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(body).digest());
}
