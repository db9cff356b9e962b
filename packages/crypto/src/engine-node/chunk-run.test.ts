import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { collect, collectUntilFailure, cutInto, hasCode, patternBytes, streamOf } from '../../test/streams.ts';
import { chunkCipher } from '../age/engine-chunk-cipher.ts';
import { openPayload } from '../age/open-payload.ts';
import { CHUNK_BYTES, CHUNK_PLAINTEXT_BYTES } from '../age/payload-size.ts';
import { sealPayload } from '../age/seal-payload.ts';
import { nodeChunkCipher } from './node-chunk-cipher.ts';
import { nodeEngine } from './node-engine.ts';

const payloadKey = patternBytes(32);
const plain = chunkCipher(nodeEngine);
const alone = nodeChunkCipher({ threads: 1 });
const threaded = nodeChunkCipher({ threads: 2, threadsFromBytes: 0 });
after(async () => threaded.close());

const PLAINTEXT = patternBytes(3 * CHUNK_PLAINTEXT_BYTES);

for (const [name, cipher] of Object.entries({ plain, alone, threaded })) {
  test(`${name}: a stream tells what was cut from what was changed, and gives out as much`, async () => {
    const sealed = await collect(sealPayload(cipher, { payloadKey, plaintext: streamOf(PLAINTEXT) }));
    const cases = [
      [sealed.subarray(0, 2 * CHUNK_BYTES), 'payload_truncated', 2],
      [sealed.subarray(0, 2 * CHUNK_BYTES + 40), 'payload_damaged', 2],
      [Buffer.concat([sealed, new Uint8Array(40)]), 'payload_damaged', 3],
      [Buffer.concat([sealed, sealed]), 'payload_damaged', 3],
    ] as const;
    for (const [chunks, code, chunkCount] of cases) {
      const opening = openPayload(cipher, { payloadKey, chunks: cutInto(chunks, 100_000) });
      const { bytes, failure } = await collectUntilFailure(opening);
      assert.ok(hasCode(code)(failure), String(failure));
      assert.ok(Buffer.from(bytes).equals(PLAINTEXT.subarray(0, chunkCount * CHUNK_PLAINTEXT_BYTES)));
    }
  });

  test(`${name}: the chunk that stopped a run comes back as it was`, async () => {
    const run = { payloadKey, firstChunk: 5, final: true };
    const sealed = await cipher.sealRun({ ...run, bytes: PLAINTEXT.slice(0, 2 * CHUNK_PLAINTEXT_BYTES + 9) });
    for (const bad of [0, 1, 2]) {
      const bytes = sealed.slice();
      bytes[bad * CHUNK_BYTES]! ^= 1;
      const badChunk = bytes.slice(bad * CHUNK_BYTES, (bad + 1) * CHUNK_BYTES);
      const opened = await cipher.openRun({ ...run, bytes });
      assert.equal(opened.whole, false);
      assert.deepEqual(opened.badChunk, badChunk);
    }
    assert.equal((await cipher.openRun({ ...run, bytes: sealed })).badChunk, undefined);
  });
}
