/**
 * An engine that answers its known questions before it is first used for anything, operation by operation, so that a
 * short command pays only for what it uses. A wrong answer refuses the operation for good; nothing else steps in for
 * it (docs/spec/01-item.md, "Engines").
 */
import type { Awaitable, Engine, EngineOperation } from './engine.ts';
import { requireSelfTest } from './self-test.ts';

/** Every call may throw CryptoError `engine_self_test_failed` or `engine_operation_missing`, besides its own errors. */
export function testedEngine(inner: Engine): Engine {
  const tests = new Map<EngineOperation, Promise<void>>();
  const passed = new Set<EngineOperation>();

  async function afterTest<T>(operation: EngineOperation, call: () => Awaitable<T>): Promise<T> {
    let test = tests.get(operation);
    if (test === undefined) {
      test = requireSelfTest(inner, [operation]);
      tests.set(operation, test);
    }
    await test;
    passed.add(operation);
    return call();
  }

  function tested<T>(operation: EngineOperation, call: () => Awaitable<T>): Awaitable<T> {
    return passed.has(operation) ? call() : afterTest(operation, call);
  }

  return {
    name: inner.name,
    sources: inner.sources,
    randomBytes: (lengthBytes) => inner.randomBytes(lengthBytes),
    sha256: (bytes) => tested('sha256', () => inner.sha256(bytes)),
    hmacSha256: (key, bytes) => tested('sha256', () => inner.hmacSha256(key, bytes)),
    hkdfSha256: (input) => tested('hkdf', () => inner.hkdfSha256(input)),
    scrypt: (input) => tested('scrypt', () => inner.scrypt(input)),
    aeadSeal: (input) => tested('chacha20poly1305', () => inner.aeadSeal(input)),
    aeadOpen: (input) => tested('chacha20poly1305', () => inner.aeadOpen(input)),
    x25519: (secretKey, publicKey) => tested('x25519', () => inner.x25519(secretKey, publicKey)),
    x25519PublicKey: (secretKey) => tested('x25519', () => inner.x25519PublicKey(secretKey)),
    hybridKemKey: (seed) => tested('mlkem768x25519', () => inner.hybridKemKey(seed)),
    hybridKemEncapsulate: (publicKey) => tested('mlkem768x25519', () => inner.hybridKemEncapsulate(publicKey)),
    ed25519Key: (seed) => tested('ed25519', () => inner.ed25519Key(seed)),
    ed25519Verify: (publicKey, message, signature) =>
      tested('ed25519', () => inner.ed25519Verify(publicKey, message, signature)),
    mldsa44Key: (seed) => tested('mldsa44', () => inner.mldsa44Key(seed)),
    mldsa44Verify: (publicKey, message, signature) =>
      tested('mldsa44', () => inner.mldsa44Verify(publicKey, message, signature)),
  };
}
