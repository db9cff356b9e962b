/**
 * What the engines share of X-Wing (draft-connolly-cfrg-xwing-kem): how a seed becomes two keys and how two
 * shared secrets become one. Pure: the hashes come from the caller.
 */
import {
  HYBRID_KEM_ENCAPSULATION_BYTES,
  HYBRID_KEM_PUBLIC_KEY_BYTES,
  MLKEM768_CIPHERTEXT_BYTES,
  MLKEM768_PUBLIC_KEY_BYTES,
  MLKEM768_SEED_BYTES,
  SHARED_SECRET_BYTES,
  X25519_BYTES,
} from './sizes.ts';

/** `\.//^\`, the draft's label. */
const COMBINER_LABEL = new Uint8Array([0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c]);

/** Length of SHAKE-256 output that `splitExpandedSeed` takes. */
export const EXPANDED_SEED_BYTES: number = MLKEM768_SEED_BYTES + X25519_BYTES;

export interface Halves {
  readonly mlkem: Uint8Array;
  readonly x25519: Uint8Array;
}

/** `expanded` is SHAKE-256 of the seed, 96 bytes: d ‖ z of ML-KEM, then the X25519 scalar. */
export function splitExpandedSeed(expanded: Uint8Array): Halves {
  return { mlkem: expanded.subarray(0, MLKEM768_SEED_BYTES), x25519: expanded.subarray(MLKEM768_SEED_BYTES) };
}

/** Null where the length is wrong. The halves are views. */
export function splitHybridPublicKey(publicKey: Uint8Array): Halves | null {
  return publicKey.length === HYBRID_KEM_PUBLIC_KEY_BYTES ? split(publicKey, MLKEM768_PUBLIC_KEY_BYTES) : null;
}

/** Null where the length is wrong. The halves are views. */
export function splitHybridEncapsulation(encapsulation: Uint8Array): Halves | null {
  return encapsulation.length === HYBRID_KEM_ENCAPSULATION_BYTES
    ? split(encapsulation, MLKEM768_CIPHERTEXT_BYTES)
    : null;
}

export function joinHalves(halves: Halves): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(halves.mlkem.length + halves.x25519.length);
  joined.set(halves.mlkem);
  joined.set(halves.x25519, halves.mlkem.length);
  return joined;
}

export interface CombinerInput {
  readonly mlkemSecret: Uint8Array;
  readonly x25519Secret: Uint8Array;
  /** The ephemeral public key of the X25519 half. */
  readonly x25519Ephemeral: Uint8Array;
  readonly x25519PublicKey: Uint8Array;
}

/** The bytes whose SHA3-256 is the shared secret. */
export function combinerInput(input: CombinerInput): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * SHARED_SECRET_BYTES + 2 * X25519_BYTES + COMBINER_LABEL.length);
  bytes.set(input.mlkemSecret);
  bytes.set(input.x25519Secret, 32);
  bytes.set(input.x25519Ephemeral, 64);
  bytes.set(input.x25519PublicKey, 96);
  bytes.set(COMBINER_LABEL, 128);
  return bytes;
}

function split(bytes: Uint8Array, at: number): Halves {
  return { mlkem: bytes.subarray(0, at), x25519: bytes.subarray(at) };
}
