/** Identities as clients use them: a statement whose signatures and chain were checked, and the owner's own keys. */
import type { HybridSigner } from '@latchkey/crypto/sign';
import type { IdentityStatement, Party } from '@latchkey/protocol';

/** One version of an identity. Only `verifyIdentityChain` makes one. */
export interface VerifiedIdentity {
  readonly statement: IdentityStatement;
  /** The signed note, byte for byte. */
  readonly note: string;
  /** Hash of the statement's text, 32 bytes. */
  readonly hash: Uint8Array;
  /** As other statements name it. */
  readonly party: Party;
}

/** A statement by its ordinal and hash. */
export interface StatementMark {
  readonly version: number;
  readonly hash: Uint8Array;
}

/** One version of the owner's own keys. Retired ones still open what was sealed to them. */
export interface OwnIdentity {
  readonly identity: VerifiedIdentity;
  /** Signs as this version. */
  readonly signer: HybridSigner;
  /** `AGE-SECRET-KEY-PQ-1…` */
  readonly sealIdentity: string;
}

export interface OwnKeys {
  readonly newest: OwnIdentity;
  /** Newest first, the newest among them. */
  readonly all: readonly OwnIdentity[];
}
