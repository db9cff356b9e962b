import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { collect, collectUntilFailure, cutInto, hasCode, patternBytes, streamOf } from '../../test/streams.ts';
import { nodeEngine } from '../engine-node/node-engine.ts';
import type { ChunkCipher } from './chunk-cipher.ts';
import { chunkCipher } from './engine-chunk-cipher.ts';
import { openPayload } from './open-payload.ts';
import { CHUNK_BYTES, CHUNK_PLAINTEXT_BYTES, NONCE_BYTES, payloadSizeOf } from './payload-size.ts';
import { sealPayload } from './seal-payload.ts';

const payloadKey = patternBytes(32);
const CHUNK = CHUNK_PLAINTEXT_BYTES;
/** Runs of two chunks, so that few chunks make several runs; three under way. */
const cipher: ChunkCipher = { ...chunkCipher(nodeEngine), chunksPerRun: 2, runsInFlight: 3 };
const PLAINTEXT = patternBytes(7 * CHUNK);

const sealed = async (size: number) =>
  collect(sealPayload(cipher, { payloadKey, plaintext: streamOf(PLAINTEXT.subarray(0, size)) }));
const openedFrom = async (chunks: AsyncIterable<Uint8Array>, by = cipher) =>
  collectUntilFailure(openPayload(by, { payloadKey, chunks }));

const nearBoundary = fc
  .tuple(fc.nat(6), fc.integer({ min: -17, max: 17 }))
  .map(([chunks, bytes]) => Math.max(0, chunks * CHUNK + bytes));
const pieceSizes = fc.array(fc.integer({ min: 1, max: 150_000 }), { minLength: 1, maxLength: 4 });

test('what is sealed in any pieces is opened in any pieces', async () => {
  await fc.assert(
    fc.asyncProperty(nearBoundary, pieceSizes, pieceSizes, async (size, sealSizes, openSizes) => {
      const plaintext = PLAINTEXT.subarray(0, size);
      const chunks = await collect(sealPayload(cipher, { payloadKey, plaintext: cutInto(plaintext, ...sealSizes) }));
      assert.equal(chunks.length + NONCE_BYTES, payloadSizeOf(size));
      const { bytes, failure } = await openedFrom(cutInto(chunks, ...openSizes));
      assert.equal(failure, null);
      assert.deepEqual(bytes, PLAINTEXT.slice(0, size));
    }),
    { numRuns: 40 },
  );
});

test('how many chunks a run has and how many are under way changes no byte', async () => {
  const size = 5 * CHUNK + 3;
  const expected = await sealed(size);
  for (const [chunksPerRun, runsInFlight] of [
    [1, 1],
    [1, 4],
    [3, 1],
    [5, 2],
    [16, 2],
  ] as const) {
    for (const borrows of [false, true]) {
      const other = { ...cipher, chunksPerRun, runsInFlight, borrows };
      const source = () => cutInto(PLAINTEXT.subarray(0, size), 70_001);
      assert.deepEqual(await collect(sealPayload(other, { payloadKey, plaintext: source() })), expected);
      assert.deepEqual((await openedFrom(cutInto(expected, 70_001), other)).bytes, PLAINTEXT.slice(0, size));
    }
  }
});

test('cut anywhere, a payload is refused, and only verified plaintext has come out', async () => {
  const size = 4 * CHUNK + 40;
  const chunks = await sealed(size);
  const boundaries = [0, 1, 2, 3, 4].map((n) => n * CHUNK_BYTES);
  const ends = boundaries.flatMap((at) => [at - 1, at, at + 1, at + 15, at + 16, at + 17, at + 30]);
  for (const end of ends.filter((at) => at >= 0 && at < chunks.length)) {
    const { bytes, failure } = await openedFrom(streamOf(chunks.subarray(0, end)));
    const wholeChunks = Math.floor(end / CHUNK_BYTES);
    assert.deepEqual(bytes, PLAINTEXT.slice(0, wholeChunks * CHUNK), `cut at ${end}`);
    const tail = end % CHUNK_BYTES;
    assert.ok(
      hasCode(tail < 16 ? 'payload_truncated' : 'payload_damaged')(failure),
      `cut at ${end}: ${String(failure)}`,
    );
  }
});

test('one changed bit anywhere is refused, after the chunks before it', async () => {
  const size = 4 * CHUNK + 40;
  const chunks = await sealed(size);
  await fc.assert(
    fc.asyncProperty(fc.nat(chunks.length - 1), fc.nat(7), async (place, bit) => {
      const changed = chunks.slice();
      changed[place]! ^= 1 << bit;
      const { bytes, failure } = await openedFrom(streamOf(changed));
      assert.ok(hasCode('payload_damaged')(failure));
      assert.deepEqual(bytes, PLAINTEXT.slice(0, Math.floor(place / CHUNK_BYTES) * CHUNK));
    }),
    { numRuns: 60 },
  );
});

test('whatever follows the final chunk is refused, after the whole plaintext if that chunk was full', async () => {
  for (const chunkCount of [1, 2, 3, 4]) {
    const chunks = await sealed(chunkCount * CHUNK);
    for (const extra of [1, 15, 16, 17, 40, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES]) {
      const { bytes, failure } = await openedFrom(streamOf(chunks, new Uint8Array(extra)));
      assert.ok(hasCode('payload_damaged')(failure), `${chunkCount} ${extra}`);
      assert.match(String(failure), /something follows the final chunk/);
      assert.deepEqual(bytes, PLAINTEXT.slice(0, chunkCount * CHUNK));
    }
  }
  const short = await sealed(40);
  const { bytes, failure } = await openedFrom(streamOf(short, Uint8Array.of(0)));
  assert.ok(hasCode('payload_damaged')(failure));
  assert.equal(bytes.length, 0);
});

