import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { webNetwork } from './web-network.ts';

const browserFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = browserFetch;
});

function request(signal: AbortSignal): Parameters<ReturnType<typeof webNetwork>['fetch']>[1] {
  return {
    method: 'GET',
    headers: {},
    signal,
    redirect: 'manual',
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
  };
}

test('whether the server was reached is told after each request, but not of one that was given up', async () => {
  const told: boolean[] = [];
  const network = webNetwork((isReached) => told.push(isReached));
  const { signal } = new AbortController();
  globalThis.fetch = () => Promise.resolve(new Response('', { status: 503 }));
  await network.fetch('http://localhost/', request(signal));
  globalThis.fetch = () => Promise.reject(new TypeError('no network'));
  await assert.rejects(network.fetch('http://localhost/', request(signal)), TypeError);
  const stopped = new AbortController();
  stopped.abort();
  await assert.rejects(network.fetch('http://localhost/', request(stopped.signal)), TypeError);
  assert.deepEqual(told, [true, false]);
});

test('what is asked goes to the browser as it is: no cookies, no redirects, no cache, no referrer', async () => {
  const given: RequestInit[] = [];
  globalThis.fetch = (_url, init) => {
    given.push(init ?? {});
    return Promise.resolve(new Response(''));
  };
  const { signal } = new AbortController();
  await webNetwork().fetch('http://localhost/', request(signal));
  assert.deepEqual(given, [request(signal)]);
});

test('text is UTF-8 or nothing, and a timer that is called off does not run', async () => {
  const network = webNetwork();
  assert.equal(network.decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])), '\ufeffa');
  assert.throws(() => network.decodeUtf8(new Uint8Array([0xff])), TypeError);
  let runs = 0;
  const callOff = network.after(1, () => {
    runs += 1;
  });
  callOff();
  await new Promise<void>((resolve) => {
    network.after(20, resolve);
  });
  assert.equal(runs, 0);
});
