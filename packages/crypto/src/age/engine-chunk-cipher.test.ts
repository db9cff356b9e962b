import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { test } from 'node:test';
import { patternBytes } from '../../test/streams.ts';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { nobleEngine } from '../engine/noble-engine.ts';
import { chunkCipher } from './engine-chunk-cipher.ts';
import { CHUNK_BYTES, CHUNK_PLAINTEXT_BYTES } from './payload-size.ts';

const payloadKey = patternBytes(32);
const PLAINTEXT = patternBytes(2 * CHUNK_PLAINTEXT_BYTES + 5);

/** One chunk with the nonce written out: 11 bytes of counter, big-endian, and the final flag. */
function chunk(nonceHex: string, plaintext: Uint8Array): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', payloadKey, Buffer.from(nonceHex, 'hex'), { authTagLength: 16 });
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

const NONCES: ReadonlyArray<readonly [number, string]> = [
  [0, '0000000000000000000000'],
  [1, '0000000000000000000001'],
  [255, '00000000000000000000ff'],
  [256, '0000000000000000000100'],
  [2 ** 32 - 1, '00000000000000ffffffff'],
  [2 ** 32, '0000000000000100000000'],
  [2 ** 40 + 3, '0000000000010000000003'],
];

for (const engine of [nodeEngine, nobleEngine]) {
  const cipher = chunkCipher(engine);

  test(`${engine.name}: the number of a chunk and its final flag make its nonce`, async () => {
    const plaintext = patternBytes(100);
    for (const [firstChunk, counter] of NONCES) {
      for (const final of [false, true]) {
        const sealed = await cipher.sealRun({ payloadKey, firstChunk, bytes: plaintext.slice(), final });
        assert.deepEqual(Buffer.from(sealed), chunk(`${counter}${final ? '01' : '00'}`, plaintext));
      }
    }
  });

  test(`${engine.name}: only the last chunk of a last run is final, and it may be short or empty`, async () => {
    for (const size of [
      0,
      1,
      CHUNK_PLAINTEXT_BYTES,
      CHUNK_PLAINTEXT_BYTES + 1,
      2 * CHUNK_PLAINTEXT_BYTES,
      PLAINTEXT.length,
    ]) {
      const bytes = PLAINTEXT.slice(0, size);
      const parts: Buffer[] = [];
      for (let at = 0, i = 0; i === 0 || at < size; at += CHUNK_PLAINTEXT_BYTES, i++) {
        const flag = at + CHUNK_PLAINTEXT_BYTES >= size ? '01' : '00';
        parts.push(chunk(`000000000000000000000${7 + i}${flag}`, bytes.subarray(at, at + CHUNK_PLAINTEXT_BYTES)));
      }
      const sealed = await cipher.sealRun({ payloadKey, firstChunk: 7, bytes, final: true });
      assert.deepEqual(Buffer.from(sealed), Buffer.concat(parts));
      const opened = await cipher.openRun({ payloadKey, firstChunk: 7, bytes: sealed, final: true });
      assert.deepEqual(opened, { bytes: PLAINTEXT.slice(0, size), whole: true });
    }
  });

  test(`${engine.name}: what stands before a bad chunk is given, with the bad one as it was`, async () => {
    const sealed = await cipher.sealRun({ payloadKey, firstChunk: 0, bytes: PLAINTEXT.slice(), final: true });
    for (let bad = 0; bad < 3; bad++) {
      const bytes = sealed.slice();
      bytes[bad * CHUNK_BYTES + 3]! ^= 1;
      const badChunk = bytes.slice(bad * CHUNK_BYTES, (bad + 1) * CHUNK_BYTES);
      const opened = await cipher.openRun({ payloadKey, firstChunk: 0, bytes, final: true });
      assert.deepEqual(opened, { bytes: PLAINTEXT.slice(0, bad * CHUNK_PLAINTEXT_BYTES), whole: false, badChunk });
    }
  });

  test(`${engine.name}: another key, number or flag opens nothing`, async () => {
    const sealed = await cipher.sealRun({ payloadKey, firstChunk: 4, bytes: patternBytes(9), final: true });
    const run = { payloadKey, firstChunk: 4, bytes: sealed, final: true };
    assert.equal((await cipher.openRun({ ...run, firstChunk: 5 })).whole, false);
    assert.equal((await cipher.openRun({ ...run, final: false })).whole, false);
    assert.equal((await cipher.openRun({ ...run, payloadKey: new Uint8Array(32) })).whole, false);
    assert.equal((await cipher.openRun(run)).whole, true);
  });
}

test('it asks for runs of a megabyte, two at once', () => {
  const { chunksPerRun, runsInFlight } = chunkCipher(nobleEngine);
  assert.deepEqual({ chunksPerRun, runsInFlight }, { chunksPerRun: 16, runsInFlight: 2 });
});
