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
  /** Recovery keys, with the version that names them. */
  | { readonly by: 'recovery'; readonly commitment: InForce }
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
  for (const { statement } of standing.killed) if (await isBy(statement)) return 'reset_vetoed';
  for (const commitment of commitments(look, standing)) {
    const { recovery } = commitment.identity.statement;
    if (recovery.by !== 'kit') continue;
    if (await isSignedByRecovery(look.engine, signed.note, recovery.keysHash)) return { by: 'recovery', commitment };
  }
  for (const { identity } of standing.versions) {
    const { recovery } = identity.statement;
    if (recovery.by !== 'kit') continue;
    if (await isSignedByRecovery(look.engine, signed.note, recovery.keysHash)) return 'reset_unauthorised';
  }
  return { by: 'nobody' };
}

/**
 * The commitment of the version in force; and, while that one is weaker and still waits, the one before, which counts
 * until then. Only where the weaker one was seen before: what is seen at once has no order in time.
 */
function commitments(look: Look, standing: Standing): readonly InForce[] {
  const newest = inForce(standing);
  if (newest.recoveryCountsSeconds <= look.nowSeconds) return [newest];
  if (newest.identity.statement.version > look.knownVersion) return [newest];
  return [newest, recoveryInForce(standing, look.nowSeconds)];
}
