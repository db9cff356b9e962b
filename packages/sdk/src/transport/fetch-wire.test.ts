import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { fetchWire } from './index.ts';
import type { Network } from './network.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const network: Network<AbortSignal> = {
  fetch: (url, request) => fetch(url, request),
  newAbort: () => new AbortController(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  decodeUtf8: (bytes) => strictUtf8.decode(bytes),
};

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

test('a call is answered by the row of its route', async () => {
  const wire = fetchWire(network, server.origin, { engine: nodeEngine });
  const known = await wire.call(ROUTES.wellKnown, {});
  assert.equal(known.origin, server.origin);
  await assert.rejects(wire.call(ROUTES.accountAbout, {}), { code: 'server_refused', wire: 'session_invalid' });
  await assert.rejects(wire.put(ROUTES.holdsPut, { hold: new Uint8Array(randomBytes(16)) }, new Uint8Array(3)), {
    wire: 'session_invalid',
  });
});
