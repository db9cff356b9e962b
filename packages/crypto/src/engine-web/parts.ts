/** An engine in pieces: one operation with all the functions that serve it, so that each can come from elsewhere. */
import type { Engine, EngineOperation } from '../engine/engine.ts';

export interface EngineParts {
  readonly sha256: Pick<Engine, 'sha256' | 'hmacSha256'>;
  readonly hkdf: Pick<Engine, 'hkdfSha256'>;
  readonly chacha20poly1305: Pick<Engine, 'aeadSeal' | 'aeadOpen'>;
  readonly x25519: Pick<Engine, 'x25519' | 'x25519PublicKey'>;
  readonly mlkem768x25519: Pick<Engine, 'hybridKemKey' | 'hybridKemEncapsulate'>;
  readonly ed25519: Pick<Engine, 'ed25519Key' | 'ed25519Verify'>;
  readonly mldsa44: Pick<Engine, 'mldsa44Key' | 'mldsa44Verify'>;
  readonly scrypt: Pick<Engine, 'scrypt'>;
}

/** Where a browser's operations can come from; `EngineName` without Node. */
export type WebSource = 'webcrypto' | 'libsodium' | 'noble';

/** The platform first, the reference last. */
export const ALL_SOURCES: readonly WebSource[] = ['webcrypto', 'libsodium', 'noble'];

/** One source's way to serve some operations. `part` may fail: then the source does not have it here. */
export interface Provider {
  readonly source: WebSource;
  readonly parts: { readonly [O in EngineOperation]?: Offer<O> };
}

export interface Offer<O extends EngineOperation> {
  /** For people; stands in the engine's `sources`. */
  readonly label: string;
  load(): Promise<EngineParts[O]>;
}
