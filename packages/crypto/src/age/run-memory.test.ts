import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, collectUntilFailure, cutInto, hasCode, patternBytes } from '../../test/streams.ts';
import { nodeEngine } from '../engine-node/node-engine.ts';
import type { ChunkCipher } from './chunk-cipher.ts';
import { chunkCipher } from './engine-chunk-cipher.ts';
import { openPayload } from './open-payload.ts';
import { CHUNK_BYTES, CHUNK_PLAINTEXT_BYTES } from './payload-size.ts';
import { RunMemory } from './run-memory.ts';
import { sealPayload } from './seal-payload.ts';

const payloadKey = patternBytes(32);
const CHUNK = CHUNK_PLAINTEXT_BYTES;
const PLAINTEXT = patternBytes(8 * CHUNK);
const cipher: ChunkCipher = { ...chunkCipher(nodeEngine), runsInFlight: 3 };

const sealed = async (size: number) =>
  collect(sealPayload(cipher, { payloadKey, plaintext: cutInto(PLAINTEXT.subarray(0, size), size) }));
const openedFrom = async (chunks: AsyncIterable<Uint8Array>, by: ChunkCipher) =>
  collectUntilFailure(openPayload(by, { payloadKey, chunks }));

test('what is given back is given out again; other sizes, and views, are let go', () => {
  const memory = new RunMemory(8);
  const first = memory.take();
  assert.equal(first.length, 8);
  assert.notEqual(memory.take(), first);
  memory.giveBack(new Uint8Array(7));
  memory.giveBack(new Uint8Array(9).subarray(0, 8));
  memory.giveBack(first);
  assert.equal(memory.take(), first);
  const other = memory.take();
  assert.notEqual(other, first);
  assert.deepEqual([other.length, other.buffer.byteLength], [8, 8]);
});

/** Reads a run late, as far as it may, and leaves it as it was. */
const readingLate: ChunkCipher = {
  ...cipher,
  chunksPerRun: 1,
  borrows: true,
  openRun: async (run) => {
    await new Promise((resolve) => setImmediate(resolve));
    return cipher.openRun(run);
  },
};

test('where runs are only read, their memory is used again, and not before they were read', async () => {
  const chunks = await sealed(8 * CHUNK - 7);
  const seen: ArrayBuffer[] = [];
  const watched: ChunkCipher = {
    ...readingLate,
    openRun: (run) => {
      seen.push(run.bytes.buffer);
      return readingLate.openRun(run);
    },
  };
  const opened = await openedFrom(cutInto(chunks, 30_000), watched);
  assert.deepEqual(opened, { bytes: PLAINTEXT.slice(0, 8 * CHUNK - 7), failure: null });
  assert.equal(seen.length, 8);
  // Three under way, one being filled, and one that waits to be taken.
  assert.ok(new Set(seen).size <= 5, `${new Set(seen).size} arrays`);
});

test('with memory that is used again, the same is refused in the same way', async () => {
  const chunks = await sealed(4 * CHUNK + 40);
  const bad = chunks.slice();
  bad[2 * CHUNK_BYTES + 9]! ^= 1;
  const damaged = await openedFrom(cutInto(bad, 9999), readingLate);
  assert.ok(hasCode('payload_damaged')(damaged.failure));
  assert.deepEqual(damaged.bytes, PLAINTEXT.slice(0, 2 * CHUNK));
  const cut = await openedFrom(cutInto(chunks.subarray(0, 3 * CHUNK_BYTES), 9999), readingLate);
  assert.ok(hasCode('payload_truncated')(cut.failure));
  assert.deepEqual(cut.bytes, PLAINTEXT.slice(0, 3 * CHUNK));
  const longer = Buffer.concat([await sealed(2 * CHUNK), chunks]);
  const followed = await openedFrom(cutInto(longer, 9999), readingLate);
  assert.ok(hasCode('payload_damaged')(followed.failure));
  assert.deepEqual(followed.bytes, PLAINTEXT.slice(0, 2 * CHUNK));
});
