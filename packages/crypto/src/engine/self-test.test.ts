import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { CryptoError } from '../errors.ts';
import type { Engine, EngineOperation } from './engine.ts';
import { nobleEngine } from './noble-engine.ts';
import { ENGINE_OPERATIONS, requireSelfTest, selfTest } from './self-test.ts';

for (const engine of [nodeEngine, nobleEngine]) {
  test(`${engine.name} passes every operation and names its sources`, async () => {
    const results = await selfTest(engine);
    assert.deepEqual(
      results.map(({ operation }) => operation),
      ENGINE_OPERATIONS,
    );
    for (const { operation, source, ok, missing, detail } of results) {
      assert.deepEqual({ ok, missing, detail }, { ok: true, missing: false, detail: '' }, operation);
      assert.equal(source, engine.sources[operation]);
    }
    await requireSelfTest(engine, ENGINE_OPERATIONS);
  });
}

const flip = (bytes: Uint8Array): Uint8Array => bytes.with(0, (bytes[0] ?? 0) ^ 1);
const noble = nobleEngine;

/** One fault for each question: a wrong result, or something taken that must be refused. */
const faults: readonly (readonly [EngineOperation, string, Partial<Engine>])[] = [
  ['sha256', 'digest', { sha256: async (bytes) => flip(await noble.sha256(bytes)) }],
  ['sha256', 'HMAC', { hmacSha256: async (key, bytes) => flip(await noble.hmacSha256(key, bytes)) }],
  ['hkdf', 'key', { hkdfSha256: (input) => noble.hkdfSha256({ ...input, salt: new Uint8Array(0) }) }],
  ['scrypt', 'key', { scrypt: (input) => noble.scrypt({ ...input, logN: input.logN + 1 }) }],
  ['chacha20poly1305', 'sealed', { aeadSeal: ({ ad: _, ...input }) => noble.aeadSeal(input) }],
  ['chacha20poly1305', 'opened', { aeadOpen: () => null }],
  [
    'chacha20poly1305',
    'changed tag refused',
    { aeadOpen: async (input) => (await noble.aeadOpen(input)) ?? new Uint8Array(20) },
  ],
  [
    'chacha20poly1305',
    'changed text refused',
    { aeadOpen: async (input) => (await noble.aeadOpen(input)) ?? (input.bytes[0] === 0x89 ? null : input.bytes) },
  ],
  ['x25519', 'public key', { x25519PublicKey: (secretKey) => secretKey.slice() }],
  [
    'x25519',
    'shared secret',
    { x25519: (secretKey, publicKey) => noble.x25519(flip(secretKey.toReversed()), publicKey) },
  ],
  [
    'x25519',
    'low order refused',
    { x25519: async (secretKey, publicKey) => (await noble.x25519(secretKey, publicKey)) ?? new Uint8Array(32) },
  ],
  ['mlkem768x25519', 'public key', { hybridKemKey: (seed) => noble.hybridKemKey(flip(seed)) }],
  [
    'mlkem768x25519',
    'rejection',
    {
      hybridKemKey: async (seed) => ({
        publicKey: (await noble.hybridKemKey(seed)).publicKey,
        decapsulate: () => new Uint8Array(32),
      }),
    },
  ],
  ['mlkem768x25519', 'there and back', { hybridKemEncapsulate: () => null }],
  [
    'mlkem768x25519',
    'there and back',
    {
      hybridKemEncapsulate: async (publicKey) => {
        const sent = await noble.hybridKemEncapsulate(publicKey);
        return sent && { ...sent, sharedSecret: flip(sent.sharedSecret) };
      },
    },
  ],
  [
    'mlkem768x25519',
    'low order refused',
    {
      hybridKemEncapsulate: async (publicKey) =>
        (await noble.hybridKemEncapsulate(publicKey)) ??
        (publicKey[0] === 0xff ? null : { encapsulation: new Uint8Array(1120), sharedSecret: new Uint8Array(32) }),
    },
  ],
  [
    'mlkem768x25519',
    'modulus checked',
    {
      hybridKemEncapsulate: async (publicKey) =>
        (await noble.hybridKemEncapsulate(publicKey)) ??
        (publicKey[0] === 0xff ? { encapsulation: new Uint8Array(1120), sharedSecret: new Uint8Array(32) } : null),
    },
  ],
  ['ed25519', 'public key', { ed25519Key: (seed) => noble.ed25519Key(flip(seed)) }],
  [
    'ed25519',
    'signature',
    {
      ed25519Key: async (seed) => ({
        publicKey: (await noble.ed25519Key(seed)).publicKey,
        sign: () => new Uint8Array(64),
      }),
    },
  ],
  ['ed25519', 'verified', { ed25519Verify: () => false }],
  ['ed25519', 'S plus order refused', { ed25519Verify: () => true }],
  [
    'ed25519',
    'small order refused',
    { ed25519Verify: async (...input) => input[0][0] === 1 || noble.ed25519Verify(...input) },
  ],
  [
    'ed25519',
    'equation without cofactor',
    { ed25519Verify: async (...input) => input[0][0] === 0x27 || noble.ed25519Verify(...input) },
  ],
  [
    'ed25519',
    'other R refused',
    { ed25519Verify: async (...input) => input[2][0] === 0x5c || noble.ed25519Verify(...input) },
  ],
  ['mldsa44', 'public key', { mldsa44Key: (seed) => noble.mldsa44Key(flip(seed)) }],
  ['mldsa44', 'verified', { mldsa44Verify: () => false }],
  ['mldsa44', 'changed signature refused', { mldsa44Verify: () => true }],
  [
    'mldsa44',
    'changed message refused',
    { mldsa44Verify: async (...input) => input[1].length === 19 || noble.mldsa44Verify(...input) },
  ],
];

for (const [operation, name, fault] of faults) {
  test(`a wrong ${operation} (${name}) is noticed and refused loudly`, async () => {
    const engine: Engine = { ...noble, ...fault };
    const [result] = await selfTest(engine, [operation]);
    assert.deepEqual(result, {
      operation,
      source: noble.sources[operation],
      ok: false,
      missing: false,
      detail: `wrong answer: ${name}`,
    });
    await assert.rejects(requireSelfTest(engine, [operation]), { code: 'engine_self_test_failed' });
  });
}

test('an operation that is not there is missing, one that breaks is wrong', async () => {
  const missing: Engine = {
    ...noble,
    mldsa44Key: () => {
      throw new CryptoError('engine_operation_missing', 'not built in');
    },
  };
  const broken: Engine = {
    ...noble,
    mldsa44Key: () => {
      throw new RangeError('planted');
    },
  };
  assert.deepEqual((await selfTest(missing, ['mldsa44']))[0]?.missing, true);
  await assert.rejects(requireSelfTest(missing, ['mldsa44']), { code: 'engine_operation_missing' });
  const [result] = await selfTest(broken, ['mldsa44']);
  assert.deepEqual([result?.ok, result?.missing, result?.detail], [false, false, 'threw RangeError: planted']);
  await assert.rejects(requireSelfTest(broken, ['mldsa44']), { code: 'engine_self_test_failed' });
  await requireSelfTest(broken, ['sha256', 'ed25519']);
});
