/** What an identity does to where one stands, once it is known who signed it. */
import { HOUR_SECONDS } from '../../hours.ts';
import { equalBytes } from '../../signing/equal-bytes.ts';
import type { VerifiedIdentity } from '../../signing/types.ts';
import type { SignedSo } from './classify-identity.ts';
import type { Look } from './look.ts';
import { inForce, recoveryInForce, type InForce, type Standing, type Waiting } from './standing.ts';

/** From a tombstone, or from the announcement, until somebody else may have the address. */
export const REISSUE_SECONDS: number = 30 * 24 * HOUR_SECONDS;

export interface Arrived {
  readonly identity: VerifiedIdentity;
  readonly found: SignedSo;
}

export function succeed(look: Look, standing: Standing, { identity, found }: Arrived): Standing {
  const { waiting } = standing;
  if (found.by === 'predecessor') {
    const recoveryCountsSeconds = recoveryCountsFrom(look, standing, identity);
    const versions: Standing['versions'] = [...standing.versions, { identity, recoveryCountsSeconds }];
    // Signed by both, the two are one again.
    return { ...standing, versions, waiting: found.alsoByWaiting ? null : outlived(waiting), ended: null };
  }
  if (found.by === 'waiting') {
    return waiting === null ? standing : { ...standing, waiting: { ...waiting, identity, former: null } };
  }
  if (found.by === 'waiting_recovery') {
    return waiting === null ? standing : { ...standing, waiting: resetOfReissue(look, waiting, identity) };
  }
  return {
    ...standing,
    waiting: found.by === 'recovery' ? reset(look, standing, { identity, found }) : reissue(look, standing, identity),
  };
}

/** Keys that still sign are not gone: who has them holds the address, and a re-issue counts by a human alone. */
function outlived(waiting: Waiting | null): Waiting | null {
  return waiting?.kind === 'reissue' ? { ...waiting, countsSeconds: null } : waiting;
}

/** It waits as it did, and for the hold of its own statement: a veto by the keys before brings those back. */
function resetOfReissue(look: Look, waiting: Waiting, identity: VerifiedIdentity): Waiting {
  const { countsSeconds } = waiting;
  const holdSeconds = waiting.identity.statement.holdHours * HOUR_SECONDS;
  return {
    ...waiting,
    identity,
    former: waiting.identity,
    countsSeconds: countsSeconds === null ? null : Math.max(countsSeconds, look.seenSeconds + holdSeconds),
  };
}

/** Whoever knew the address knew somebody else. */
function reissue(look: Look, { ended }: Standing, identity: VerifiedIdentity): Waiting {
  const countsSeconds = look.isKnown ? null : (ended?.seenSeconds ?? look.seenSeconds) + REISSUE_SECONDS;
  const announced = markOf(identity);
  return { kind: 'reissue', announced, identity, countsSeconds, kit: null, overrides: true, former: null };
}

function reset(
  look: Look,
  { vetoedKits }: Standing,
  { identity, found }: { readonly identity: VerifiedIdentity; readonly found: Extract<SignedSo, { by: 'recovery' }> },
): Waiting {
  const { commitment, kit, isInTime } = found;
  const startSeconds = Math.max(look.seenSeconds, commitment.recoveryCountsSeconds);
  const countsSeconds = isInTime ? startSeconds + commitment.identity.statement.holdHours * HOUR_SECONDS : null;
  const overrides = vetoedKits.some((vetoed) => equalBytes(vetoed, kit));
  return { kind: 'reset', announced: markOf(identity), identity, countsSeconds, kit, overrides, former: null };
}

function markOf({ statement, hash }: VerifiedIdentity): Waiting['announced'] {
  return { version: statement.version, hash };
}

/** Other recovery keys, or a shorter hold, wait for the hold that counts now. */
function recoveryCountsFrom(look: Look, standing: Standing, { statement: next }: VerifiedIdentity): number {
  const counting = recoveryInForce(standing, look.nowSeconds);
  if (!isWeaker(next, counting)) return look.nowSeconds;
  const before = inForce(standing);
  if (!isWeaker(next, before)) return before.recoveryCountsSeconds;
  return look.seenSeconds + counting.identity.statement.holdHours * HOUR_SECONDS;
}

/** Keys that are others may be anybody's: a statement cannot say that they are better ones. */
function isWeaker(next: VerifiedIdentity['statement'], { identity: { statement: now } }: InForce): boolean {
  if (next.holdHours < now.holdHours || next.recovery.by !== now.recovery.by) return true;
  if (next.recovery.by === 'none' || now.recovery.by === 'none') return false;
  return (
    !equalBytes(next.recovery.keysHash, now.recovery.keysHash) || quorumOf(next.recovery) !== quorumOf(now.recovery)
  );
}

function quorumOf(recovery: VerifiedIdentity['statement']['recovery']): string {
  if (recovery.by === 'none' || recovery.by === 'kit') return '';
  const domain = recovery.by === 'organisation' ? recovery.domain : '';
  return `${recovery.quorum.needed}/${recovery.quorum.total} ${domain}`;
}
