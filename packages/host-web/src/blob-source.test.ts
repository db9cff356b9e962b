import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blobSource } from './blob-source.ts';

async function all(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += new TextDecoder().decode(piece);
  return text;
}

test('a file is read whole, again from the beginning, and in parts', async () => {
  const source = blobSource(new Blob(['one ', 'two ', 'three']));
  assert.equal(source.sizeBytes, 13);
  assert.equal(await all(source.stream()), 'one two three');
  assert.equal(await all(source.stream()), 'one two three');
  assert.equal(new TextDecoder().decode(await source.readAt?.(4, 3)), 'two');
  assert.deepEqual(await source.readAt?.(13, 5), new Uint8Array());
});

test('a file that is gone says so by its code, at the first piece and at a part', async () => {
  const failed = (): Promise<never> => Promise.reject(new DOMException('gone', 'NotFoundError'));
  const blob = {
    size: 3,
    stream: () => ({ getReader: () => ({ read: failed, releaseLock: () => undefined }) }),
    slice: () => ({ arrayBuffer: failed }),
  } as unknown as Blob;
  await assert.rejects(all(blobSource(blob).stream()), { code: 'source_changed' });
  await assert.rejects((async () => blobSource(blob).readAt?.(0, 3))(), { code: 'source_changed' });
});
