import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, cutInto, patternBytes, streamOf } from '../../test/streams.ts';
import { ByteReader } from './byte-reader.ts';

/** A source that counts how often it was asked and whether it was told to stop. */
function watched(...pieces: readonly Uint8Array[]) {
  const seen = { asked: 0, closed: 0 };
  const source: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const value = pieces[seen.asked++];
        return value === undefined ? { done: true, value: undefined } : { done: false, value };
      },
      return: async () => {
        seen.closed++;
        return { done: true, value: undefined };
      },
    }),
  };
  return { seen, source };
}

test('whatever is taken and whatever the pieces, the bytes come in their order', async () => {
  const bytes = patternBytes(100);
  for (const sizes of [[1], [7], [3, 50], [100], [64, 1, 1]]) {
    const reader = new ByteReader(cutInto(bytes, ...sizes));
    assert.deepEqual(await reader.take(10), bytes.slice(0, 10));
    assert.deepEqual(await reader.take(0), new Uint8Array(0));
    assert.deepEqual(await reader.take(51), bytes.slice(10, 61));
    assert.deepEqual(await collect(reader.rest()), bytes.slice(61));
  }
});

test('a take past the end is short, and the next one is empty', async () => {
  const reader = new ByteReader(streamOf(Uint8Array.of(1, 2, 3)));
  assert.deepEqual(await reader.take(5), Uint8Array.of(1, 2, 3));
  assert.deepEqual(await reader.take(5), new Uint8Array(0));
});

test('empty pieces are passed over', async () => {
  const reader = new ByteReader(streamOf(new Uint8Array(0), Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2)));
  assert.deepEqual(await reader.next(), Uint8Array.of(1));
  assert.deepEqual(await reader.next(), Uint8Array.of(2));
  assert.equal(await reader.next(), null);
});

test('what is put back comes again, once', async () => {
  const reader = new ByteReader(streamOf(Uint8Array.of(1, 2), Uint8Array.of(3)));
  const piece = await reader.next();
  reader.unread((piece ?? new Uint8Array(0)).subarray(1));
  assert.deepEqual(await reader.next(), Uint8Array.of(2));
  assert.deepEqual(await reader.next(), Uint8Array.of(3));
});

test('a consumer that stops early closes the source, once', async () => {
  const { seen, source } = watched(Uint8Array.of(1), Uint8Array.of(2));
  const reader = new ByteReader(source);
  for await (const piece of reader.rest()) {
    assert.deepEqual(piece, Uint8Array.of(1));
    break;
  }
  assert.deepEqual(seen, { asked: 1, closed: 1 });
  await reader.close();
  assert.equal(seen.closed, 1);
  assert.equal(await reader.next(), null);
  assert.equal(seen.asked, 1);
});

test('a source that has ended is neither asked nor closed again', async () => {
  const { seen, source } = watched(Uint8Array.of(1));
  const reader = new ByteReader(source);
  await collect(reader.rest());
  assert.equal(await reader.next(), null);
  await reader.close();
  assert.deepEqual(seen, { asked: 2, closed: 0 });
});

test('a source that cannot be closed is let go all the same', async () => {
  const source = { [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: Uint8Array.of(1) }) }) };
  await new ByteReader(source).close();
});
