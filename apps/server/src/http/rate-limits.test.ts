import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestServer } from '../testing/index.ts';
import { logIn, register } from '../../test/test-owner.ts';
import { RATE_LIMITS, rateLimits } from './rate-limits.ts';

test('a name may do something so often, then waits; other names do not', () => {
  let nowMs = 1_000_000;
  const limits = rateLimits(() => nowMs);
  const { burst, perHour } = RATE_LIMITS.login;
  for (let each = 0; each < burst; each++) limits.take('login', 'a');
  assert.throws(() => limits.take('login', 'a'), { code: 'rate_limited', retryAfterSeconds: 3_600 / perHour });
  limits.take('login', 'b');
  limits.take('passes', 'a');
  nowMs += 3_600_000 / perHour;
  limits.take('login', 'a');
  assert.throws(() => limits.take('login', 'a'), { code: 'rate_limited' });
  // A clock that goes back gives nothing and takes nothing.
  nowMs -= 86_400_000;
  assert.throws(() => limits.take('login', 'a'), { code: 'rate_limited' });
});

test('names are forgotten before they fill the memory', () => {
  const limits = rateLimits(() => 0);
  limits.take('newcomer', 'a', RATE_LIMITS.newcomer.burst);
  for (let name = 0; name < 250_000; name++) limits.take('resolve', String(name));
  // And whoever fills one limit with names, as anybody can at a login, gets no other one back.
  assert.throws(() => limits.take('newcomer', 'a'), { code: 'rate_limited' });
  for (let each = 0; each < RATE_LIMITS.login.burst; each++) limits.take('login', 'a');
  assert.throws(() => limits.take('login', 'a'), { code: 'rate_limited' });
});

test('guessing a password is slowed down over the wire, and says for how long', async () => {
  const server = await startTestServer({ limits: 'real' });
  try {
    const alice = await register(server.origin, 'alice@localhost');
    const tries = Array.from({ length: RATE_LIMITS.login.burst }, () => logIn(server.origin, alice.address, 'wrong'));
    for (const each of await Promise.allSettled(tries)) assert.equal(each.status, 'rejected');
    const response = await fetch(`${server.origin}/v1/login/start`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ address: alice.address, request: 'AAAA' }),
    });
    assert.equal(response.status, 429);
    assert.ok(Number(response.headers.get('retry-after')) > 0);
  } finally {
    await server.stop();
  }
});
