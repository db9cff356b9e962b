/** Rules 3 and 4 for one address: what was proved against what is pinned. */
import type { CanonicalAddress } from '@latchkey/protocol';
import { equalBytes } from '../../signing/equal-bytes.ts';
import { parseSigned } from '../../signing/signed-statement.ts';
import { SdkError } from '../../errors.ts';
import { statementHash } from '@latchkey/protocol';
import { judgeHistory, type ShownStatement } from '../history/judge-history.ts';
import type { Standing } from '../history/standing.ts';
import type { ChangedReason } from '../types.ts';
import type { Answered } from './ask-log.ts';
import type { LogEngine } from './log-pin.ts';
import type { LookTimes } from './outside-witnesses.ts';
import type { OlderPin, Pin } from './read-pin.ts';
import { shownStatements } from './shown-statements.ts';
import type { PinnedStanding } from './standing-record.ts';

export type Judged =
  /** Null: the address has nothing in the log. */
  | { readonly taken: true; readonly next: PinnedStanding | null }
  | { readonly taken: false; readonly rule: 1 | 2 | 3 | 4 | 7; readonly reason: ChangedReason };

export interface AnswerToJudge {
  readonly address: CanonicalAddress;
  readonly pin: Pin | null;
  readonly answered: Answered;
  readonly times: LookTimes;
}

export async function judgeAnswer(
  engine: LogEngine,
  { address, pin, answered, times }: AnswerToJudge,
): Promise<Judged> {
  const { found, takes } = answered;
  if (found.refused) {
    // An operator deletes what was said when an account is removed.
    const isGone = found.reason === 'opening_missing' && takes === 'nothing';
    return { taken: false, rule: found.rule, reason: isGone ? 'gone' : found.reason };
  }
  if (!found.found)
    return pin === null ? { taken: true, next: null } : { taken: false, rule: 3, reason: 'history_lost' };
  const position = found.positions.at(-1) ?? 0;
  const all = shownStatements(found);
  const begun = beginning(pin, all);
  if (begun === null) return { taken: false, rule: 4, reason: 'other_version_pinned' };
  const verdict = await judgeHistory(engine, { address, ...begun, ...times });
  if (!verdict.taken) return { taken: false, rule: 4, reason: verdict.reason };
  const { standing } = verdict;
  const { index } = found;
  return {
    taken: true,
    next: standing === null ? null : { standing, position, index, ...notesOf(pin, standing, times) },
  };
}

/** What this account has noted of the address besides its statements. */
function notesOf(
  pin: Pin | null,
  { versions }: Standing,
  { seenSeconds }: LookTimes,
): Pick<PinnedStanding, 'sinceSeconds' | 'verified'> {
  if (pin === null) return { sinceSeconds: seenSeconds, verified: null };
  if (!('standing' in pin.known)) return { sinceSeconds: null, verified: null };
  const { sinceSeconds, verified, standing: before } = pin.known;
  // What a person has compared holds for the keys that those sign, not for what came into force without them.
  const successor = before.waiting?.identity.hash;
  const isTakenOver = successor !== undefined && versions.some(({ identity }) => equalBytes(identity.hash, successor));
  return { sinceSeconds, verified: isTakenOver ? null : verified };
}

interface Beginning {
  readonly standing: Standing | null;
  readonly shown: readonly ShownStatement[];
}

/** Null where the log has another statement in the place of the pinned one. */
function beginning(pin: Pin | null, shown: readonly ShownStatement[]): Beginning | null {
  if (pin === null) return { standing: null, shown };
  if ('standing' in pin.known) return { standing: pin.known.standing, shown };
  const standing = fromOlder(pin.known, shown);
  return standing === null ? null : { standing, shown: shown.slice(standing.last.version + 1) };
}

/** A pin from before the log: its newest version must stand in the log, and everything after it is judged. */
function fromOlder({ versions }: OlderPin, shown: readonly ShownStatement[]): Standing | null {
  const [first, ...others] = versions;
  const newest = versions.at(-1) ?? first;
  const { version } = newest.statement;
  const genesis = hashOf(shown[0]);
  if (genesis === null || !equalBytes(hashOf(shown[version]) ?? new Uint8Array(), newest.hash)) return null;
  const kept = (identity: typeof first): Standing['versions'][number] => ({ identity, recoveryCountsSeconds: 0 });
  return {
    address: newest.statement.address,
    genesis,
    last: { version, hash: newest.hash },
    versions: [kept(first), ...others.map(kept)],
    waiting: null,
    vetoedKits: [],
    killed: [],
    ended: null,
    disputed: false,
    reissued: null,
  };
}

function hashOf(shown: ShownStatement | undefined): Uint8Array | null {
  try {
    return shown?.note === null || shown === undefined
      ? null
      : statementHash(parseSigned('latchkey/identity/v1', shown.note).statement);
  } catch (error) {
    if (error instanceof SdkError && error.code === 'statement_unverified') return null;
    throw error;
  }
}