test('chunks that change places, go missing or come twice are refused', async () => {
  const chunks = await sealed(4 * CHUNK);
  const [a, b, c, d] = [0, 1, 2, 3].map((i) => chunks.slice(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES));
  assert.ok(a && b && c && d);
  for (const order of [
    [b, a, c, d],
    [a, c, d],
    [a, a, b, c, d],
    [a, b, d],
    [b, c, d],
  ]) {
    const { failure } = await openedFrom(streamOf(...order));
    assert.ok(hasCode('payload_damaged')(failure));
  }
});

test('an empty plaintext is one empty chunk, and no other payload ends with one', async () => {
  const empty = await sealed(0);
  assert.equal(empty.length, 16);
  assert.deepEqual(await openedFrom(streamOf(empty)), { bytes: new Uint8Array(0), failure: null });
  for (const chunkCount of [1, 2, 3]) {
    const middle = await collectRun(chunkCount, false);
    const tail = await cipher.sealRun({ payloadKey, firstChunk: chunkCount, bytes: new Uint8Array(0), final: true });
    const { bytes, failure } = await openedFrom(streamOf(middle, tail));
    assert.ok(hasCode('payload_damaged')(failure));
    assert.match(String(failure), /final chunk is empty/);
    assert.deepEqual(bytes, PLAINTEXT.slice(0, chunkCount * CHUNK));
  }
});

test('no empty piece comes out', async () => {
  const failing = (await sealed(40)).slice();
  failing[0]! ^= 1;
  for (const chunks of [await sealed(0), failing]) {
    const opening = openPayload(cipher, { payloadKey, chunks: streamOf(chunks) });
    const first = await opening.next().catch(() => ({ value: undefined }));
    assert.equal(first.value, undefined);
  }
});

test('a payload that ends without a final chunk is cut short; a short chunk without the flag is damage', async () => {
  for (const chunkCount of [1, 2, 3]) {
    const { bytes, failure } = await openedFrom(streamOf(await collectRun(chunkCount, false)));
    assert.ok(hasCode('payload_truncated')(failure));
    assert.deepEqual(bytes, PLAINTEXT.slice(0, chunkCount * CHUNK));
  }
  const short = await cipher.sealRun({ payloadKey, firstChunk: 0, bytes: patternBytes(9), final: false });
  const { bytes, failure } = await openedFrom(streamOf(short));
  assert.ok(hasCode('payload_damaged')(failure));
  assert.equal(bytes.length, 0);
});

test('no bytes at all, or less than a tag, is cut short', async () => {
  for (const size of [0, 1, 15])
    assert.ok(hasCode('payload_truncated')((await openedFrom(streamOf(new Uint8Array(size)))).failure));
});

test('a cipher that keeps the bad chunk to itself leaves every failure a change', async () => {
  const mute: ChunkCipher = {
    ...cipher,
    openRun: async (run) => {
      const { bytes, whole } = await cipher.openRun(run);
      return { bytes, whole };
    },
  };
  const { bytes, failure } = await openedFrom(streamOf(await collectRun(2, false)), mute);
  assert.ok(hasCode('payload_damaged')(failure));
  assert.deepEqual(bytes, PLAINTEXT.slice(0, CHUNK));
});

test('a source or cipher that fails says so, after the plaintext before', async () => {
  const chunks = await sealed(6 * CHUNK);
  const broken = async function* () {
    yield chunks.subarray(0, 4 * CHUNK_BYTES + 1);
    throw new Error('disk on fire');
  };
  const source = await openedFrom(broken());
  assert.match(String(source.failure), /disk on fire/);
  assert.deepEqual(source.bytes, PLAINTEXT.slice(0, 4 * CHUNK));
  const failing: ChunkCipher = {
    ...cipher,
    openRun: (run) => {
      if (run.firstChunk === 2) throw new Error('thread gone');
      return cipher.openRun(run);
    },
  };
  const thread = await openedFrom(streamOf(chunks), failing);
  assert.match(String(thread.failure), /thread gone/);
  assert.deepEqual(thread.bytes, PLAINTEXT.slice(0, 2 * CHUNK));
});

test('a cipher may take the bytes of a run away', async () => {
  const taking: ChunkCipher = {
    ...cipher,
    sealRun: async (run) =>
      cipher.sealRun({ ...run, bytes: structuredClone(run.bytes, { transfer: [run.bytes.buffer] }) }),
    openRun: async (run) =>
      cipher.openRun({ ...run, bytes: structuredClone(run.bytes, { transfer: [run.bytes.buffer] }) }),
  };
  const chunks = await collect(sealPayload(taking, { payloadKey, plaintext: cutInto(PLAINTEXT, 1000) }));
  assert.deepEqual((await openedFrom(cutInto(chunks, 1000), taking)).bytes, PLAINTEXT);
  for (const end of [3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 16]) {
    const { bytes, failure } = await openedFrom(streamOf(chunks.subarray(0, end)), taking);
    assert.deepEqual(bytes, PLAINTEXT.slice(0, 3 * CHUNK));
    assert.ok(hasCode(end % CHUNK_BYTES === 0 ? 'payload_truncated' : 'payload_damaged')(failure));
  }
});

async function collectRun(chunkCount: number, final: boolean): Promise<Uint8Array> {
  return cipher.sealRun({ payloadKey, firstChunk: 0, bytes: PLAINTEXT.slice(0, chunkCount * CHUNK), final });
}
