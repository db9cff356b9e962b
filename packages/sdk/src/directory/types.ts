/** Whose keys are whose. Until the key log lands, the first identity seen is pinned (docs/spec/05-account.md). */
import type { CanonicalAddress } from '@latchkey/protocol';
import type { VerifiedIdentity } from '../signing/types.ts';

/** How an identity came to be trusted, for people and for `verified` of a message. */
export type Trust =
  /** Seen for the first time just now, and pinned. */
  | 'first_use'
  /** The same as pinned, or a later version that the pinned one signed. */
  | 'pinned'
  /** The owner of this account. */
  | 'own';

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
    }
  | { readonly outcome: 'unknown'; readonly address: CanonicalAddress }
  /** What the server shows does not follow from what is pinned. Sending stays blocked. */
  | {
      readonly outcome: 'changed';
      readonly address: CanonicalAddress;
      readonly reason: 'other_version_pinned' | 'chain_broken' | 'older_than_pinned' | 'gone';
      readonly pinned: VerifiedIdentity;
    };

/** A port of the sdk: the key log's client takes its place. */
export interface Directory {
  /** In the order asked. Pins what was not pinned, in the vault. Fetches anew unless told that a pin is enough. */
  resolve(
    addresses: readonly CanonicalAddress[],
    options?: { readonly pinIsEnough?: boolean },
  ): Promise<readonly Resolution[]>;
}
