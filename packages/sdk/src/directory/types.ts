/** Whose keys are whose: proved by the key log (docs/spec/14-proving-directory.md), else pinned at first use. */
import type { RefusalReason, Rule } from '@latchkey/key-directory/verify';
import type { CanonicalAddress } from '@latchkey/protocol';
import type { VerifiedIdentity } from '../signing/types.ts';
import type { HistoryRefusal } from './history/standing.ts';
import type { OwnRefusal } from './key-log/own-history.ts';

/** How an identity came to be trusted, for people and for `verified` of a message. */
export type Trust =
  /** Seen for the first time just now, and pinned; nobody but the operator vouches for it. */
  | 'first_use'
  /** The same as pinned, or a later version that the pinned one signed. */
  | 'pinned'
  /** Known before, and proved by the key log just now; nobody but the operator has signed its head. */
  | 'proved'
  /** Proved by the key log under a head that enough witnesses have signed. */
  | 'witnessed'
  /** The owner of this account. */
  | 'own';

/** Why somebody cannot be written to: what was shown does not follow from what is known, or is not proved. */
export type ChangedReason =
  | 'other_version_pinned'
  | 'chain_broken'
  | 'older_than_pinned'
  | 'gone'
  /** The address was given to somebody else: a human has to verify who it is. */
  | 'reissued'
  /** The same, for somebody who never knew the address: not before its time. */
  | 'reissue_on_hold'
  /** A veto came after its reset was in force: two people hold the address. */
  | 'disputed'
  | OwnRefusal
  | HistoryRefusal
  | RefusalReason;

export type Resolution =
  | {
      readonly outcome: 'known';
      readonly address: CanonicalAddress;
      readonly identity: VerifiedIdentity;
      /** Verified versions that this client has pinned or just seen, newest first. */
      readonly versions: readonly VerifiedIdentity[];
      readonly trust: Trust;
      /** Whether the account takes mail now. */
      readonly takes: 'mail' | 'nothing' | 'full';
      /**
       * Other keys are announced by the recovery kit, and are not written to before: since 1970-01-01T00:00:00Z. Null: only
       * after a human has verified them. Absent: none are.
       */
      readonly resetCountsSeconds?: number | null;
      /** Names of those outside the operator's domain who have signed the head under which it was proved. */
      readonly witnesses?: readonly string[];
      /** When this account first saw the address proved. Absent: before that was noted, or not proved at all. */
      readonly sinceSeconds?: number;
      /** A person has compared these keys, or those that signed them. Absent: nobody has. */
      readonly verified?: VerifiedByPerson;
      /** With this version the address was given to who has it now: who had it before is another person. Absent: never. */
      readonly reissuedVersion?: number;
    }
  | { readonly outcome: 'unknown'; readonly address: CanonicalAddress }
  /** What the server shows does not follow from what is pinned, or is not proved. Sending stays blocked. */
  | {
      readonly outcome: 'changed';
      readonly address: CanonicalAddress;
      readonly reason: ChangedReason;
      /** Null where nothing was pinned. */
      readonly pinned: VerifiedIdentity | null;
      /** What a human may compare, so that it is taken: who holds the address now. Absent: nobody who could be. */
      readonly claimant?: Claimant;
      /** Of docs/spec/14-proving-directory.md. Absent: no key log was asked. */
      readonly rule?: Rule | 4;
      /** Id of the vault's record with what a third party can check, 16 bytes. Absent: nothing could be proved. */
      readonly evidence?: Uint8Array;
    };

/** Whom the key log shows at an address that is blocked until a human has verified. */
export interface Claimant {
  readonly identity: VerifiedIdentity;
  /** Hash of the statement of version 0 of the address, 32 bytes. */
  readonly genesis: Uint8Array;
}

/** That a person has compared keys with what their owner showed or said. */
export interface VerifiedByPerson {
  /** Hash of the identity statement that was compared, 32 bytes. */
  readonly identity: Uint8Array;
  readonly seconds: number;
}

/** A port of the sdk. */
export interface Directory {
  /** In the order asked. Pins what was not pinned, in the vault. Fetches anew unless told that a pin is enough. */
  resolve(
    addresses: readonly CanonicalAddress[],
    options?: { readonly pinIsEnough?: boolean },
  ): Promise<readonly Resolution[]>;
}
