/** What a standing, or a refusal, is for whoever wants to write to somebody. */
import type { CanonicalAddress } from '@latchkey/protocol';
import { inForce, settle, type Standing } from '../history/standing.ts';
import type { ChangedReason, Resolution, Trust, VerifiedByPerson } from '../types.ts';

export interface KnownFacts {
  readonly address: CanonicalAddress;
  readonly trust: Trust;
  readonly takes: 'mail' | 'nothing' | 'full';
  readonly witnesses?: readonly string[];
  readonly sinceSeconds?: number;
  readonly verified?: VerifiedByPerson;
}

/** Who may be written to now: the identity in force, unless something stands in the way. */
export function resolutionOf(standing: Standing, facts: KnownFacts, nowSeconds: number): Resolution {
  const settled = settle(standing, nowSeconds);
  const reason = obstacle(settled);
  if (reason === null) return known(settled, facts);
  const { address } = facts;
  return { outcome: 'changed', address, reason, rule: 4, pinned: inForce(settled).identity, ...claimed(settled) };
}

/** Who may be verified by words: the one who waits, or, where two hold it, the one in force. */
function claimed(standing: Standing): Pick<Extract<Resolution, { outcome: 'changed' }>, 'claimant'> {
  const { waiting, disputed, genesis } = standing;
  if (waiting?.kind === 'reissue') return { claimant: { identity: waiting.identity, genesis } };
  return disputed ? { claimant: { identity: inForce(standing).identity, genesis } } : {};
}

/** All that is known of somebody, whatever stands in the way of writing: for reading what came before. */
export function known({ versions, waiting, reissued }: Standing, facts: KnownFacts): Resolution {
  const newestFirst = versions.map(({ identity }) => identity).toReversed();
  const [identity = versions[0].identity] = newestFirst;
  const reset = waiting?.kind === 'reset' ? { resetCountsSeconds: waiting.countsSeconds } : {};
  const person = reissued === null ? {} : { reissuedVersion: reissued };
  return { outcome: 'known', ...facts, identity, versions: newestFirst, ...reset, ...person };
}

function obstacle({ ended, disputed, waiting }: Standing): ChangedReason | null {
  if (disputed) return 'disputed';
  if (waiting?.kind === 'reissue') return waiting.countsSeconds === null ? 'reissued' : 'reissue_on_hold';
  return ended === null ? null : 'gone';
}
