/**
 * The one interface behind which every cipher, hash and signature stands (docs/spec/01-item.md, "Engines").
 *
 * An operation may answer at once (node, noble) or later (WebCrypto): callers always `await`.
 * All byte arguments are read before the call returns or its promise settles, and never kept or changed;
 * all results are fresh arrays. Seeds given to `…Key` are copied.
 *
 * A wrong length of something that this side made (key, nonce, seed, secret key) throws `argument_invalid`. A wrong
 * length of something that came from outside (public key, encapsulation, sealed bytes, signature) is a refusal like
 * any other: null or false. vectors/engines says what every engine must answer.
 */
export type Awaitable<T> = T | Promise<T>;

export type EngineName = 'node' | 'webcrypto' | 'libsodium' | 'noble';

/** ChaCha20-Poly1305 as in RFC 8439. `key` 32 bytes, `nonce` 12 bytes, `ad` may be empty. */
export interface AeadInput {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly bytes: Uint8Array;
  readonly ad?: Uint8Array;
}

export interface HkdfInput {
  readonly secret: Uint8Array;
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
  readonly lengthBytes: number;
}

export interface ScryptInput {
  readonly passphrase: Uint8Array;
  readonly salt: Uint8Array;
  /** log2 of the work factor N; r = 8, p = 1 as in age. */
  readonly logN: number;
  readonly lengthBytes: number;
}

/** A secret key of the hybrid KEM MLKEM768-X25519 (X-Wing), held by the engine; 32-byte seed. */
export interface HybridKemKey {
  /** 1,216 bytes. */
  readonly publicKey: Uint8Array;
  /** `encapsulation` 1,120 bytes. Returns the 32-byte shared secret; null where the X25519 half is all zero. */
  decapsulate(encapsulation: Uint8Array): Awaitable<Uint8Array | null>;
}

export interface Encapsulated {
  readonly encapsulation: Uint8Array;
  readonly sharedSecret: Uint8Array;
}

/** A signing key held by the engine, made from a 32-byte seed. */
export interface SigningKey {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Awaitable<Uint8Array>;
}

/** Operations whose source `latchkey doctor` names. */
export type EngineOperation =
  'sha256' | 'hkdf' | 'chacha20poly1305' | 'x25519' | 'mlkem768x25519' | 'ed25519' | 'mldsa44' | 'scrypt';

export interface Engine {
  readonly name: EngineName;
  /** What serves each operation, for people: `node:crypto (OpenSSL 3.5.2)`, `@noble/post-quantum`, … */
  readonly sources: Readonly<Record<EngineOperation, string>>;

  randomBytes(lengthBytes: number): Uint8Array;
  sha256(bytes: Uint8Array): Awaitable<Uint8Array>;
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Awaitable<Uint8Array>;
  hkdfSha256(input: HkdfInput): Awaitable<Uint8Array>;
  scrypt(input: ScryptInput): Awaitable<Uint8Array>;

  /** Ciphertext followed by the 16-byte tag. */
  aeadSeal(input: AeadInput): Awaitable<Uint8Array>;
  /** Null where the tag does not fit. */
  aeadOpen(input: AeadInput): Awaitable<Uint8Array | null>;

  /** RFC 7748. Null where the result is all zero. */
  x25519(secretKey: Uint8Array, publicKey: Uint8Array): Awaitable<Uint8Array | null>;
  x25519PublicKey(secretKey: Uint8Array): Awaitable<Uint8Array>;

  hybridKemKey(seed: Uint8Array): Awaitable<HybridKemKey>;
  /** Null where the public key is refused (ML-KEM modulus check, low-order X25519 point). */
  hybridKemEncapsulate(publicKey: Uint8Array): Awaitable<Encapsulated | null>;

  ed25519Key(seed: Uint8Array): Awaitable<SigningKey>;
  /** Strict (docs/spec/01-item.md, "Ed25519"): the same verdict from every engine. */
  ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Awaitable<boolean>;
  /** FIPS 204, pure, hedged, empty context. */
  mldsa44Key(seed: Uint8Array): Awaitable<SigningKey>;
  mldsa44Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Awaitable<boolean>;
}
