/** Nothing that a caller sends reaches a log: not on any route, not with any right, and not when the program is at fault. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ROUTE_NAMES, routeNamed, type RouteName } from '@latchkey/protocol/wire';
import { HANDLERS } from '../src/routes/index.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { writerInProcess } from '../src/store/writer.ts';
import { startTestServer, type TestServer } from '../src/testing/index.ts';
import { WRITES } from '../src/writes/index.ts';
import { sampleBodies } from './arbitrary-request.ts';
import { pass, register, type TestOwner } from './test-owner.ts';

const lines: string[] = [];
const markers = new Set(['qmarker', 'hmarker', 'bmarker', 'tmarker', 'pmarker', 'marker-alice']);
let isFaulty = false;
let server: TestServer;
let alice: TestOwner;

/** Says everything that it was given, as faults do. */
const telling = (input: unknown): Error =>
  new SyntaxError(`bmarker marker-alice@localhost\n    at tmarker ${JSON.stringify(input).slice(0, 500)}`);

before(async () => {
  const writes = Object.fromEntries(
    Object.entries(WRITES).map(([name, write]) => [
      name,
      (async (context, input) => {
        if (isFaulty) throw telling(input);
        return (write as (...given: unknown[]) => Promise<unknown>)(context, input);
      }) as (typeof WRITES)['deliver'],
    ]),
  );
  server = await startTestServer({
    logTo: (line) => lines.push(line),
    writer: (file) => writerInProcess(openSqlite({ file, mode: 'write' }), writes),
  });
  alice = await register(server.origin, 'marker-alice@localhost');
  markers.add((alice.wire.authorization ?? '').slice('Bearer '.length));
  markers.add(alice.password);
});
after(() => server.stop());

async function rightsFor(name: RouteName): Promise<string> {
  return routeNamed(name).auth === 'pass' ? pass(alice) : (alice.wire.authorization ?? '');
}

/** Well and badly formed, with and without rights, with a marker wherever there is room for one. */
async function callWithMarkers(name: RouteName): Promise<readonly number[]> {
  const { method, path, request, takes, gives } = routeNamed(name);
  const url = `${server.origin}${path.replaceAll(/:[a-z]+/g, 'pmarker')}?token=qmarker`;
  const good = takes === 'json' ? sampleBodies(request, { count: 12, seed: 7 }) : [];
  const statuses: number[] = [];
  const call = async (authorization: string, body: Uint8Array | null): Promise<number> => {
    const headers = { authorization, 'content-type': 'application/json', 'x-hmarker': 'hmarker', cookie: 'a=hmarker' };
    const response = await fetch(url, { method, headers, ...(body === null ? {} : { body: new Uint8Array(body) }) });
    statuses.push(response.status);
    if (gives === 'stream') await response.body?.cancel();
    else await response.arrayBuffer();
    return response.status;
  };
  const right = await rightsFor(name);
  // Some samples do not come through the schema: up to the first that does.
  for (const body of method === 'GET' ? [null] : good) if (![400, 413].includes(await call(right, body))) break;
  if (method !== 'GET') for (const body of ['{"bmarker":', '{"a":"bmarker"}']) await call(right, Buffer.from(body));
  const any = method === 'GET' ? null : Buffer.from('{}');
  for (const wrong of ['Bearer tmarker', 'Pass tmarker', 'tmarker']) await call(wrong, any);
  return statuses;
}

function assertSilent(): void {
  assert.ok(lines.length > 0);
  for (const line of lines) for (const marker of markers) assert.ok(!line.includes(marker), `${marker} in ${line}`);
  lines.length = 0;
}

test('no route logs what it was called with', async () => {
  for (const name of ROUTE_NAMES) await callWithMarkers(name);
  await fetch(`${server.origin}/marker-alice@localhost/pmarker?qmarker`);
  assert.ok(lines.length > ROUTE_NAMES.length * 4);
  assertSilent();
});

test('a write that fails with everything in its message logs where, and not what', async () => {
  isFaulty = true;
  try {
    for (const name of ROUTE_NAMES) await callWithMarkers(name);
  } finally {
    isFaulty = false;
  }
  assert.ok(lines.some((line) => line.includes('write ') && line.includes('SyntaxError')));
  assertSilent();
});

test('a handler that fails on any route logs where, and not what', async () => {
  const kept = { ...HANDLERS };
  const changeable = HANDLERS as Record<string, unknown>;
  for (const name of ROUTE_NAMES) changeable[name] = ({ input }: { input: unknown }) => Promise.reject(telling(input));
  try {
    for (const name of ROUTE_NAMES) {
      if (['passesIssue', 'deliver'].includes(name)) continue;
      const statuses = await callWithMarkers(name);
      // What has a named part never comes so far with a marker in it; the others do.
      assert.ok(statuses.includes(500) || /[:]/.test(routeNamed(name).path), `${name}: ${statuses.join()}`);
    }
  } finally {
    Object.assign(changeable, kept);
  }
  assert.ok(lines.some((line) => line.includes('log-markers.test.ts')));
  assertSilent();
});
