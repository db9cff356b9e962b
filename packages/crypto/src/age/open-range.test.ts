import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { collect, collectUntilFailure, hasCode, patternBytes, streamOf } from '../../test/streams.ts';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { concatBytes } from './bytes.ts';
import type { ChunkCipher } from './chunk-cipher.ts';
import { chunkCipher } from './engine-chunk-cipher.ts';
import { openRange, openSeekable } from './open-range.ts';
import { payloadKeyOf } from './payload-key.ts';
import { CHUNK_BYTES, CHUNK_PLAINTEXT_BYTES } from './payload-size.ts';
import { sealPayload } from './seal-payload.ts';

const CHUNK = CHUNK_PLAINTEXT_BYTES;
const fileKey = patternBytes(16);
const nonce = patternBytes(32).slice(16);
const cipher: ChunkCipher = { ...chunkCipher(nodeEngine), chunksPerRun: 2, runsInFlight: 2 };
const PLAINTEXT = patternBytes(7 * CHUNK + 77);

async function sealed(size: number): Promise<Uint8Array<ArrayBuffer>> {
  const payloadKey = await payloadKeyOf(nodeEngine, fileKey, nonce);
  const plaintext = streamOf(PLAINTEXT.subarray(0, size));
  return concatBytes(nonce, await collect(sealPayload(cipher, { payloadKey, plaintext })));
}

/** A reader that writes down what was read. */
function readerOf(payload: Uint8Array) {
  const reads: [number, number][] = [];
  const readAt = async (offset: number, lengthBytes: number) => {
    reads.push([offset, lengthBytes]);
    return payload.slice(offset, offset + lengthBytes);
  };
  return { reads, reader: { sizeBytes: payload.length, readAt } };
}

const seekable = async (payload: Uint8Array) =>
  openSeekable(nodeEngine, { fileKey, reader: readerOf(payload).reader, cipher });

let payload = new Uint8Array(0);
before(async () => {
  payload = await sealed(PLAINTEXT.length);
});

test('any range is the slice of the plaintext', async () => {
  const opened = await seekable(payload);
  assert.equal(opened.plaintextSizeBytes, PLAINTEXT.length);
  const place = fc.oneof(
    fc.nat(PLAINTEXT.length),
    fc.tuple(fc.nat(7), fc.integer({ min: -2, max: 2 })).map(([n, d]) => Math.max(0, n * CHUNK + d)),
  );
  await fc.assert(
    fc.asyncProperty(place, place, async (a, b) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b)];
      assert.deepEqual(await collect(openRange(opened, start, end)), PLAINTEXT.slice(start, end));
    }),
    { numRuns: 60 },
  );
});

test('payloads of every shape open as ranges', async () => {
  for (const size of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 4 * CHUNK]) {
    const opened = await seekable(await sealed(size));
    assert.equal(opened.plaintextSizeBytes, size);
    assert.deepEqual(await collect(openRange(opened, 0, size)), PLAINTEXT.slice(0, size));
    assert.deepEqual(await collect(openRange(opened, size, size)), new Uint8Array(0));
  }
});

test('only the nonce and the last chunk are read before a range, and then the chunks of the range', async () => {
  const { reads, reader } = readerOf(payload);
  const opened = await openSeekable(nodeEngine, { fileKey, reader, cipher });
  assert.deepEqual(reads.splice(0), [
    [0, 16],
    [16 + 7 * CHUNK_BYTES, 77 + 16],
  ]);
  await collect(openRange(opened, CHUNK + 5, CHUNK + 6));
  assert.deepEqual(reads.splice(0), [[16 + CHUNK_BYTES, CHUNK_BYTES]]);
  await collect(openRange(opened, 2 * CHUNK, 5 * CHUNK));
  assert.deepEqual(reads.splice(0), [
    [16 + 2 * CHUNK_BYTES, 2 * CHUNK_BYTES],
    [16 + 4 * CHUNK_BYTES, CHUNK_BYTES],
  ]);
  await collect(openRange(opened, 9, 9));
  assert.deepEqual(reads, []);
});

test('the plain cipher of the engine serves where none is given', async () => {
  const opened = await openSeekable(nodeEngine, { fileKey, reader: readerOf(payload).reader });
  assert.equal(opened.cipher.chunksPerRun, 16);
  assert.deepEqual(await collect(openRange(opened, 3, 2 * CHUNK)), PLAINTEXT.slice(3, 2 * CHUNK));
});

