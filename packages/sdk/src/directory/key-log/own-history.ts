/**
 * Rule 7: what the log shows of oneself is what the own vault holds. Statements of the vault stand in it text by text; what
 * others have put there counts for nothing, or is raised (docs/spec/14-proving-directory.md, "Own history").
 */
import { statementHash, type CanonicalAddress, type IdentityStatement } from '@latchkey/protocol';
import { equalBytes } from '../../signing/equal-bytes.ts';
import type { ResetEngine } from '../../signing/reset.ts';
import { parseSigned } from '../../signing/signed-statement.ts';
import { judgeHistory, type ShownStatement } from '../history/judge-history.ts';
import type { VerifiedIdentity } from '../../signing/types.ts';
import type { Standing } from '../history/standing.ts';

export type OwnRefusal =
  /** A statement stands under the own address that nobody could put there but by a lie. */
  | 'own_history_foreign'
  /** The log does not have, or not yet, what this account has made. */
  | 'own_history_missing'
  /** Somebody else has used the keys of this account. */
  | 'own_keys_elsewhere'
  /** Somebody with the recovery kit has announced other keys: they count when their hold is over, unless vetoed. */
  | 'own_reset_announced'
  /** The keys of this account came by a reset, and whoever had the keys before has vetoed it. */
  | 'own_reset_vetoed'
  /** The operator has put a tombstone over the address. */
  | 'own_address_closed'
  /** Keys of somebody else, announced by themselves. */
  | 'own_address_reissued';

export interface OwnHistory {
  readonly address: CanonicalAddress;
  /** Whole, from version 0 on. */
  readonly shown: readonly ShownStatement[];
  /** Notes of the own versions, the newest among them. */
  readonly own: readonly string[];
  readonly nowSeconds: number;
}

export type OwnVerdict =
  | { readonly taken: true; readonly standing: Standing }
  /** `standing`: what it amounts to, where the statements themselves hold. */
  | { readonly taken: false; readonly rule: 7; readonly reason: OwnRefusal; readonly standing: Standing | null };

export async function judgeOwnHistory(engine: ResetEngine, history: OwnHistory): Promise<OwnVerdict> {
  const { address, shown, own, nowSeconds } = history;
  const differs = differsFromOwn(shown, own);
  if (differs !== null) return refused(differs);
  const verdict = await judgeHistory(engine, { address, standing: null, shown, nowSeconds });
  if (!verdict.taken || verdict.standing === null) return refused('own_history_foreign');
  const { standing } = verdict;
  const reason = strange(standing, own);
  return reason === null ? { taken: true, standing } : { taken: false, rule: 7, reason, standing };
}

/** Statement by statement, those of the vault alone. @returns null where they are all there */
export function differsFromOwn(
  shown: readonly ShownStatement[],
  own: readonly string[],
): 'own_history_foreign' | 'own_history_missing' | null {
  let isMissing = false;
  for (const note of own) {
    const { version } = ownStatement(note);
    const there = shown.find((each) => each.version === version);
    // What was deleted, or lost with a disk, is no lie: a leaf without its statement says nothing.
    if (there === undefined || there.note === null) isMissing = true;
    else if (textOf(there.note) !== textOf(note)) return 'own_history_foreign';
  }
  return isMissing ? 'own_history_missing' : null;
}

/**
 * The own newest version names all that was there before it by its hash, so that only what came later can be strange:
 * other versions in force, or something that waits.
 */
function strange({ versions, waiting, killed, ended }: Standing, own: readonly string[]): OwnRefusal | null {
  const statements = own.map(ownStatement);
  const newest = statements.reduce((one, other) => (other.version > one.version ? other : one));
  const hash = statementHash(newest);
  const isMine = (identity: VerifiedIdentity): boolean => equalBytes(identity.hash, hash);
  const isLater = ({ statement }: VerifiedIdentity): boolean => statement.version > newest.version;
  if (killed.some(isMine)) return 'own_reset_vetoed';
  if (versions.some(({ identity }) => isLater(identity))) return 'own_keys_elsewhere';
  if (waiting !== null && isLater(waiting.identity)) {
    if (waiting.kind === 'reissue') return 'own_address_reissued';
    // What waits may be the own reset, with a version that its keys alone can have signed.
    return waiting.announced.version > newest.version ? 'own_reset_announced' : 'own_keys_elsewhere';
  }
  if (ended !== null && ended.version > newest.version) return 'own_address_closed';
  const isHere = versions.some(({ identity }) => isMine(identity)) || (waiting !== null && isMine(waiting.identity));
  return isHere ? null : 'own_keys_elsewhere';
}

function ownStatement(note: string): IdentityStatement {
  return parseSigned('latchkey/identity/v1', note).statement;
}

function refused(reason: OwnRefusal): OwnVerdict {
  return { taken: false, rule: 7, reason, standing: null };
}

/** The text alone: lines of strangers below it change nothing. */
function textOf(note: string): string {
  const end = note.lastIndexOf('\n\n');
  return end === -1 ? note : note.slice(0, end);
}
