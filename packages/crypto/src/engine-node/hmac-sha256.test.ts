import assert from 'node:assert/strict';
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { hkdfSha256, hmacSha256 } from './hmac-sha256.ts';

const bytes = (maximum: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: maximum });

test('HMAC is what the platform gives, for keys and texts of every length', () => {
  fc.assert(
    fc.property(bytes(200), bytes(300), (key, text) => {
      const copies = [key.slice(), text.slice()];
      assert.deepEqual(Buffer.from(hmacSha256(key, text)), createHmac('sha256', key).update(text).digest());
      // What it was given is left alone.
      assert.deepEqual([key, text], copies);
    }),
  );
  for (const keyBytes of [0, 1, 63, 64, 65, 128]) {
    for (const textBytes of [0, 1, 16_383, 16_384, 16_385, 100_000]) {
      const [key, text] = [Uint8Array.from(randomBytes(keyBytes)), Uint8Array.from(randomBytes(textBytes))];
      assert.deepEqual(Buffer.from(hmacSha256(key, text)), createHmac('sha256', key).update(text).digest());
    }
  }
});

test('HKDF is what the platform gives, up to its longest output', () => {
  const lengths = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 8_160 }));
  fc.assert(
    fc.property(bytes(100), bytes(100), bytes(100), lengths, (secret, salt, info, lengthBytes) => {
      const ours = hkdfSha256({ secret, salt, info, lengthBytes });
      assert.deepEqual(Buffer.from(ours), Buffer.from(hkdfSync('sha256', secret, salt, info, lengthBytes)));
    }),
  );
  const longest = hkdfSha256({
    secret: Uint8Array.of(1),
    salt: Uint8Array.of(),
    info: Uint8Array.of(2),
    lengthBytes: 8_160,
  });
  const theirs = hkdfSync('sha256', Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2), 8_160);
  assert.deepEqual(Buffer.from(longest), Buffer.from(theirs));
});