test('a range outside is refused before anything is read', async () => {
  const { reads, reader } = readerOf(payload);
  const opened = await openSeekable(nodeEngine, { fileKey, reader, cipher });
  reads.length = 0;
  const size = PLAINTEXT.length;
  for (const [start, end] of [
    [-1, 2],
    [2, 1],
    [0, size + 1],
    [size + 1, size + 1],
    [0.5, 2],
    [0, 1.5],
    [NaN, 2],
    [0, NaN],
  ] as const)
    await assert.rejects(collect(openRange(opened, start, end)), hasCode('range_outside_payload'), `${start} ${end}`);
  assert.deepEqual(reads, []);
});

test('a payload that is cut or lengthened is refused before any range', async () => {
  const boundary = 16 + 4 * CHUNK_BYTES;
  for (const end of [
    0,
    15,
    16,
    31,
    payload.length - 1,
    boundary,
    boundary + 1,
    boundary + 16,
    boundary + 17,
    boundary - 1,
  ]) {
    const code = [0, 15, 16, 31, boundary + 1, boundary + 16].includes(end) ? 'payload_truncated' : 'payload_damaged';
    await assert.rejects(seekable(payload.subarray(0, end)), hasCode(code), `cut at ${end}`);
  }
  for (const extra of [1, 16, CHUNK_BYTES])
    await assert.rejects(seekable(concatBytes(payload, new Uint8Array(extra))), hasCode('payload_damaged'));
});

test('a changed chunk is refused when a range reaches it, and in no other range', async () => {
  const changed = payload.slice();
  changed[16 + 3 * CHUNK_BYTES + 9]! ^= 4;
  const opened = await seekable(changed);
  assert.deepEqual(await collect(openRange(opened, 0, 3 * CHUNK)), PLAINTEXT.slice(0, 3 * CHUNK));
  assert.deepEqual(await collect(openRange(opened, 4 * CHUNK, 6 * CHUNK)), PLAINTEXT.slice(4 * CHUNK, 6 * CHUNK));
  const { bytes, failure } = await collectUntilFailure(openRange(opened, 5, 6 * CHUNK));
  assert.ok(hasCode('payload_damaged')(failure));
  assert.deepEqual(bytes, PLAINTEXT.slice(5, 2 * CHUNK));
  await assert.rejects(collect(openRange(opened, 3 * CHUNK, 3 * CHUNK + 1)), hasCode('payload_damaged'));
});

test('a payload that becomes shorter while it is read is cut short', async () => {
  const { reader } = readerOf(payload);
  let cut = false;
  const readAt = async (offset: number, lengthBytes: number) =>
    (await reader.readAt(offset, lengthBytes)).slice(0, cut ? -1 : lengthBytes);
  const opened = await openSeekable(nodeEngine, { fileKey, reader: { ...reader, readAt }, cipher });
  cut = true;
  await assert.rejects(collect(openRange(opened, 0, 1)), hasCode('payload_truncated'));
});

test('plaintext that is not given out is zeroed', async () => {
  const outputs: Uint8Array[] = [];
  const watched: ChunkCipher = {
    ...cipher,
    openRun: async (run) => {
      const opened = await cipher.openRun(run);
      outputs.push(opened.bytes);
      return opened;
    },
  };
  const changed = payload.slice();
  changed[16 + 3 * CHUNK_BYTES + 9]! ^= 4;
  const opened = await openSeekable(nodeEngine, { fileKey, reader: readerOf(changed).reader, cipher: watched });
  await assert.rejects(collect(openRange(opened, 2 * CHUNK, 4 * CHUNK)), hasCode('payload_damaged'));
  assert.deepEqual(
    outputs.map(({ length }) => length),
    [77, CHUNK],
  );
  for (const output of outputs) assert.ok(output.every((byte) => byte === 0));
});

test('another file key opens nothing', async () => {
  const { reader } = readerOf(payload);
  await assert.rejects(
    openSeekable(nodeEngine, { fileKey: new Uint8Array(16), reader, cipher }),
    hasCode('payload_damaged'),
  );
  await assert.rejects(
    openSeekable(nodeEngine, { fileKey: new Uint8Array(15), reader, cipher }),
    hasCode('argument_invalid'),
  );
});
