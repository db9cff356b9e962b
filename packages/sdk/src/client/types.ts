/** An account on this device (docs/spec/05-account.md). */
import type { CanonicalAddress } from '@latchkey/protocol';
import type { ClientDirectory } from '../directory/choose-directory.ts';
import type { ClientHost, Wire } from '../ports.ts';
import type { OwnKeys } from '../signing/types.ts';
import type { Space } from '../sync/types.ts';

/** What an owner prints for a new browser or machine. Useless without the password. */
export interface SignInCard {
  readonly address: CanonicalAddress;
  readonly origin: string;
  readonly policy: Uint8Array | null;
  /** One line that a person or a QR code carries. Holds the account secret: show it to its owner only. */
  readonly text: string;
}

/** What an owner prints for the safe. */
export interface RecoveryKit {
  readonly address: CanonicalAddress;
  readonly origin: string;
  /** 24 words. */
  readonly words: readonly string[];
  readonly generation: number;
  /** Since 1970-01-01T00:00:00Z. */
  readonly dateSeconds: number;
  readonly policy: Uint8Array | null;
  /** Hash of the identity statement of version 0. */
  readonly genesis: Uint8Array;
  /** One line that a QR code carries. Opens the account without a password. */
  readonly text: string;
}

export interface RegisterRequest {
  /** Canonicalised; a refused form throws ProtocolError. */
  readonly address: string;
  /** `http://localhost:7700`. Absent: from the invitation, else `https://` and the address's domain. */
  readonly origin?: string;
  /** The line that the operator gave. */
  readonly invitation?: string;
  readonly password: string;
  /** What the owner calls this device; sealed. */
  readonly deviceName: string;
  /** Takes an address that was somebody else's: whoever knew it writes there only after comparing words. */
  readonly reissued?: boolean;
}

export interface Registered {
  readonly client: Client;
  readonly card: SignInCard;
  readonly kit: RecoveryKit;
}

/** What the vault holds at its newest before a device joins it, for a person who may know of something newer. */
export interface VaultState {
  /** Of the device that noted it; null where it has signed out since. */
  readonly deviceName: string | null;
  /** How many changes the vault has had. */
  readonly changes: number;
  /** Hours since 1970-01-01T00Z, by that device's clock. */
  readonly hour: number;
}

export interface LogInRequest {
  readonly address: string;
  readonly origin?: string;
  readonly deviceName: string;
  readonly with:
    | { readonly password: string; readonly card: string }
    /** The 24 words, or the line of the kit's QR code. */
    | { readonly kit: string };
  /** Asked once; false joins nothing. A server can show a new device an old vault, and only its owner can tell. */
  readonly acceptState?: (state: VaultState) => boolean | Promise<boolean>;
}

export interface LockOutRequest {
  /** From now on; the old one is good again. */
  readonly password: string;
  /** Called while the mailbox is sealed again. */
  readonly onProgress?: (progress: LockOutProgress) => void;
}

/** In records. */
export interface LockOutProgress {
  readonly done: number;
  readonly total: number;
}

/** New papers: the old ones open nothing any more. */
export interface LockedOut {
  readonly client: Client;
  readonly card: SignInCard;
  readonly kit: RecoveryKit;
}

export interface DeviceSession {
  readonly id: Uint8Array;
  /** Null where this client's vault has no record of the session's device: somebody else's. */
  readonly name: string | null;
  readonly foreign: boolean;
  readonly current: boolean;
  /** Days since 1970-01-01. */
  readonly expiresDay: number;
}

export interface AccountState {
  readonly address: CanonicalAddress;
  readonly origin: string;
  readonly deviceName: string;
  /** Hash of the newest own identity statement. */
  readonly identity: Uint8Array;
  readonly identityVersion: number;
  readonly usedBytes: number;
  readonly quotaBytes: number;
  /** Unfiled arrivals. */
  readonly arrivals: number;
  readonly removedOnDay: number | null;
}

/** An unlocked account: what mail and other doors work with. */
export interface Client {
  readonly host: ClientHost;
  readonly wire: Wire;
  /** The session's token. */
  readonly session: string;
  readonly address: CanonicalAddress;
  /** 16 bytes. */
  readonly account: Uint8Array;
  /** 16 bytes: this device's record in the vault. */
  readonly device: Uint8Array;
  readonly vault: Space;
  readonly mailbox: Space;
  readonly keys: OwnKeys;
  readonly directory: ClientDirectory;
}
