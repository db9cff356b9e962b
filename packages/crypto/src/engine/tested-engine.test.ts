import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeEngine } from '../engine-node/node-engine.ts';
import type { Engine } from './engine.ts';
import { nobleEngine } from './noble-engine.ts';
import { testedEngine } from './tested-engine.ts';

test('each function is tested under its own operation before its first use, and only once', async () => {
  const calls: string[] = [];
  const counting = new Proxy(nodeEngine, {
    get(engine, name: keyof Engine) {
      if (name !== 'sources' && name !== 'name') calls.push(name);
      return engine[name];
    },
  });
  const engine = testedEngine(counting);
  assert.deepEqual(calls, [], 'nothing is tested before it is used');
  const bytes = new Uint8Array(32);
  assert.deepEqual(await engine.sha256(bytes), await nobleEngine.sha256(bytes));
  assert.deepEqual(new Set(calls), new Set(['sha256', 'hmacSha256']), 'only what is used is tested');
  calls.length = 0;
  assert.ok(engine.sha256(bytes) instanceof Uint8Array, 'once tested, an answer comes at once');
  assert.deepEqual(calls, ['sha256']);
});

test('the tested engine answers as the engine inside it', async () => {
  const engine = testedEngine(nodeEngine);
  const seed = nobleEngine.randomBytes(32);
  const message = nobleEngine.randomBytes(50);
  const key = seed;
  const nonce = new Uint8Array(12);
  const ad = message;
  assert.equal(engine.name, 'node');
  assert.equal(engine.sources, nodeEngine.sources);
  assert.equal(engine.randomBytes(7).length, 7);
  assert.deepEqual(await engine.hmacSha256(seed, message), await nobleEngine.hmacSha256(seed, message));
  const hkdf = { secret: seed, salt: message, info: ad, lengthBytes: 50 };
  assert.deepEqual(await engine.hkdfSha256(hkdf), await nobleEngine.hkdfSha256(hkdf));
  const scrypt = { passphrase: message, salt: seed, logN: 3, lengthBytes: 16 };
  assert.deepEqual(await engine.scrypt(scrypt), await nobleEngine.scrypt(scrypt));
  const sealed = await engine.aeadSeal({ key, nonce, bytes: message, ad });
  assert.deepEqual(sealed, await nobleEngine.aeadSeal({ key, nonce, bytes: message, ad }));
  assert.deepEqual(await engine.aeadOpen({ key, nonce, bytes: sealed, ad }), message);
  const publicKey = await engine.x25519PublicKey(seed);
  assert.deepEqual(publicKey, await nobleEngine.x25519PublicKey(seed));
  assert.deepEqual(await engine.x25519(seed, publicKey), await nobleEngine.x25519(seed, publicKey));
  const kem = await engine.hybridKemKey(seed);
  const sent = await engine.hybridKemEncapsulate(kem.publicKey);
  assert.deepEqual(await kem.decapsulate(sent?.encapsulation ?? seed), sent?.sharedSecret);
  const classical = await engine.ed25519Key(seed);
  assert.equal(await engine.ed25519Verify(classical.publicKey, message, await classical.sign(message)), true);
  const postQuantum = await engine.mldsa44Key(seed);
  assert.equal(await engine.mldsa44Verify(postQuantum.publicKey, message, await postQuantum.sign(message)), true);
});

test('an operation with a wrong answer stays refused, while others go on', async () => {
  let asked = 0;
  const lying: Engine = {
    ...nobleEngine,
    aeadOpen: () => {
      asked += 1;
      return new Uint8Array(20);
    },
  };
  const engine = testedEngine(lying);
  const input = { key: new Uint8Array(32), nonce: new Uint8Array(12), bytes: new Uint8Array(40) };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await assert.rejects(async () => engine.aeadSeal(input), { code: 'engine_self_test_failed' });
    await assert.rejects(async () => engine.aeadOpen(input), { code: 'engine_self_test_failed' });
  }
  assert.equal(asked, 3, 'asked by the one test only: opened, changed tag, changed text');
  assert.equal((await engine.sha256(input.bytes)).length, 32);
});

test('every function is guarded', async () => {
  const seed = new Uint8Array(32);
  const input = { key: seed, nonce: new Uint8Array(12), bytes: seed };
  const calls: Readonly<
    Record<Exclude<keyof Engine, 'name' | 'sources' | 'randomBytes'>, (engine: Engine) => unknown>
  > = {
    sha256: (engine) => engine.sha256(seed),
    hmacSha256: (engine) => engine.hmacSha256(seed, seed),
    hkdfSha256: (engine) => engine.hkdfSha256({ secret: seed, salt: seed, info: seed, lengthBytes: 32 }),
    scrypt: (engine) => engine.scrypt({ passphrase: seed, salt: seed, logN: 1, lengthBytes: 32 }),
    aeadSeal: (engine) => engine.aeadSeal(input),
    aeadOpen: (engine) => engine.aeadOpen(input),
    x25519: (engine) => engine.x25519(seed, seed),
    x25519PublicKey: (engine) => engine.x25519PublicKey(seed),
    hybridKemKey: (engine) => engine.hybridKemKey(seed),
    hybridKemEncapsulate: (engine) => engine.hybridKemEncapsulate(seed),
    ed25519Key: (engine) => engine.ed25519Key(seed),
    ed25519Verify: (engine) => engine.ed25519Verify(seed, seed, seed),
    mldsa44Key: (engine) => engine.mldsa44Key(seed),
    mldsa44Verify: (engine) => engine.mldsa44Verify(seed, seed, seed),
  };
  for (const [name, call] of Object.entries(calls)) {
    const fault = (): never => {
      throw new Error('planted');
    };
    const engine = testedEngine({ ...nodeEngine, [name]: fault });
    await assert.rejects(async () => call(engine), { code: 'engine_self_test_failed' }, name);
  }
});
