import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { startTestServer } from '../testing/index.ts';
import { bytes, id, register } from '../../test/test-owner.ts';

test('metrics say what was done and not who did it, on a port that the proxy does not reach', async () => {
  const logged: string[] = [];
  const server = await startTestServer({ config: { metricsPort: 0 }, logTo: (line) => logged.push(line) });
  try {
    const alice = await register(server.origin, 'alice-the-marker@localhost');
    await alice.wire.put('holdsPut', { hold: id() }, bytes(1_000));
    await fetch(`${server.origin}/v1/alice-the-marker?alice-the-marker`);
    await fetch(`${server.origin}/v1/account/about`, { method: 'PUT', headers: { authorization: 'alice-the-marker' } });
    const own = `http://127.0.0.1:${server.metricsPort}`;
    assert.equal((await fetch(`${own}/ready`)).status, 200);
    const text = await (await fetch(`${own}/metrics`)).text();
    assert.match(text, /^latchkey_call_seconds_count\{route="\/v1\/register\/finish",status="200"\} 1$/m);
    assert.match(text, /^latchkey_call_seconds_count\{route="unknown",status="404"\} 1$/m);
    assert.match(text, /^latchkey_key_log_open 1$/m);
    const token = alice.wire.authorization?.slice(7) ?? '';
    for (const marker of ['alice-the-marker', token, '127.0.0.1', '::']) {
      assert.ok(!text.includes(marker), `${marker} in the metrics`);
      assert.ok(!logged.join('').includes(marker), `${marker} in the log`);
    }
    // Every line is a comment, or a name of ours with route and status alone.
    for (const line of text.trimEnd().split('\n')) {
      assert.match(
        line,
        /^(# TYPE [a-z_]+ [a-z]+|[a-z_]+(\{route="[a-z0-9/:._-]+",status="[0-9]{3}"(,le="[0-9.+Inf]+")?\})? [0-9.e+-]+)$/,
      );
    }
    for (const path of ['/metrics', '/ready']) assert.equal((await fetch(server.origin + path)).status, 404);
    assert.equal((await fetch(`${own}/v1/health`)).status, 404);
  } finally {
    await server.stop();
  }
});

test('a stop lets a call that is under way end, takes no new one, and waits for no listener', async () => {
  const server = await startTestServer();
  const alice = await register(server.origin, 'alice@localhost');
  const listener = new AbortController();
  const events = alice.wire.events(0, listener.signal)[Symbol.asyncIterator]();
  const next = events.next().catch(() => null);
  const body = JSON.stringify({});
  const call = request(`${server.origin}/v1/account/about`, {
    method: 'POST',
    headers: {
      authorization: alice.wire.authorization ?? '',
      'content-type': 'application/json',
      'content-length': body.length,
    },
  });
  call.write(body.slice(0, 1));
  while (server.services.meter.working === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const startedMs = performance.now();
  const stopped = server.stop();
  await new Promise((resolve) => setTimeout(resolve, 100));
  await assert.rejects(fetch(`${server.origin}/v1/health`));
  call.end(body.slice(1));
  const [response] = (await once(call, 'response')) as [{ statusCode: number; resume(): void }];
  response.resume();
  assert.equal(response.statusCode, 200);
  await stopped;
  await next;
  assert.ok(performance.now() - startedMs < 7_000);
});
