import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import type { Encapsulated, Engine } from '../engine/engine.ts';
import { EncapsulationState } from './encapsulation-state.ts';
import { nodeChunkCipher } from './node-chunk-cipher.ts';
import { nodeEngine } from './node-engine.ts';

const seeds = Array.from({ length: 12 }, (_, number) => new Uint8Array(32).fill(number));
const pairs = await Promise.all(seeds.map(async (seed) => nodeEngine.hybridKemKey(seed)));
const keys = pairs.map(({ publicKey }) => publicKey);
const keyAt = (place: number): Uint8Array => keys[place] ?? new Uint8Array(0);

/** An engine that leaves everything to the threads but what `first` makes it do. */
function slowEngine(settle: Promise<unknown>): Pick<Engine, 'hybridKemEncapsulate'> {
  return {
    hybridKemEncapsulate: async (key): Promise<Encapsulated | null> => {
      await settle;
      return nodeEngine.hybridKemEncapsulate(key);
    },
  };
}

describe('encapsulations ahead', () => {
  it('open under their own keys, in whatever order they are taken, and are given once', async () => {
    const cipher = nodeChunkCipher({ threads: 3, threadsFromKeys: 1 });
    const ahead = cipher.encapsulateAhead(nodeEngine, keys);
    assert.ok(ahead !== null);
    for (const place of [5, 0, 11, 3, 1, 2, 4, 6, 7, 8, 9, 10]) {
      const made = await ahead.take(place, keyAt(place));
      assert.deepEqual(await pairs[place]?.decapsulate(made?.encapsulation ?? new Uint8Array(0)), made?.sharedSecret);
    }
    await assert.rejects(ahead.take(3, keyAt(3)), { code: 'argument_invalid' });
    await ahead.close();
    await cipher.close();
  });

  it('are never to another key than the one that is asked for', async () => {
    const cipher = nodeChunkCipher({ threads: 2, threadsFromKeys: 1 });
    const ahead = cipher.encapsulateAhead(nodeEngine, keys);
    await assert.rejects(async () => ahead?.take(1, keyAt(2)), { code: 'argument_invalid' });
    await assert.rejects(async () => ahead?.take(12, keyAt(2)), { code: 'argument_invalid' });
    await ahead?.close();
    await cipher.close();
  });

  it('refuse what the engine refuses, on whatever thread', async () => {
    const cipher = nodeChunkCipher({ threads: 2, threadsFromKeys: 1 });
    const broken = new Uint8Array(1_216).fill(0xff);
    const many = Array.from({ length: 20 }, (_, place) => (place % 2 === 0 ? broken : keyAt(1)));
    const ahead = cipher.encapsulateAhead(nodeEngine, many);
    const made = await Promise.all(many.map(async (key, place) => ahead?.take(place, key)));
    assert.deepEqual(
      made.map((one) => one === null),
      many.map((_, place) => place % 2 === 0),
    );
    await ahead?.close();
    await cipher.close();
  });

  it('stay here where they are few, where there is no thread, and where a key has no length of one', () => {
    const lonely = nodeChunkCipher({ threads: 1, threadsFromKeys: 1 });
    assert.equal(lonely.encapsulateAhead(nodeEngine, keys), null);
    const cipher = nodeChunkCipher({ threads: 2, threadsFromKeys: 13 });
    assert.equal(cipher.encapsulateAhead(nodeEngine, keys), null);
    assert.equal(cipher.encapsulateAhead(nodeEngine, [...keys, new Uint8Array(1_217)]), null);
  });

  it('come from the other threads too, but none before the engine has answered once', async () => {
    const cipher = nodeChunkCipher({ threads: 2, threadsFromKeys: 1 });
    const { promise, reject } = Promise.withResolvers<never>();
    const ahead = cipher.encapsulateAhead(slowEngine(promise), keys);
    const others = keys.slice(1).map(async (key, at) => ahead?.take(at + 1, key));
    const failed = Promise.allSettled([ahead?.take(0, keyAt(0)), ...others]);
    // Long enough for a thread to make all of them.
    await new Promise((resolve) => setTimeout(resolve, 300));
    reject(new Error('a wrong answer'));
    for (const one of await failed) assert.ok(one.status === 'rejected' && String(one.reason).includes('wrong answer'));
    await ahead?.close();
    await cipher.close();
  });

  it('end with a thread that ends, and nobody waits for ever', async () => {
    const cipher = nodeChunkCipher({ threads: 2, threadsFromKeys: 1 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const many = Array.from({ length: 3_000 }, (_, place) => keyAt(place % 12));
    const ahead = cipher.encapsulateAhead(slowEngine(promise), many);
    const last = ahead?.take(2_999, keyAt(11));
    const refused = assert.rejects(async () => last, { code: 'engine_thread_failed' });
    await new Promise((done) => setTimeout(done, 50));
    await cipher.close();
    const state = Promise.allSettled([ahead?.close()]);
    resolve();
    await Promise.all([refused, state]);
  });

  it('leave no secret in the memory that threads share', async () => {
    const state = new EncapsulationState(keys);
    const made = nodeEngine.hybridKemEncapsulate(keyAt(0)) as Encapsulated;
    const secret = Buffer.from(made.sharedSecret);
    state.put(0, made);
    assert.ok(Buffer.from(state.buffer).includes(secret));
    assert.deepEqual(Buffer.from(made.sharedSecret), Buffer.alloc(32));
    assert.deepEqual(Buffer.from(state.take(0)?.sharedSecret ?? []), secret);
    assert.ok(!Buffer.from(state.buffer).includes(secret));
    state.put(1, nodeEngine.hybridKemEncapsulate(keyAt(1)) as Encapsulated);
    state.wipe();
    const behindKeys = Buffer.from(state.buffer).subarray(4 + 12 * (4 + 1_216));
    assert.deepEqual(behindKeys, Buffer.alloc(12 * 1_152));
    await Promise.resolve();
  });

  it('do not hold the process when all are taken, nor when it lets them go', () => {
    const script = `
      import { nodeChunkCipher, nodeEngine } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
      const { publicKey } = nodeEngine.hybridKemKey(new Uint8Array(32));
      const cipher = nodeChunkCipher({ threads: 2, threadsFromKeys: 1 });
      const keys = Array(8).fill(publicKey);
      const all = cipher.encapsulateAhead(nodeEngine, keys);
      for (const place of keys.keys()) await all.take(place, publicKey);
      await all.close();
      const some = cipher.encapsulateAhead(nodeEngine, keys);
      await some.take(0, publicKey);
      await some.close();
      console.log('done');`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 60_000,
      encoding: 'utf8',
    });
    assert.deepEqual([child.stdout, child.stderr, child.status], ['done\n', '', 0]);
  });
});
