import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneAtATime } from './one-at-a-time.ts';

test('work does not overlap, who waits too long is told so, and late work still ends', async () => {
  const line = new OneAtATime();
  const done: string[] = [];
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const slow = line.run(async () => {
    await gate;
    done.push('slow');
    return 1;
  }, 20);
  const impatient = line.run(async () => {
    done.push('impatient');
    return 2;
  }, 20);
  const patient = line.run(async () => {
    done.push('patient');
    return 3;
  }, null);
  assert.deepEqual(await Promise.all([slow, impatient]), [null, null]);
  assert.deepEqual(done, []);
  open();
  assert.equal(await patient, 3);
  assert.deepEqual(done, ['slow', 'patient']);
});

test('work that fails fails for its caller alone', async () => {
  const line = new OneAtATime();
  const failing = line.run(() => Promise.reject(new Error('planted')), 1_000);
  const next = line.run(() => Promise.resolve('next'), 1_000);
  await assert.rejects(failing, /planted/);
  assert.equal(await next, 'next');
});
