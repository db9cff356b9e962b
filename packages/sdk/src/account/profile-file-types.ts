/** What the small files of a profile hold (docs/spec/05-account.md, "Profile files"). */
import type { CanonicalAddress } from '@latchkey/protocol';

/** `account`: logging out clears it. */
export interface AccountFile {
  readonly latchkey: 'account/v1';
  readonly address: CanonicalAddress;
  readonly origin: string;
  /** OPAQUE's static public key of the server, pinned. */
  readonly serverKey: string;
  /** 32 bytes. */
  readonly policy: Uint8Array | null;
  /** 16 bytes. */
  readonly accountSecret: Uint8Array;
  /** 16 bytes. */
  readonly device: Uint8Array;
  readonly deviceName: string;
  /** The session's token. */
  readonly session: string;
  /** Space id, 16 bytes. */
  readonly vault: Uint8Array;
  /** Of the vault root; an older one is never accepted again. */
  readonly generation: number;
}

/** `unlocked`: locking and logging out clear it. */
export interface UnlockedFile {
  readonly latchkey: 'unlocked/v1';
  /** 32 bytes. */
  readonly root: Uint8Array;
  readonly generation: number;
}

/** `pending`: all secrets of an account that is being made. The end of the registration clears it, or logging out. */
export interface RegistrationPlan {
  readonly latchkey: 'registration/v1';
  readonly address: CanonicalAddress;
  readonly origin: string;
  readonly serverKey: string;
  readonly policy: Uint8Array | null;
  /** What the server wants to see; null where none was given. */
  readonly invitation: string | null;
  readonly deviceName: string;
  readonly dateSeconds: number;
  readonly accountSecret: Uint8Array;
  readonly root: Uint8Array;
  /** Entropy, 32 bytes. */
  readonly kit: Uint8Array;
  readonly device: Uint8Array;
  readonly vault: Uint8Array;
  readonly mailbox: Uint8Array;
  readonly mailboxSecret: Uint8Array;
  readonly passwordLatch: Uint8Array;
  readonly kitLatch: Uint8Array;
  readonly identity: IdentitySecrets;
  /** The server may have made the account: these secrets are not to be thrown away. */
  readonly sent: boolean;
}

/** One version of the own identity, as it is kept. */
export interface IdentitySecrets {
  /** Seeds of the signing pair, 32 bytes each. */
  readonly ed25519: Uint8Array;
  readonly mldsa44: Uint8Array;
  /** `AGE-SECRET-KEY-PQ-1…` */
  readonly seal: string;
  /** The signed statement. */
  readonly note: string;
}

/** `pending`: a login that may have opened a session which no device knows of. The end of a login clears it. */
export interface LoginPlan {
  readonly latchkey: 'login/v1';
  readonly address: CanonicalAddress;
  readonly origin: string;
  readonly device: Uint8Array;
}

/** `pending`: the kit of a new account, until its owner has it on paper. Locking and logging out clear it. */
export interface UnsavedKit {
  readonly latchkey: 'unsaved-kit/v1';
  readonly address: CanonicalAddress;
  readonly entropy: Uint8Array;
  readonly generation: number;
  readonly dateSeconds: number;
  /** Hash of the identity statement of version 0, 32 bytes. */
  readonly genesis: Uint8Array;
}

/** `pending`: all that is new of an account whose lost device is being locked out. Nothing but its end clears it. */
export interface LockOutPlan {
  readonly latchkey: 'lock-out/v1';
  readonly address: CanonicalAddress;
  readonly dateSeconds: number;
  /** Of the new root. */
  readonly generation: number;
  readonly accountSecret: Uint8Array;
  readonly root: Uint8Array;
  /** Entropy, 32 bytes. */
  readonly kit: Uint8Array;
  readonly passwordLatch: Uint8Array;
  readonly kitLatch: Uint8Array;
  readonly mailboxEpoch: number;
  readonly mailboxSecret: Uint8Array;
  /** Of `identity`. */
  readonly version: number;
  readonly identity: IdentitySecrets;
  /** Hash of the identity statement of version 0. */
  readonly genesis: Uint8Array;
  /** Of the old root. */
  readonly oldGeneration: number;
  readonly oldRoot: Uint8Array;
  /** Of the vault's first epoch: names hang on it. */
  readonly namingSecret: Uint8Array;
  /** The server may have heard of it: these secrets are not to be thrown away. */
  readonly begun: boolean;
}

/**
 * `pending`: the keys that the recovery kit announced, and the account that begins anew with them when their hold is over.
 * Its end clears it, or logging out. The kit itself is not in it.
 */
export interface ResetPlan {
  readonly latchkey: 'reset/v1';
  readonly address: CanonicalAddress;
  readonly origin: string;
  readonly serverKey: string;
  readonly policy: Uint8Array | null;
  readonly deviceName: string;
  readonly dateSeconds: number;
  /** Of `identity`. */
  readonly version: number;
  readonly identity: IdentitySecrets;
  readonly accountSecret: Uint8Array;
  readonly root: Uint8Array;
  /** Of the root; 0 before the account begins anew. */
  readonly generation: number;
  readonly device: Uint8Array;
  readonly vault: Uint8Array;
  /** Names the vault's records. */
  readonly namingSecret: Uint8Array;
  readonly mailbox: Uint8Array;
  readonly mailboxSecret: Uint8Array;
  readonly passwordLatch: Uint8Array;
  readonly kitLatch: Uint8Array;
}

export type PendingFile = RegistrationPlan | LoginPlan | UnsavedKit | LockOutPlan | ResetPlan;
