import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { sha256 } from './sha256.ts';

const platform = (bytes: Uint8Array): Uint8Array => new Uint8Array(hash('sha256', bytes, 'buffer'));

test('every length up to three blocks, and after longer and shorter ones, has the hash that the platform gives', () => {
  const bytes = Uint8Array.from({ length: 200 }, (_, at) => 255 - at);
  for (let length = 0; length <= bytes.length; length += 1) {
    for (const each of [length, bytes.length - length]) {
      assert.deepEqual(sha256(bytes.subarray(0, each)), platform(bytes.subarray(0, each)), `${each} bytes`);
    }
  }
});

test('any bytes have the hash that the platform gives', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 140 }), (bytes) => {
      assert.deepEqual(sha256(bytes), platform(bytes));
    }),
  );
});

test('a hash stays what it was when others are computed', () => {
  const first = sha256(Uint8Array.of(1));
  sha256(Uint8Array.of(2));
  assert.deepEqual(first, platform(Uint8Array.of(1)));
});
