import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutInto, patternBytes, streamOf } from '../../test/streams.ts';
import { type CutRun, cutRuns, type RunShape } from './cut-runs.ts';

async function runsOf(source: AsyncIterable<Uint8Array>, shape: RunShape): Promise<CutRun[]> {
  const runs: CutRun[] = [];
  for await (const { bytes, ...rest } of cutRuns(source, shape)) runs.push({ bytes: bytes.slice(), ...rest });
  return runs;
}

test('any bytes in any pieces become full runs and a last one', async () => {
  const sizes = fc
    .array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 5 })
    .filter((all) => all.some(Boolean));
  await fc.assert(
    fc.asyncProperty(
      fc.nat(120),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      sizes,
      fc.boolean(),
      async (...given) => {
        const [lengthBytes, chunkBytes, chunksPerRun, pieceSizes, borrow] = given;
        const bytes = patternBytes(lengthBytes);
        const runs = await runsOf(cutInto(bytes, ...pieceSizes), { chunkBytes, chunksPerRun, borrow });
        const runBytes = chunkBytes * chunksPerRun;
        const count = Math.max(1, Math.ceil(lengthBytes / runBytes));
        const expected = Array.from({ length: count }, (_, i) => ({
          firstChunk: i * chunksPerRun,
          bytes: bytes.slice(i * runBytes, (i + 1) * runBytes),
          final: i === count - 1,
        }));
        assert.deepEqual(runs, expected);
      },
    ),
    { numRuns: 500 },
  );
});

test('an empty stream is one empty last run', async () => {
  const expected = [{ firstChunk: 0, bytes: new Uint8Array(0), final: true }];
  for (const borrow of [false, true]) {
    const shape = { chunkBytes: 4, chunksPerRun: 2, borrow };
    assert.deepEqual(await runsOf(streamOf(), shape), expected);
    assert.deepEqual(await runsOf(streamOf(new Uint8Array(0), new Uint8Array(0)), shape), expected);
  }
});

test('a full run comes out as soon as one more byte is there, and each run has its own memory', async () => {
  let given = 0;
  const source = async function* () {
    for (const size of [8, 1, 7, 1]) {
      given++;
      yield new Uint8Array(size).fill(given);
    }
  };
  const runs = cutRuns(source(), { chunkBytes: 4, chunksPerRun: 2 });
  const first = (await runs.next()).value;
  assert.equal(given, 2);
  const second = (await runs.next()).value;
  assert.equal(given, 4);
  assert.ok(first && second);
  assert.notEqual(first.bytes.buffer, second.bytes.buffer);
  assert.deepEqual(first.bytes, new Uint8Array(8).fill(1));
});

test('a small stream does not take the memory of a whole run', async () => {
  const { value } = await cutRuns(streamOf(new Uint8Array(9)), { chunkBytes: 8, chunksPerRun: 1024 }).next();
  assert.equal(value?.bytes.buffer.byteLength, 16);
});

test('the memory of a run never grows beyond it', async () => {
  const { value } = await cutRuns(cutInto(new Uint8Array(25), 1), { chunkBytes: 8, chunksPerRun: 3 }).next();
  assert.equal(value?.bytes.buffer.byteLength, 24);
});

test('borrowed, a run within a piece is a view of it, and no other memory grows', async () => {
  const piece = patternBytes(100);
  const buffers = new Set<ArrayBuffer>();
  for await (const { bytes } of cutRuns(streamOf(piece, piece.slice(0, 3)), {
    chunkBytes: 8,
    chunksPerRun: 1,
    borrow: true,
  }))
    buffers.add(bytes.buffer);
  // Twelve views, then four bytes of the first piece and three of the second in memory of their own.
  assert.ok(buffers.has(piece.buffer));
  assert.equal(buffers.size, 2);
});

test('what other threads see is never lent', async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(100));
  const shape = { chunkBytes: 8, chunksPerRun: 1, borrow: true };
  for await (const { bytes } of cutRuns(streamOf(shared), shape)) assert.ok(bytes.buffer instanceof ArrayBuffer);
});
