/** A signature is two: Ed25519 and ML-DSA-44 over the same bytes (docs/spec/04-records.md, "Signatures"). */
export interface HybridPublicKey {
  /** 32 bytes. */
  readonly ed25519: Uint8Array;
  /** 1,312 bytes. */
  readonly mldsa44: Uint8Array;
}

export interface HybridSignature {
  /** 64 bytes. */
  readonly ed25519: Uint8Array;
  /** 2,420 bytes. */
  readonly mldsa44: Uint8Array;
}
