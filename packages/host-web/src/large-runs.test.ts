import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChunkCipher, ChunkWorkers, Run } from '@latchkey/crypto/engine-web';
import { largeRunsElsewhere } from './large-runs.ts';

const run = (lengthBytes: number): Run => ({
  payloadKey: new Uint8Array(32),
  firstChunk: 0,
  bytes: new Uint8Array(lengthBytes),
  final: true,
});
const cipherOf = (place: number, fails = false): ChunkCipher => ({
  chunksPerRun: 1,
  runsInFlight: 1,
  sealRun: async () => (fails ? Promise.reject(new Error('failed')) : Uint8Array.of(place)),
  openRun: async () => ({ bytes: Uint8Array.of(place), whole: true }),
});

function setUp(fails: readonly boolean[] = []) {
  let started = 0;
  let open = 0;
  let end: (() => void) | null = null;
  const cipher = largeRunsElsewhere({
    here: cipherOf(0),
    start(): ChunkWorkers {
      started += 1;
      open += 1;
      return { ...cipherOf(started, fails[started - 1] ?? false), close: () => void (open -= 1) };
    },
    later(run) {
      end = run;
      return () => (end = null);
    },
  });
  return { cipher, counts: () => ({ started, open }), idle: () => end?.() };
}

test('small runs stay here, large ones share workers, which end when nothing comes', async () => {
  const { cipher, counts, idle } = setUp();
  assert.deepEqual(await cipher.sealRun(run(65_536)), Uint8Array.of(0));
  assert.deepEqual(counts(), { started: 0, open: 0 });
  assert.deepEqual(await cipher.sealRun(run(2_097_152)), Uint8Array.of(1));
  assert.deepEqual((await cipher.openRun(run(2_097_152))).bytes, Uint8Array.of(1));
  assert.deepEqual(counts(), { started: 1, open: 1 });
  idle();
  assert.deepEqual(counts(), { started: 1, open: 0 });
  assert.deepEqual(await cipher.sealRun(run(2_097_152)), Uint8Array.of(2));
});

test('nothing is ended while a run is under way; workers that failed are not asked again', async () => {
  const { cipher, counts, idle } = setUp([true]);
  const failing = cipher.sealRun(run(2_097_152));
  idle();
  assert.deepEqual(counts(), { started: 1, open: 1 });
  await assert.rejects(async () => failing);
  assert.deepEqual(counts(), { started: 1, open: 0 });
  assert.deepEqual(await cipher.sealRun(run(2_097_152)), Uint8Array.of(2));
});
