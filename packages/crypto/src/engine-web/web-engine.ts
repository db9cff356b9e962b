/**
 * The browser's engine: each operation from the first source that has it here. Which sources a browser has is tried,
 * never read from its name. One wrong answer of a source refuses the engine: no other source steps in for it.
 *
 * A source never gives less than another: each serves the whole of an operation (the hybrid KEM with both its
 * halves) or none of it.
 */
import type { Engine } from '../engine/engine.ts';
import { choosePart } from './choose-part.ts';
import { ALL_SOURCES, type WebSource } from './parts.ts';

export interface WebEngineOptions {
  /** Sources that may serve, tried in this order. Default: all, the platform first. */
  readonly sources?: readonly WebSource[];
}

/**
 * @throws CryptoError engine_self_test_failed where a source gives a wrong answer, engine_operation_missing where an
 *   operation has no source
 */
export async function webEngine(options: WebEngineOptions = {}): Promise<Engine> {
  const order = options.sources ?? ALL_SOURCES;
  const [sha256, hkdf, chacha20poly1305, x25519, mlkem768x25519, ed25519, mldsa44, scrypt] = await Promise.all([
    choosePart('sha256', order),
    choosePart('hkdf', order),
    choosePart('chacha20poly1305', order),
    choosePart('x25519', order),
    choosePart('mlkem768x25519', order),
    choosePart('ed25519', order),
    choosePart('mldsa44', order),
    choosePart('scrypt', order),
  ]);
  return {
    // The engine goes by what seals payloads: that is what people wait for.
    name: chacha20poly1305.source,
    sources: {
      sha256: sha256.label,
      hkdf: hkdf.label,
      chacha20poly1305: chacha20poly1305.label,
      x25519: x25519.label,
      mlkem768x25519: mlkem768x25519.label,
      ed25519: ed25519.label,
      mldsa44: mldsa44.label,
      scrypt: scrypt.label,
    },
    randomBytes,
    // By name: a part may be an object that can do more than it was asked for.
    sha256: sha256.part.sha256,
    hmacSha256: sha256.part.hmacSha256,
    hkdfSha256: hkdf.part.hkdfSha256,
    aeadSeal: chacha20poly1305.part.aeadSeal,
    aeadOpen: chacha20poly1305.part.aeadOpen,
    x25519: x25519.part.x25519,
    x25519PublicKey: x25519.part.x25519PublicKey,
    hybridKemKey: mlkem768x25519.part.hybridKemKey,
    hybridKemEncapsulate: mlkem768x25519.part.hybridKemEncapsulate,
    ed25519Key: ed25519.part.ed25519Key,
    ed25519Verify: ed25519.part.ed25519Verify,
    mldsa44Key: mldsa44.part.mldsa44Key,
    mldsa44Verify: mldsa44.part.mldsa44Verify,
    scrypt: scrypt.part.scrypt,
  };
}

/** WebCrypto gives at most this much at once. */
const MAX_RANDOM_BYTES = 65_536;

function randomBytes(lengthBytes: number): Uint8Array {
  const bytes = new Uint8Array(lengthBytes);
  for (let at = 0; at < lengthBytes; at += MAX_RANDOM_BYTES) {
    globalThis.crypto.getRandomValues(bytes.subarray(at, at + MAX_RANDOM_BYTES));
  }
  return bytes;
}
