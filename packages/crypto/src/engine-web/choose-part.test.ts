import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CryptoError } from '../errors.ts';
import { nobleEngine } from '../engine/noble-engine.ts';
import { choosePart } from './choose-part.ts';
import type { EngineParts, Provider, WebSource } from './parts.ts';

type Aead = EngineParts['chacha20poly1305'];

const right: Aead = nobleEngine;
const wrong: Aead = { aeadSeal: (input) => nobleEngine.aeadSeal(input), aeadOpen: () => null };
const absent: Aead = {
  aeadSeal: () => {
    throw new DOMException('Unrecognized name', 'NotSupportedError');
  },
  aeadOpen: () => null,
};

function offering(source: WebSource, load: () => Promise<Aead>): Provider {
  return { source, parts: { chacha20poly1305: { label: `the cipher of ${source}`, load } } };
}

/** Each source gives what is said, and none has another operation. */
function sources(webcrypto: Aead, libsodium: Aead): Readonly<Record<WebSource, Provider>> {
  return {
    webcrypto: offering('webcrypto', async () => Promise.resolve(webcrypto)),
    libsodium: offering('libsodium', async () => Promise.resolve(libsodium)),
    noble: { source: 'noble', parts: {} },
  };
}

const order: readonly WebSource[] = ['noble', 'webcrypto', 'libsodium'];
const choose = async (from: Readonly<Record<WebSource, Provider>>) => choosePart('chacha20poly1305', order, from);

test('the first source that has the operation serves it, and is named', async () => {
  const first = await choose(sources(right, right));
  assert.deepEqual([first.source, first.label], ['webcrypto', 'the cipher of webcrypto']);
  assert.equal((await choose(sources(absent, right))).source, 'libsodium');
  const blocked = {
    ...sources(right, right),
    webcrypto: offering('webcrypto', async () => Promise.reject(new Error('WebAssembly is switched off'))),
  };
  assert.equal((await choose(blocked)).source, 'libsodium');
});

test('nothing steps in for a source that answers wrongly', async () => {
  await assert.rejects(choose(sources(wrong, right)), {
    code: 'engine_self_test_failed',
    message: /chacha20poly1305 by the cipher of webcrypto: wrong answer: opened/,
  });
  // After one that does not have it, too.
  await assert.rejects(choose(sources(absent, wrong)), { code: 'engine_self_test_failed' });
  const tellsItself: Aead = {
    ...right,
    aeadSeal: () => {
      throw new CryptoError('engine_self_test_failed', 'the base point is zero');
    },
  };
  await assert.rejects(choose(sources(tellsItself, right)), { code: 'engine_self_test_failed' });
});

test('where no source has it, that is what is said', async () => {
  await assert.rejects(choose(sources(absent, absent)), { code: 'engine_operation_missing' });
});
