import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeEngine } from '../engine-node/node-engine.ts';
import type { Engine } from '../engine/engine.ts';
import { hybridSigner } from '../sign.ts';
import { verifyHybrid } from '../verify.ts';
import { kitKek, kitKeys, recoveryKeyName, recoveryKeysHash } from './kit-keys.ts';

const entropy = new Uint8Array(32).fill(7);

test('the recovery pair signs what its public keys verify, and its name follows from their hash', async () => {
  const keys = await kitKeys(nodeEngine, entropy);
  const signer = await hybridSigner(nodeEngine, keys.recoverySeeds);
  assert.deepEqual(signer.publicKey, keys.recoveryPublicKey);
  const bytes = new TextEncoder().encode('latchkey/act/v1\n');
  const verdict = await verifyHybrid(nodeEngine, keys.recoveryPublicKey, {
    bytes,
    signature: await signer.sign(bytes),
  });
  assert.ok(verdict.valid);
  assert.deepEqual(await recoveryKeysHash(nodeEngine, signer.publicKey), keys.recoveryKeysHash);
  assert.match(recoveryKeyName(keys.recoveryKeysHash), /^latchkey\/[\w-]{22}$/);
});

test('no key of the kit is another one of its keys', async () => {
  const { recoverySeeds, rescueIdentity } = await kitKeys(nodeEngine, entropy);
  const kek = await kitKek(nodeEngine, entropy, { address: 'alice@example.org', generation: 1 });
  const all = [kek, recoverySeeds.ed25519, recoverySeeds.mldsa44, entropy].map((key) =>
    Buffer.from(key).toString('hex'),
  );
  assert.equal(new Set([...all, rescueIdentity]).size, 5);
});

test('the engine’s copies are zeroed, the caller’s seeds and entropy are not', async () => {
  const made: Uint8Array[] = [];
  const engine: Engine = {
    ...nodeEngine,
    async hkdfSha256(input) {
      const key = await nodeEngine.hkdfSha256(input);
      made.push(key);
      return key;
    },
  };
  const { recoverySeeds } = await kitKeys(engine, entropy);
  assert.deepEqual(
    made.map(({ length }) => length),
    [32, 64],
  );
  for (const key of made) assert.ok(key.every((byte) => byte === 0));
  assert.ok(entropy.every((byte) => byte === 7));
  assert.ok([recoverySeeds.ed25519, recoverySeeds.mldsa44].every((seed) => seed.some((byte) => byte !== 0)));
});
