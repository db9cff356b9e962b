/** Door `./verify`: public operations only. Nothing here holds a secret or can open anything. */
import type { Engine } from './engine/engine.ts';
import type { HybridPublicKey, HybridSignature } from './signature/hybrid-signature.ts';

export type { Engine } from './engine/engine.ts';
export type { HybridPublicKey, HybridSignature } from './signature/hybrid-signature.ts';

/** The part of an engine that verifies. */
export type SignatureVerifier = Pick<Engine, 'ed25519Verify' | 'mldsa44Verify'>;

/** A verdict, never an error. Only `valid` says that something was signed; the halves say why it was not. */
export interface SignatureVerdict {
  readonly valid: boolean;
  readonly ed25519: HalfVerdict;
  readonly mldsa44: HalfVerdict;
}

export type HalfVerdict = 'valid' | 'wrong' | 'missing';

export interface SignedBytes {
  readonly bytes: Uint8Array;
  /** What was found; a half that is not there makes the whole invalid. */
  readonly signature: Partial<HybridSignature>;
}

/** The keys come from a statement that the caller already trusts, never from what is being verified. */
export async function verifyHybrid(
  engine: SignatureVerifier,
  publicKey: HybridPublicKey,
  { bytes, signature }: SignedBytes,
): Promise<SignatureVerdict> {
  const ed25519 = await halfVerdict(signature.ed25519, (half) => engine.ed25519Verify(publicKey.ed25519, bytes, half));
  const mldsa44 = await halfVerdict(signature.mldsa44, (half) => engine.mldsa44Verify(publicKey.mldsa44, bytes, half));
  return { valid: ed25519 === 'valid' && mldsa44 === 'valid', ed25519, mldsa44 };
}

async function halfVerdict(
  half: Uint8Array | undefined,
  verify: (half: Uint8Array) => boolean | Promise<boolean>,
): Promise<HalfVerdict> {
  if (half === undefined) return 'missing';
  return (await verify(half)) ? 'valid' : 'wrong';
}
