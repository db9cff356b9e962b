import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpCall } from './http-call.ts';
import type { HttpAnswer, Network } from './network.ts';
import { readBlob } from './read-blob.ts';

/** A server that gives these pieces, and what was given up of its answer. */
async function answered(pieces: readonly Uint8Array[], contentLength: number) {
  const left = [...pieces];
  const given = { up: 0 };
  const answer: HttpAnswer = {
    status: 200,
    headers: new Headers({ 'content-type': 'application/octet-stream', 'content-length': String(contentLength) }),
    body: {
      getReader: () => ({
        read: async () => {
          const value = left.shift();
          return value === undefined ? { done: true } : { done: false, value };
        },
      }),
    },
  };
  const network: Network = {
    fetch: async () => answer,
    newAbort: () => ({
      signal: null,
      abort: () => {
        given.up += 1;
      },
    }),
    after: () => () => undefined,
    decodeUtf8: () => '',
  };
  const call = new HttpCall(network, { signal: undefined, silentMs: 1_000, leastBytes: 1 });
  await call.start('http://localhost/', { method: 'GET', headers: {}, extraMs: 0 });
  return { body: readBlob({ network, call, answer }, null), given };
}

/** As one who knows how much it wants does. */
async function take(stream: AsyncIterable<Uint8Array>, wantedBytes: number): Promise<number> {
  let takenBytes = 0;
  for await (const piece of stream) {
    takenBytes += piece.length;
    if (takenBytes >= wantedBytes) break;
  }
  return takenBytes;
}

test('who stops after the last byte gives nothing up; who stops before it does', async () => {
  const pieces = [new Uint8Array(3), new Uint8Array(0), new Uint8Array(5)];
  const whole = await answered(pieces, 8);
  assert.equal(await take(whole.body.stream(), 8), 8);
  assert.equal(whole.given.up, 0);
  const half = await answered(pieces, 8);
  assert.equal(await take(half.body.stream(), 3), 3);
  assert.equal(half.given.up, 1);
});

test('bytes after the last one are refused before the last piece is given', async () => {
  const { body, given } = await answered([new Uint8Array(8), new Uint8Array(1)], 8);
  await assert.rejects(take(body.stream(), 8), { code: 'answer_malformed' });
  assert.equal(given.up, 1);
});
