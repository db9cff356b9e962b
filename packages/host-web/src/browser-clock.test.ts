import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserClock } from './browser-clock.ts';

test('sleep lasts its time, and ends soon after the signal', async () => {
  const before = performance.now();
  await browserClock.sleep(30);
  assert.ok(performance.now() - before >= 29);
  const stop = { aborted: false };
  setTimeout(() => {
    stop.aborted = true;
  }, 20);
  const beganMs = performance.now();
  await browserClock.sleep(60_000, stop);
  assert.ok(performance.now() - beganMs < 10_000);
  await browserClock.sleep(60_000, { aborted: true });
});
