/** Door `./sign`: signing with a key that the caller holds. Nothing here can open an item or a record. */
import type { Engine } from './engine/engine.ts';
import type { HybridPublicKey, HybridSignature } from './signature/hybrid-signature.ts';

export type { Engine } from './engine/engine.ts';
export { CryptoError, type CryptoErrorCode } from './errors.ts';
export type { HybridPublicKey, HybridSignature } from './signature/hybrid-signature.ts';

export interface HybridSeeds {
  /** 32 bytes. */
  readonly ed25519: Uint8Array;
  /** 32 bytes, independent of the other. */
  readonly mldsa44: Uint8Array;
}

export interface HybridSigner {
  readonly publicKey: HybridPublicKey;
  /** Signs exactly these bytes: a text that the caller built and that begins with its own `latchkey/…/v1` line. */
  sign(bytes: Uint8Array): Promise<HybridSignature>;
}

/**
 * Ed25519 as in RFC 8032; ML-DSA-44 as in FIPS 204: pure, hedged, empty context.
 *
 * @throws CryptoError `argument_invalid` where a seed has not 32 bytes
 */
export async function hybridSigner(engine: Engine, seeds: HybridSeeds): Promise<HybridSigner> {
  const classical = await engine.ed25519Key(seeds.ed25519);
  const postQuantum = await engine.mldsa44Key(seeds.mldsa44);
  return {
    publicKey: { ed25519: classical.publicKey, mldsa44: postQuantum.publicKey },
    async sign(bytes) {
      const [ed25519, mldsa44] = await Promise.all([classical.sign(bytes), postQuantum.sign(bytes)]);
      return { ed25519, mldsa44 };
    },
  };
}
