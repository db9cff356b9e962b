import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import {
  BODY_HASH_HEADER,
  encodeBytes,
  parseRefusal,
  ROUTE_NAMES,
  routeNamed,
  type RouteName,
} from '@latchkey/protocol/wire';
import fc from 'fast-check';
import { startTestServer, type TestServer } from '../src/testing/index.ts';
import { arbitraryRequest, spoiled } from './arbitrary-request.ts';
import { checkedAnswer, routeDriver, type RouteDriver } from './drive-route.ts';
import { register, type TestOwner } from './test-owner.ts';

let server: TestServer;
let alice: TestOwner;
const lines: string[] = [];

before(async () => {
  server = await startTestServer({ logTo: (line) => lines.push(line) });
  alice = await register(server.origin, 'alice@localhost');
});
after(() => server.stop());

const driver = (): RouteDriver => routeDriver(server, alice);
const authorizationFor = (name: RouteName): Promise<string> => driver().authorizationFor(name);
const post = (name: RouteName, body: string, authorization: string): Promise<Response> =>
  driver().post(name, body, authorization);

// What random text cannot be: a message of OPAQUE.
const needsRealMessage: ReadonlySet<RouteName> = new Set(['loginStart', 'passwordStart']);

for (const name of ROUTE_NAMES) {
  const route = routeNamed(name);
  if (route.takes !== 'json') continue;

  test(`${name}: good and spoiled bodies get an answer of the row`, async () => {
    const authorization = await authorizationFor(name);
    const good = arbitraryRequest(route.request);
    let wellFormed = 0;
    await fc.assert(
      fc.asyncProperty(good, async (body) => {
        const code = await checkedAnswer(name, await post(name, JSON.stringify(body), authorization));
        if (code !== 'request_malformed') wellFormed += 1;
      }),
      { numRuns: 12 },
    );
    if (!needsRealMessage.has(name)) assert.ok(wellFormed > 0, 'no generated body came through the schema');
    await fc.assert(
      fc.asyncProperty(spoiled(good), async (body) => {
        await checkedAnswer(name, await post(name, JSON.stringify(body), authorization));
      }),
      { numRuns: 25 },
    );
  });

  test(`${name}: bytes that are no JSON, too many of them, and the wrong type are refused`, async () => {
    const authorization = await authorizationFor(name);
    for (const body of ['', '{', 'null', '[]', '"x"', `{"a":${'['.repeat(5_000)}}`, '\ufeff{}', '{"__proto__":{}}']) {
      assert.equal(await checkedAnswer(name, await post(name, body, authorization)), 'request_malformed', body);
    }
    const tooLarge = await post(name, `"${'x'.repeat(route.maxBodyBytes)}"`, authorization).catch(() => null);
    if (tooLarge !== null) assert.equal(await checkedAnswer(name, tooLarge), 'body_too_large');
    const untyped = await fetch(server.origin + route.path, { method: 'POST', headers: { authorization }, body: '{}' });
    assert.equal(await checkedAnswer(name, untyped), 'request_malformed');
  });
}

for (const name of ROUTE_NAMES) {
  const route = routeNamed(name);

  test(`${name}: other methods and missing rights are refused`, async () => {
    const path = route.path
      .replaceAll(/:(arrival|item|part)/g, '1')
      .replaceAll(/:[a-z]+/g, encodeBytes(randomBytes(16)));
    const others = ROUTE_NAMES.map(routeNamed).filter((each) => each.path === route.path);
    for (const method of ['DELETE', 'PATCH', 'PUT', 'POST']) {
      if (others.some((each) => each.method === method)) continue;
      // Such a path may also be a named part of another route.
      const response = await fetch(server.origin + path, { method });
      assert.ok([405, 401, 400].includes(response.status), `${method} ${path}: ${response.status}`);
      assert.notEqual(parseRefusal(await response.text()), null);
    }
    if (route.auth === 'none') return;
    const expected = route.auth === 'pass' ? 'pass_invalid' : 'session_invalid';
    const wrong = [
      '',
      'Bearer',
      'Bearer x',
      `Bearer ${encodeBytes(randomBytes(48))}`,
      `Pass ${encodeBytes(randomBytes(60))}`,
      'Basic YTpi',
    ];
    for (const authorization of wrong) {
      const response = await fetch(server.origin + path, {
        method: route.method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(route.method === 'GET' ? {} : { body: '{}' }),
      });
      assert.equal(await checkedAnswer(name, response), expected, authorization);
    }
  });
}

test('raw routes refuse paths, hashes and sizes that do not fit', async () => {
  const headers = (body: Uint8Array): Record<string, string> => ({
    authorization: alice.wire.authorization ?? '',
    [BODY_HASH_HEADER]: createHash('sha256').update(body).digest('base64url'),
  });
  const body = randomBytes(100);
  const hold = encodeBytes(randomBytes(16));
  const put = async (path: string, extra: Record<string, string> = {}): Promise<Response> =>
    fetch(server.origin + path, { method: 'PUT', headers: { ...headers(body), ...extra }, body });
  assert.equal(await checkedAnswer('holdsPut', await put(`/v1/holds/${hold}x`)), 'request_malformed');
  assert.equal(await checkedAnswer('holdsPut', await put('/v1/holds/..%2f..%2fetc')), 'request_malformed');
  const wrongHash = encodeBytes(randomBytes(32));
  assert.equal(
    await checkedAnswer('holdsPut', await put(`/v1/holds/${hold}`, { [BODY_HASH_HEADER]: wrongHash })),
    'part_damaged',
  );
  assert.equal(
    await checkedAnswer('holdsPut', await put(`/v1/holds/${hold}`, { [BODY_HASH_HEADER]: 'x' })),
    'request_malformed',
  );
  for (const part of ['-1', '01', '1e3', '99999999', 'x']) {
    const response = await put(`/v1/uploads/${hold}/parts/${part}`);
    assert.equal(await checkedAnswer('uploadsPart', response), 'request_malformed', part);
  }
  assert.equal(await checkedAnswer('uploadsPart', await put(`/v1/uploads/${hold}/parts/0`)), 'not_found');
});

test('a request that is no HTTP, or never ends its head, does not disturb the others', async () => {
  const { port } = server;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('\u0000\u0001 nonsense\r\n\r\n');
  const slow = connect(port, '127.0.0.1');
  slow.on('error', () => undefined);
  slow.write('POST /v1/health HTTP/1.1\r\nx: ');
  assert.equal((await fetch(`${server.origin}/v1/health`)).status, 200);
  socket.destroy();
  slow.destroy();
});

test('a path that no route has is one code', async () => {
  const response = await fetch(`${server.origin}/v2/nothing?token=secret`);
  assert.equal(response.status, 404);
  assert.deepEqual(await response.json(), { code: 'route_unknown' });
});

test('log lines hold route, status, duration and request id, and nothing else', async () => {
  await fetch(`${server.origin}/v1/health?marker=1`, { headers: { authorization: 'Bearer marker' } });
  assert.ok(lines.length > 50);
  for (const line of lines) {
    const fields = Object.keys(JSON.parse(line) as object).toSorted();
    assert.deepEqual(fields, ['hostname', 'level', 'ms', 'pid', 'request', 'route', 'status', 'time'], line);
    assert.doesNotMatch(line, /localhost"|alice|127\.0\.0\.1|marker|Bearer/);
  }
});
