/** Whose recovery keys count for a reset, by the server's clock. docs/spec/14-proving-directory.md, "Reset". */
import type { IdentityStatement } from '@latchkey/protocol';
import type { SignedIdentity } from './identity.ts';

/** A version that is or was in force, and since when its `recovery` and `hold` count. Hours since 1970-01-01. */
export interface InForce {
  readonly identity: SignedIdentity;
  readonly recoveryCountsHour: number;
}

/** The versions in force, oldest first, never empty. */
export function countingAt(versions: readonly InForce[], hour: number): InForce | undefined {
  return versions.findLast(({ recoveryCountsHour }) => recoveryCountsHour <= hour) ?? versions[0];
}

/** Since when the choice of a version that its predecessor signed counts: a weaker one waits for the hold before it. */
export function recoveryCountsFrom(versions: readonly InForce[], next: IdentityStatement, hour: number): number {
  const counting = countingAt(versions, hour);
  const before = versions.at(-1);
  if (counting === undefined || before === undefined || !isWeaker(next, counting.identity.statement)) return hour;
  if (!isWeaker(next, before.identity.statement)) return before.recoveryCountsHour;
  return hour + counting.identity.statement.holdHours;
}

/** Keys that are others may be anybody's: a statement cannot say that they are better ones. */
function isWeaker(next: IdentityStatement, now: IdentityStatement): boolean {
  if (next.holdHours < now.holdHours || next.recovery.by !== now.recovery.by) return true;
  if (next.recovery.by === 'none' || now.recovery.by === 'none') return false;
  return Buffer.compare(next.recovery.keysHash, now.recovery.keysHash) !== 0;
}

/** Recovery keys that may announce a reset now: those of the version in force, and those that still count. */
export function resetKits(versions: readonly InForce[], hour: number): readonly (InForce & { kit: Uint8Array })[] {
  const newest = versions.at(-1);
  const counting = countingAt(versions, hour);
  const both =
    newest === undefined || counting === undefined ? [] : newest === counting ? [newest] : [newest, counting];
  return both.flatMap((each) => {
    const { recovery } = each.identity.statement;
    return recovery.by === 'kit' ? [{ ...each, kit: recovery.keysHash }] : [];
  });
}
