/** Where a client stands with an address: what its statements, as far as they were seen, amount to. */
import type { CanonicalAddress } from '@latchkey/protocol';
import type { StatementMark, VerifiedIdentity } from '../../signing/types.ts';

/** An identity that is or was in force. */
export interface InForce {
  readonly identity: VerifiedIdentity;
  /** Since when its `recovery` and `hold` count for resets, seconds. A weaker one waits (docs/spec/14, "Reset"). */
  readonly recoveryCountsSeconds: number;
}

/** An identity that waits: announced, and not yet in force. */
export interface Waiting {
  readonly kind: 'reset' | 'reissue';
  /** The statement that announced it: what a veto names. */
  readonly announced: StatementMark;
  /** Newest version of it: it may have rotated its keys meanwhile. */
  readonly identity: VerifiedIdentity;
  /** When it comes into force; null where only a human lets it. */
  readonly countsSeconds: number | null;
  /** Hash of the recovery keys that announced it; null for a re-issue. */
  readonly kit: Uint8Array | null;
  /** A second reset by a kit whose first one was vetoed: no veto stops it. */
  readonly overrides: boolean;
  /** Of a re-issue whose own kit has announced other keys: those before, which may veto it. Else null. */
  readonly former: VerifiedIdentity | null;
}

export interface Standing {
  readonly address: CanonicalAddress;
  /** Hash of the statement of version 0. */
  readonly genesis: Uint8Array;
  /** The last statement of any kind: what the next one must name as `previous`. */
  readonly last: StatementMark;
  /** Oldest first; the last one is in force. */
  readonly versions: readonly [InForce, ...InForce[]];
  readonly waiting: Waiting | null;
  /** Hashes of the recovery keys whose resets were vetoed: each of them has the last word at its second one. */
  readonly vetoedKits: readonly Uint8Array[];
  /** Announced statements that a veto killed, newest last. */
  readonly killed: readonly VerifiedIdentity[];
  /** A tombstone that nothing has followed. */
  readonly ended: { readonly version: number; readonly seenSeconds: number } | null;
  /** A veto came after its reset was in force: two people hold the address. */
  readonly disputed: boolean;
  /** The version that announced who is in force as a re-issue: who had the address before was somebody else. Else null. */
  readonly reissued: number | null;
}

/** Why statements are not taken. Nothing is learnt from a history that has one. */
export type HistoryRefusal =
  /** No note over a statement of a kind that stands in the key log, or of another address. */
  | 'statement_malformed'
  /** Its version is not its ordinal, or `previous` is not the statement before: one is missing or exchanged. */
  | 'chain_broken'
  /** It is not signed by the keys that it introduces. */
  | 'version_unsigned'
  /** Nobody who may has signed it, and it is not shown as the re-issue that it would be. */
  | 'ghost_version'
  /** The leaf's flag is not what the signatures say. */
  | 'flag_mismatch'
  | 'genesis_twice'
  | 'reset_unsigned'
  /** Recovery keys signed, but not those that count. */
  | 'reset_unauthorised'
  /** Signed by keys that a veto killed. */
  | 'reset_vetoed'
  | 'reissue_as_rotation'
  /** The veto is not by the keys in force, or kills what does not wait. */
  | 'veto_invalid'
  /** The operator has deleted what was said. */
  | 'statement_missing';

export function inForce({ versions }: Standing): InForce {
  return versions.at(-1) ?? versions[0];
}

/** Whose recovery keys and hold count at a time: a weaker choice waits until the old hold is over. */
export function recoveryInForce({ versions }: Standing, nowSeconds: number): InForce {
  return versions.findLast(({ recoveryCountsSeconds }) => recoveryCountsSeconds <= nowSeconds) ?? versions[0];
}

/** Where one stands after time has passed: what has waited long enough is in force. */
export function settle(standing: Standing, nowSeconds: number): Standing {
  const { waiting } = standing;
  if (waiting === null || waiting.countsSeconds === null || waiting.countsSeconds > nowSeconds) return standing;
  return takeOver(standing, waiting, waiting.countsSeconds);
}

/** Puts an identity in force that its predecessor did not sign. Nothing waits any more. */
export function takeOver(standing: Standing, { kind, identity, announced }: Waiting, seconds: number): Standing {
  const { ended, reissued } = standing;
  return {
    ...standing,
    reissued: kind === 'reissue' ? announced.version : reissued,
    versions: [...standing.versions, { identity, recoveryCountsSeconds: seconds }],
    waiting: null,
    vetoedKits: [],
    killed: [],
    ended: ended !== null && ended.version > announced.version ? ended : null,
  };
}
