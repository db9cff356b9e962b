import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { proveVrf, vrfPublicKey } from './prove-vrf.ts';
import { verifyVrf, vrfVerifier } from './verify-vrf.ts';

const secret = new Uint8Array(32).fill(5);
const publicKey = vrfPublicKey(secret);
const input = new Uint8Array(Buffer.from('alice@example.org'));
const { proof, output } = proveVrf(secret, input);

test('a proof proves its output, for this key and input alone', () => {
  assert.deepEqual(verifyVrf(publicKey, input, proof), output);
  assert.deepEqual(vrfVerifier(publicKey).verify(input, proof), output);
  assert.equal(verifyVrf(vrfPublicKey(new Uint8Array(32).fill(6)), input, proof), null);
  assert.equal(verifyVrf(publicKey, input.subarray(1), proof), null);
  assert.equal(output.length, 64);
  assert.equal(proof.length, 80);
});

test('proofs of any input verify, and a changed bit of one does not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(80 * 8 - 1), (alpha, bit) => {
      const proved = proveVrf(secret, alpha);
      assert.deepEqual(verifyVrf(publicKey, alpha, proved.proof), proved.output);
      const at = bit >> 3;
      const changed = proved.proof.with(at, (proved.proof[at] ?? 0) ^ (1 << (bit & 7)));
      assert.equal(verifyVrf(publicKey, alpha, changed), null);
    }),
    { numRuns: 40 },
  );
});

test('a proof of another length proves nothing', () => {
  assert.equal(verifyVrf(publicKey, input, proof.subarray(1)), null);
  assert.equal(verifyVrf(publicKey, input, new Uint8Array([...proof, 0])), null);
  assert.equal(verifyVrf(publicKey, input, new Uint8Array(0)), null);
});

test('s has one form: s + q is refused', () => {
  const order = ed25519.Point.Fn.ORDER;
  const s = proof.slice(48).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  for (const wrong of [s + order, order, order - 1n, 2n ** 256n - 1n]) {
    const bytes = Uint8Array.from({ length: 32 }, (_, at) => Number((wrong >> BigInt(8 * at)) & 0xffn));
    assert.equal(verifyVrf(publicKey, input, new Uint8Array([...proof.slice(0, 48), ...bytes])), null);
  }
});

test('a key of small order is no key: it would prove one output for every input', () => {
  for (const point of ED25519_TORSION_SUBGROUP) {
    const key = hexToBytes(point);
    assert.throws(() => vrfVerifier(key), { name: 'KeyDirectoryError', code: 'argument_invalid' });
    assert.equal(verifyVrf(key, input, forSmallOrder(key)), null);
  }
});

/** What the owner of a key of order one could write without knowing a secret; the other seven need a few tries. */
function forSmallOrder(key: Uint8Array): Uint8Array {
  const zero = ed25519.Point.ZERO.toBytes();
  const h = (() => {
    for (let counter = 0; ; counter += 1) {
      const hash = sha512(new Uint8Array([3, 1, ...key, ...input, counter, 0])).subarray(0, 32);
      try {
        return ed25519.Point.fromBytes(hash).clearCofactor();
      } catch {
        // The next counter.
      }
    }
  })();
  const u = ed25519.Point.BASE.toBytes();
  const c = sha512(new Uint8Array([3, 2, ...key, ...h.toBytes(), ...zero, ...u, ...h.toBytes(), 0])).slice(0, 16);
  return new Uint8Array([...zero, ...c, 1, ...new Uint8Array(31)]);
}

test('a key that is no point, or a point in another spelling, is refused', () => {
  const noPoint = new Uint8Array(32).fill(0x02);
  const beyondP = hexToBytes('eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');
  for (const key of [noPoint, beyondP, publicKey.subarray(1), new Uint8Array(33)]) {
    assert.equal(verifyVrf(key, input, proof), null);
    assert.throws(() => vrfVerifier(key), { code: 'argument_invalid' });
  }
});

test('a verifier keeps its own copy of the key', () => {
  const key = publicKey.slice();
  const verifier = vrfVerifier(key);
  key.fill(0);
  assert.deepEqual(verifier.publicKey, publicKey);
  assert.deepEqual(verifier.verify(input, proof), output);
});

test('what a verifier has seen before it answers as it did, for that key, input and proof alone', () => {
  const verifier = vrfVerifier(publicKey);
  const changed = proof.with(40, (proof[40] ?? 0) ^ 1);
  for (let round = 0; round < 2; round += 1) {
    const given = verifier.verify(input, proof);
    assert.deepEqual(given, output);
    given?.fill(0);
    assert.equal(verifier.verify(input, changed), null);
    assert.equal(verifier.verify(input.subarray(1), proof), null);
  }
  // The same bytes, cut elsewhere.
  const joined = new Uint8Array([...input, ...proof]);
  assert.equal(verifier.verify(joined.subarray(0, input.length + 1), joined.subarray(input.length + 1)), null);
  assert.equal(vrfVerifier(vrfPublicKey(new Uint8Array(32).fill(6))).verify(input, proof), null);
});

test('a verifier that has made its tables says the same as before', () => {
  const verifier = vrfVerifier(publicKey);
  for (let at = 0; at < 20; at += 1) {
    const alpha = Uint8Array.of(at);
    const proved = proveVrf(secret, alpha);
    const wrong = proved.proof.with(60, (proved.proof[60] ?? 0) ^ 4);
    assert.equal(verifier.verify(alpha, wrong), null);
    assert.deepEqual(verifier.verify(alpha, proved.proof), proved.output);
  }
});

test('a secret of another length is refused', () => {
  assert.throws(() => vrfPublicKey(secret.subarray(1)), { code: 'argument_invalid' });
  assert.throws(() => proveVrf(new Uint8Array(33), input), { code: 'argument_invalid' });
});
