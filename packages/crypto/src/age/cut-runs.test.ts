import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutInto, patternBytes, streamOf } from '../../test/streams.ts';
import { type CutRun, cutRuns } from './cut-runs.ts';

async function runsOf(source: AsyncIterable<Uint8Array>, chunkBytes: number, chunksPerRun: number): Promise<CutRun[]> {
  const runs: CutRun[] = [];
  for await (const { bytes, ...rest } of cutRuns(source, { chunkBytes, chunksPerRun }))
    runs.push({ bytes: bytes.slice(), ...rest });
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
      async (...given) => {
        const [lengthBytes, chunkBytes, chunksPerRun, pieceSizes] = given;
        const bytes = patternBytes(lengthBytes);
        const runs = await runsOf(cutInto(bytes, ...pieceSizes), chunkBytes, chunksPerRun);
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
    { numRuns: 300 },
  );
});

test('an empty stream is one empty last run', async () => {
  const expected = [{ firstChunk: 0, bytes: new Uint8Array(0), final: true }];
  assert.deepEqual(await runsOf(streamOf(), 4, 2), expected);
  assert.deepEqual(await runsOf(streamOf(new Uint8Array(0), new Uint8Array(0)), 4, 2), expected);
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
