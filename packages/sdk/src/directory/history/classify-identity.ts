/** Who says that these are the keys of an address: recomputed from signatures alone. */
import type { IdentityStatement } from '@latchkey/protocol';
import { identityKeys } from '../../signing/identity.ts';
import { isSignedByRecovery } from '../../signing/reset.ts';
import { isSignedBy, type UnverifiedStatement } from '../../signing/signed-statement.ts';
import type { Look } from './look.ts';
import { inForce, recoveryInForce, type HistoryRefusal, type InForce, type Standing } from './standing.ts';

export type SignedSo =
  /** The keys in force. */
  | { readonly by: 'predecessor'; readonly alsoByWaiting: boolean }
  /** The keys of what waits to come into force. */
  | { readonly by: 'waiting' }
  /** The kit of a re-issue that waits. */
  | { readonly by: 'waiting_recovery' }
  /**
   * Recovery keys of this hash, with the version that names them. Not in time: a weaker choice was made before it, and
   * nobody here knows whether the old one still counted.
   */
  | { readonly by: 'recovery'; readonly commitment: InForce; readonly kit: Uint8Array; readonly isInTime: boolean }
  /** Nobody but itself. */
  | { readonly by: 'nobody' };

export async function classifyIdentity(
  look: Look,
  signed: UnverifiedStatement<IdentityStatement>,
  standing: Standing,
): Promise<SignedSo | HistoryRefusal> {
  const isBy = (statement: IdentityStatement): Promise<boolean> =>
    isSignedBy(look.engine, signed, identityKeys(statement));
  if (!(await isBy(signed.statement))) return 'version_unsigned';
  const { waiting } = standing;
  const alsoByWaiting = waiting !== null && (await isBy(waiting.identity.statement));
  if (await isBy(inForce(standing).identity.statement)) return { by: 'predecessor', alsoByWaiting };
  if (alsoByWaiting) return { by: 'waiting' };
  if (waiting?.kind === 'reissue') {
    const { recovery } = waiting.identity.statement;
    const isByKit = recovery.by === 'kit' && (await isSignedByRecovery(look.engine, signed.note, recovery.keysHash));
    if (isByKit) return { by: 'waiting_recovery' };
  }
  for (const { statement } of standing.killed) if (await isBy(statement)) return 'reset_vetoed';
  for (const commitment of standing.versions.toReversed()) {
    const { recovery } = commitment.identity.statement;
    if (recovery.by !== 'kit' || !(await isSignedByRecovery(look.engine, signed.note, recovery.keysHash))) continue;
    const counts = countsOf(look, standing, commitment);
    if (counts === 'no') return 'reset_unauthorised';
    return { by: 'recovery', commitment, kit: recovery.keysHash, isInTime: counts === 'yes' };
  }
  return { by: 'nobody' };
}

/**
 * The recovery keys of the version in force count; and, while that one is weaker and still waits, those that counted before.
 * Where the choice that came after them is seen in the same look there is no order in time: that is for a human to say.
 */
function countsOf(
  { knownVersion, nowSeconds }: Look,
  standing: Standing,
  commitment: InForce,
): 'yes' | 'no' | 'unknown' {
  const newest = inForce(standing);
  if (commitment === newest) return 'yes';
  const after = standing.versions[standing.versions.indexOf(commitment) + 1] ?? newest;
  if (after.identity.statement.version > knownVersion) return 'unknown';
  const isStillCounting = newest.recoveryCountsSeconds > nowSeconds;
  return isStillCounting && commitment === recoveryInForce(standing, nowSeconds) ? 'yes' : 'no';
}
