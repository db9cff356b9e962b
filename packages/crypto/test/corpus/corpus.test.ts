import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeEngine } from '../../src/engine-node/node-engine.ts';
import { type Corpus, runCorpus } from '../../src/engine/corpus.ts';
import type { Engine, EngineOperation } from '../../src/engine/engine.ts';
import { nobleEngine } from '../../src/engine/noble-engine.ts';
import { CryptoError } from '../../src/errors.ts';
import { VECTORS_FOLDER } from './generate.ts';

const committed = new Map<EngineOperation, Corpus>();
for (const file of readdirSync(VECTORS_FOLDER)) {
  const corpus = JSON.parse(readFileSync(join(VECTORS_FOLDER, file), 'utf8')) as Corpus;
  committed.set(corpus.operation, corpus);
}

function corpusOf(operation: EngineOperation): Corpus {
  const corpus = committed.get(operation);
  assert.ok(corpus, `vectors/engines/${operation}.json is there`);
  return corpus;
}

test('every operation of an engine has a corpus, with cases accepted and refused', () => {
  const operations = Object.keys(nobleEngine.sources).toSorted();
  assert.deepEqual([...committed.keys()].toSorted(), operations);
  for (const corpus of committed.values()) {
    const ids = corpus.cases.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, `${corpus.operation}: no id twice`);
    assert.ok(corpus.cases.some(({ expect }) => typeof expect === 'string' || expect === true));
    const refusals = corpus.cases.filter(({ expect }) => expect === null || expect === false || isThrow(expect));
    assert.ok(corpus.operation === 'sha256' || refusals.length > 0, `${corpus.operation} refuses something`);
  }
});

for (const engine of [nodeEngine, nobleEngine]) {
  for (const operation of committed.keys()) {
    test(`${engine.name} answers the ${operation} corpus as everybody does`, async () => {
      const report = await runCorpus(engine, corpusOf(operation));
      assert.deepEqual(report.differences, []);
      assert.equal(report.missing, 0);
      assert.equal(report.ran, corpusOf(operation).cases.length);
      assert.equal(report.source, engine.sources[operation]);
    });
  }
}

test('an engine that is laxer, stricter, throws or lacks an operation shows in the report', async () => {
  const lax: Engine = { ...nobleEngine, ed25519Verify: (_key, _message, signature) => signature.length === 64 };
  const stricter: Engine = { ...nobleEngine, x25519: () => null };
  const broken: Engine = {
    ...nobleEngine,
    aeadSeal: () => {
      throw new TypeError('planted');
    },
  };
  const lacking: Engine = {
    ...nobleEngine,
    mldsa44Verify: () => {
      throw new CryptoError('engine_operation_missing', 'planted');
    },
  };
  const laxReport = await runCorpus(lax, corpusOf('ed25519'));
  assert.ok(laxReport.differences.some(({ id, got }) => id === 'S + L' && got === true));
  assert.ok((await runCorpus(stricter, corpusOf('x25519'))).differences.some(({ id }) => id === 'RFC 7748 1'));
  const thrown = (await runCorpus(broken, corpusOf('chacha20poly1305'))).differences;
  assert.ok(thrown.some(({ got }) => got === 'throws TypeError: planted'));
  const lackingReport = await runCorpus(lacking, corpusOf('mldsa44'));
  const verifications = corpusOf('mldsa44').cases.filter(({ action }) => action !== 'mldsa44Key').length;
  assert.equal(lackingReport.missing, verifications);
  assert.deepEqual(lackingReport.differences, []);
});

test('a corpus with an unknown action, or without the bytes that the action needs, is an error', async () => {
  const of = (action: string): Corpus => ({
    operation: 'sha256',
    cases: [{ id: 'x', action, input: {}, expect: null }],
  });
  await assert.rejects(runCorpus(nobleEngine, of('nonsense')), { code: 'argument_invalid' });
  const report = await runCorpus(nobleEngine, of('sha256'));
  assert.match(String(report.differences[0]?.got), /lacks the bytes/);
});

test('engines hold keys of their own and give fresh bytes', async () => {
  for (const engine of [nodeEngine, nobleEngine]) {
    const message = new Uint8Array([1, 2, 3]);
    const seed = engine.randomBytes(32);
    const classical = await engine.ed25519Key(seed);
    const postQuantum = await engine.mldsa44Key(seed);
    const kem = await engine.hybridKemKey(seed);
    seed.fill(0);
    assert.ok(await engine.ed25519Verify(classical.publicKey, message, await classical.sign(message)));
    assert.ok(await engine.mldsa44Verify(postQuantum.publicKey, message, await postQuantum.sign(message)));
    const sent = await engine.hybridKemEncapsulate(kem.publicKey);
    assert.ok(sent);
    assert.deepEqual(await kem.decapsulate(sent.encapsulation), sent.sharedSecret);
    assert.notDeepEqual(await postQuantum.sign(message), await postQuantum.sign(message), 'signing is hedged');
    const again = await engine.hybridKemEncapsulate(kem.publicKey);
    assert.notDeepEqual(again?.sharedSecret, sent.sharedSecret);
    assert.equal(Object.getPrototypeOf(await engine.sha256(message)), Uint8Array.prototype);
    assert.equal(engine.randomBytes(24).length, 24);
    assert.notDeepEqual(engine.randomBytes(24), engine.randomBytes(24));
  }
});

test('one engine opens and verifies what the other made', async () => {
  for (const [one, other] of [
    [nodeEngine, nobleEngine],
    [nobleEngine, nodeEngine],
  ] as const) {
    const seed = one.randomBytes(32);
    const message = one.randomBytes(100);
    const kem = await one.hybridKemKey(seed);
    const sent = await other.hybridKemEncapsulate(kem.publicKey);
    assert.deepEqual(await kem.decapsulate(sent?.encapsulation ?? message), sent?.sharedSecret);
    const signer = await one.mldsa44Key(seed);
    assert.ok(await other.mldsa44Verify(signer.publicKey, message, await signer.sign(message)));
  }
});

function isThrow(answer: unknown): boolean {
  return typeof answer === 'string' && answer.startsWith('throws');
}
