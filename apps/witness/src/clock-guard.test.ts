import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALLOWED_BACK_SECONDS, ClockGuard } from './clock-guard.ts';

test('times never go back: a small step waits, a large one refuses, and a clock set right goes on', () => {
  let now = 1_000_000;
  const guard = new ClockGuard(() => now, 0);
  assert.equal(guard.next(), 1_000_000);
  now += 10;
  assert.equal(guard.next(), 1_000_010);
  now -= ALLOWED_BACK_SECONDS;
  assert.equal(guard.next(), 1_000_010);
  now -= 1;
  assert.equal(guard.next(), null);
  now = 1_000_020;
  assert.equal(guard.next(), 1_000_020);
});

test('after a start it goes on from the newest time that was signed', () => {
  assert.equal(new ClockGuard(() => 500_000, 1_000_000).next(), null);
  assert.equal(new ClockGuard(() => 999_990, 1_000_000).next(), 1_000_000);
});

test('a clock that tells no time is wrong', () => {
  for (const now of [0, -5, 1.5, Number.NaN]) assert.equal(new ClockGuard(() => now, 0).next(), null);
});
