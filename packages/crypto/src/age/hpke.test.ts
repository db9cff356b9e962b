import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { nobleEngine } from '../engine/noble-engine.ts';
import { hpkeKeyOf } from './hpke.ts';

const INFO = 'age-encryption.org/mlkem768x25519';

const suiteId = Buffer.concat([Buffer.from('HPKE'), Buffer.from('647a00010003', 'hex')]);

/** RFC 9180, section 4: written a second time, on Node's HMAC. */
function labeledExtract(salt: Buffer, label: string, secret: Buffer): Buffer {
  const input = Buffer.concat([Buffer.from('HPKE-v1'), suiteId, Buffer.from(label), secret]);
  return createHmac('sha256', salt).update(input).digest();
}

function labeledExpand(secret: Buffer, label: string, context: Buffer, lengthBytes: number): Buffer {
  const info = Buffer.concat([Buffer.of(0, lengthBytes), Buffer.from('HPKE-v1'), suiteId, Buffer.from(label), context]);
  return createHmac('sha256', secret)
    .update(Buffer.concat([info, Buffer.of(1)]))
    .digest()
    .subarray(0, lengthBytes);
}

test('key and nonce are those of the key schedule of RFC 9180', async () => {
  const none = Buffer.alloc(0);
  const context = Buffer.concat([
    Buffer.of(0),
    labeledExtract(none, 'psk_id_hash', none),
    labeledExtract(none, 'info_hash', Buffer.from(INFO)),
  ]);
  for (const fill of [0, 1, 255]) {
    const sharedSecret = Buffer.alloc(32, fill);
    const secret = labeledExtract(sharedSecret, 'secret', none);
    const { key, nonce } = await hpkeKeyOf(nobleEngine, new Uint8Array(sharedSecret));
    assert.deepEqual(Buffer.from(key), labeledExpand(secret, 'key', context, 32));
    assert.deepEqual(Buffer.from(nonce), labeledExpand(secret, 'base_nonce', context, 12));
  }
});
