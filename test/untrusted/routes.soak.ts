/**
 * Every route of the table that takes JSON, under changed bytes of good bodies, for a minute each in a full run: an answer of
 * its row, soon, and in memory that does not grow. Whoever is refused as too eager waits.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROUTE_NAMES, routeNamed } from '../../packages/protocol/src/wire/index.ts';
import { fuzzFor, soakShare, tellSoak } from '../../packages/testkit/src/index.ts';
import { startTestServer } from '../../apps/server/src/testing/index.ts';
import { sampleBodies } from '../../apps/server/test/arbitrary-request.ts';
import { checkedAnswer, routeDriver } from '../../apps/server/test/drive-route.ts';
import { register } from '../../apps/server/test/test-owner.ts';

const FULL_MS = 60_000;
const SEEDS = 20;
const MOST_GROWTH_BYTES = 400_000_000;
const seed = Number(process.env['LATCHKEY_SOAK_SEED'] ?? Date.now() % 0xffff_ffff);

const server = await startTestServer();
const driver = routeDriver(server, await register(server.origin, 'alice@localhost'));
try {
  for (const name of ROUTE_NAMES) {
    const route = routeNamed(name);
    if (route.takes !== 'json') continue;
    let authorization = await driver.authorizationFor(name);
    const before = process.memoryUsage().rss;
    const figures = await fuzzFor(
      {
        name,
        seeds: sampleBodies(route.request, { count: SEEDS, seed }),
        async judge(input) {
          const code = await checkedAnswer(name, await driver.post(name, Uint8Array.from(input), authorization));
          if (code === 'rate_limited') await sleep(100);
          // A pass is good for two hours at most, and a session ends where a route ends it.
          if (code === 'pass_invalid' || code === 'session_invalid')
            authorization = await driver.authorizationFor(name);
          return code !== 'request_malformed';
        },
      },
      { forMs: FULL_MS * soakShare(), mostRuns: Number.POSITIVE_INFINITY, seed },
    );
    assert.ok(process.memoryUsage().rss - before < MOST_GROWTH_BYTES, `${name}: the server keeps what it was sent`);
    tellSoak(figures);
  }
} finally {
  await server.stop();
}
