import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, cutInto, patternBytes, streamOf } from '../../test/streams.ts';
import { nodeEngine } from '../engine-node/node-engine.ts';
import type { ChunkCipher } from './chunk-cipher.ts';
import { chunkCipher } from './engine-chunk-cipher.ts';
import { openPayload } from './open-payload.ts';
import { sealPayload } from './seal-payload.ts';
import { CHUNK_PLAINTEXT_BYTES } from './payload-size.ts';

const payloadKey = patternBytes(32);
const plain: ChunkCipher = chunkCipher(nodeEngine);
/** `nodeEngine` has read everything when it returns. */
const borrowing: ChunkCipher = { ...plain, chunksPerRun: 1, runsInFlight: 7, borrows: true };

test('a cipher that borrows gives the same payload, from a source that uses its memory again', async () => {
  for (const size of [0, 5, CHUNK_PLAINTEXT_BYTES, 3 * CHUNK_PLAINTEXT_BYTES, 3 * CHUNK_PLAINTEXT_BYTES + 1]) {
    const text = patternBytes(size);
    const expected = await collect(sealPayload(plain, { payloadKey, plaintext: cutInto(text, size) }));
    for (const pieces of [[size], [2 * CHUNK_PLAINTEXT_BYTES], [100_000, 3], [CHUNK_PLAINTEXT_BYTES + 1]]) {
      const sealed = await collect(sealPayload(borrowing, { payloadKey, plaintext: cutInto(text, ...pieces) }));
      assert.deepEqual(sealed, expected, `${size} bytes in pieces of ${pieces.join(' and ')}`);
    }
  }
});

test('only a cipher that borrows is given the source’s own memory', async () => {
  const piece = patternBytes(3 * CHUNK_PLAINTEXT_BYTES);
  const lentTo = async (cipher: ChunkCipher): Promise<boolean> => {
    let lent = false;
    const watched: ChunkCipher = {
      ...cipher,
      sealRun: (run) => {
        lent ||= run.bytes.buffer === piece.buffer;
        return plain.sealRun({ ...run, bytes: run.bytes.slice() });
      },
    };
    await collect(sealPayload(watched, { payloadKey, plaintext: streamOf(piece) }));
    return lent;
  };
  assert.equal(await lentTo(borrowing), true);
  assert.equal(await lentTo({ ...borrowing, borrows: false }), false);
  assert.equal(await lentTo(plain), false);
});

test('a cipher that takes a key in does so once for a payload, sealing and opening', async () => {
  const given: Uint8Array[] = [];
  const refused = (): never => {
    throw new Error('a run was sealed under no key');
  };
  const keyed: ChunkCipher = {
    ...plain,
    sealRun: refused,
    openRun: refused,
    underKey: async (key) => {
      given.push(key.slice());
      return Promise.resolve({ ...plain, chunksPerRun: 1 });
    },
  };
  const text = patternBytes(3 * CHUNK_PLAINTEXT_BYTES);
  const sealed = await collect(sealPayload(keyed, { payloadKey, plaintext: cutInto(text, 9999) }));
  assert.deepEqual(await collect(openPayload(keyed, { payloadKey, chunks: cutInto(sealed, 9999) })), text);
  assert.deepEqual(given, [payloadKey, payloadKey]);
});
