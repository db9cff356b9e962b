import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { nodeEngine } from './engine-node/node-engine.ts';
import { nobleEngine } from './engine/noble-engine.ts';
import { type HybridSignature, hybridSigner } from './sign.ts';
import { verifyHybrid } from './verify.ts';

const bytes = new TextEncoder().encode('latchkey/example/v1\n');
const seeds = { ed25519: new Uint8Array(32).fill(1), mldsa44: new Uint8Array(32).fill(2) };
const flip = (half: Uint8Array): Uint8Array => half.with(0, (half[0] ?? 0) ^ 1);

for (const [signing, verifying] of [
  [nodeEngine, nobleEngine],
  [nobleEngine, nodeEngine],
] as const) {
  test(`both halves signed by ${signing.name} verify with ${verifying.name}`, async () => {
    const signer = await hybridSigner(signing, seeds);
    const signature = await signer.sign(bytes);
    assert.deepEqual([signature.ed25519.length, signature.mldsa44.length], [64, 2420]);
    assert.deepEqual([signer.publicKey.ed25519.length, signer.publicKey.mldsa44.length], [32, 1312]);
    const verdict = await verifyHybrid(verifying, signer.publicKey, { bytes, signature });
    assert.deepEqual(verdict, { valid: true, ed25519: 'valid', mldsa44: 'valid' });
  });
}

test('a half that is wrong or missing makes the whole invalid and is named', async () => {
  const signer = await signerOf();
  const { publicKey } = signer;
  const good = await signer.sign(bytes);
  const { ed25519, mldsa44 } = good;
  const cases: readonly (readonly [Partial<HybridSignature>, string, string])[] = [
    [{ ed25519: flip(ed25519), mldsa44 }, 'wrong', 'valid'],
    [{ ed25519, mldsa44: flip(mldsa44) }, 'valid', 'wrong'],
    [{ ed25519: flip(ed25519), mldsa44: flip(mldsa44) }, 'wrong', 'wrong'],
    [{ mldsa44 }, 'missing', 'valid'],
    [{ ed25519 }, 'valid', 'missing'],
    [{}, 'missing', 'missing'],
    [{ ed25519: mldsa44, mldsa44: ed25519 }, 'wrong', 'wrong'],
    [{ ed25519: new Uint8Array(0), mldsa44: new Uint8Array(0) }, 'wrong', 'wrong'],
  ];
  for (const [signature, classical, postQuantum] of cases) {
    const verdict = await verifyHybrid(nodeEngine, publicKey, { bytes, signature });
    assert.deepEqual(verdict, { valid: false, ed25519: classical, mldsa44: postQuantum });
  }
  const other = await verifyHybrid(nodeEngine, publicKey, { bytes: bytes.subarray(1), signature: good });
  assert.deepEqual(other, { valid: false, ed25519: 'wrong', mldsa44: 'wrong' });
});

test('halves of two key pairs are no signature of either', async () => {
  const one = await signerOf();
  const two = await hybridSigner(nodeEngine, { ...seeds, mldsa44: new Uint8Array(32).fill(3) });
  const signature = { ...(await one.sign(bytes)), mldsa44: (await two.sign(bytes)).mldsa44 };
  assert.equal((await verifyHybrid(nodeEngine, one.publicKey, { bytes, signature })).valid, false);
});

test('a seed of another length is refused', async () => {
  for (const half of ['ed25519', 'mldsa44']) {
    const short = { ...seeds, [half]: new Uint8Array(31) };
    await assert.rejects(hybridSigner(nodeEngine, short), { code: 'argument_invalid' });
  }
});

test('the doors for signing and verifying load nothing that can open', () => {
  for (const door of ['sign', 'verify']) {
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      await import(${JSON.stringify(new URL(`./${door}.ts`, import.meta.url).href)});
      console.log(JSON.stringify(loaded));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    const loaded = JSON.parse(output) as string[];
    assert.ok(loaded.some((url) => url.endsWith(`/${door}.ts`)));
    for (const url of loaded) assert.doesNotMatch(url, /\/(age|record|index\.ts|item\.ts)/);
  }
});

async function signerOf(): Promise<Awaited<ReturnType<typeof hybridSigner>>> {
  return hybridSigner(nodeEngine, seeds);
}
