/**
 * What the statements of an address amount to, from their signatures (docs/spec/14-proving-directory.md, "History").
 * Pure: that they stand in the log in this order was proved before; the log's flags are claims, and recomputed here.
 */
import type { VerifiedVersion } from '@latchkey/key-directory/verify';
import {
  statementHash,
  type CanonicalAddress,
  type IdentityStatement,
  type TombstoneStatement,
  type VetoStatement,
} from '@latchkey/protocol';
import { SdkError } from '../../errors.ts';
import { equalBytes } from '../../signing/equal-bytes.ts';
import { identityKeys, verifiedFrom } from '../../signing/identity.ts';
import type { ResetEngine } from '../../signing/reset.ts';
import { isSignedBy, parseAnySigned, type UnverifiedStatement } from '../../signing/signed-statement.ts';
import { classifyIdentity, type SignedSo } from './classify-identity.ts';
import type { Look } from './look.ts';
import { inForce, settle, type HistoryRefusal, type Standing } from './standing.ts';
import { succeed } from './succeed.ts';

type LeafFlag = VerifiedVersion['flag'];

/** One leaf of an address. */
export interface ShownStatement {
  /** Its ordinal under the address. */
  readonly version: number;
  /** What the log says that it is. */
  readonly flag: LeafFlag;
  /** Null where the operator has deleted what was said. */
  readonly note: string | null;
}

export interface HistoryToJudge {
  readonly address: CanonicalAddress;
  /** Null: nothing is known of this address, and the history begins with version 0. */
  readonly standing: Standing | null;
  /** What follows the last known statement, oldest first, none left out. */
  readonly shown: readonly ShownStatement[];
  /** By which holds end. */
  readonly nowSeconds: number;
  /** By which holds begin: when this client sees it, or later where witnesses say so. Absent: the same. */
  readonly seenSeconds?: number;
}

export type HistoryVerdict =
  | { readonly taken: true; readonly standing: Standing | null }
  | { readonly taken: false; readonly reason: HistoryRefusal; readonly version: number };

export async function judgeHistory(
  engine: ResetEngine,
  { address, standing: known, shown, nowSeconds, seenSeconds = nowSeconds }: HistoryToJudge,
): Promise<HistoryVerdict> {
  const knownVersion = known?.last.version ?? -1;
  const look: Look = { engine, nowSeconds, seenSeconds, knownVersion, isKnown: known !== null };
  let standing = known === null ? null : settle(known, nowSeconds);
  for (const each of shown) {
    const next = await follow(look, { address, standing, shown: each });
    if (typeof next === 'string') return { taken: false, reason: next, version: each.version };
    standing = next;
  }
  return { taken: true, standing };
}

interface Step {
  readonly address: CanonicalAddress;
  readonly standing: Standing | null;
  readonly shown: ShownStatement;
}

async function follow(look: Look, { address, standing, shown }: Step): Promise<Standing | HistoryRefusal> {
  if (shown.note === null) return 'statement_missing';
  const signed = parsed(shown.note);
  if (signed === null || signed.statement.address !== address) return 'statement_malformed';
  const { statement } = signed;
  const isNext = shown.version === (standing === null ? 0 : standing.last.version + 1);
  if (!isNext || statement.version !== shown.version) return 'chain_broken';
  if (standing === null) return genesis(look, signed, shown);
  if (statement.previous === null || !equalBytes(statement.previous, standing.last.hash)) return 'chain_broken';
  const last = { version: statement.version, hash: statementHash(statement) };
  const next = await effectOf(look, { signed, standing, shown });
  return typeof next === 'string' ? next : { ...next, last };
}

interface Following {
  readonly signed: ChainStatement;
  readonly standing: Standing;
  readonly shown: ShownStatement;
}

async function effectOf(look: Look, { signed, standing, shown }: Following): Promise<Standing | HistoryRefusal> {
  const { statement, note } = signed;
  if (statement.kind === 'latchkey/identity/v1') return identityFollows(look, { statement, note }, { standing, shown });
  if (statement.kind === 'latchkey/veto/v1') {
    return vetoFollows(look, { statement, note }, { standing, flag: shown.flag });
  }
  return shown.flag === 'tombstone' ? tombstoneFollows(look, statement, standing) : 'flag_mismatch';
}

async function genesis(look: Look, signed: ChainStatement, shown: ShownStatement): Promise<Standing | HistoryRefusal> {
  const { statement, note } = signed;
  if (statement.kind !== 'latchkey/identity/v1') return 'statement_malformed';
  if (!(await isSignedBy(look.engine, signed, identityKeys(statement)))) return 'version_unsigned';
  if (shown.flag !== 'genesis') return 'flag_mismatch';
  const identity = verifiedFrom(statement, shown.note ?? note.text);
  return {
    address: statement.address,
    genesis: identity.hash,
    last: { version: 0, hash: identity.hash },
    versions: [{ identity, recoveryCountsSeconds: look.nowSeconds }],
    waiting: null,
    vetoedKits: [],
    killed: [],
    ended: null,
    disputed: false,
    reissued: null,
  };
}

async function identityFollows(
  look: Look,
  signed: UnverifiedStatement<IdentityStatement>,
  { standing, shown }: Pick<Following, 'standing' | 'shown'>,
): Promise<Standing | HistoryRefusal> {
  if (shown.flag === 'genesis') return 'genesis_twice';
  const found = await classifyIdentity(look, signed, standing);
  if (typeof found === 'string') return found;
  const flag = FLAGS[found.by];
  if (flag !== shown.flag) return mismatch({ flag, claimed: shown.flag, isEnded: standing.ended !== null });
  return succeed(look, standing, { identity: verifiedFrom(signed.statement, shown.note ?? ''), found });
}

const FLAGS: Readonly<Record<SignedSo['by'], LeafFlag>> = {
  predecessor: 'signed',
  waiting: 'signed',
  waiting_recovery: 'reset',
  recovery: 'reset',
  nobody: 'reissue',
};

/** The name of the lie, where there is one for it. */
function mismatch({
  flag,
  claimed,
  isEnded,
}: {
  readonly flag: LeafFlag;
  readonly claimed: LeafFlag;
  readonly isEnded: boolean;
}): HistoryRefusal {
  if (flag !== 'reissue') return 'flag_mismatch';
  if (claimed === 'reset') return 'reset_unsigned';
  if (claimed !== 'signed') return 'flag_mismatch';
  return isEnded ? 'reissue_as_rotation' : 'ghost_version';
}

/** Kills what waits; what is in force already it can only dispute. */
async function vetoFollows(
  look: Look,
  signed: UnverifiedStatement<VetoStatement>,
  { standing, flag }: { readonly standing: Standing; readonly flag: LeafFlag },
): Promise<Standing | HistoryRefusal> {
  if (flag !== 'veto') return 'flag_mismatch';
  const { kills, by } = signed.statement;
  const { waiting } = standing;
  const { former } = waiting ?? { former: null };
  if (waiting !== null && former !== null && equalBytes(former.hash, by.identity)) {
    const isOfWaiting = equalBytes(waiting.identity.hash, kills.hash);
    if (!isOfWaiting || !(await isSignedBy(look.engine, signed, identityKeys(former.statement)))) return 'veto_invalid';
    return { ...standing, waiting: { ...waiting, identity: former, former: null } };
  }
  const signer = standing.versions.find(({ identity }) => equalBytes(identity.hash, by.identity));
  if (signer === undefined || !(await isSignedBy(look.engine, signed, identityKeys(signer.identity.statement)))) {
    return 'veto_invalid';
  }
  const isNamed = waiting?.announced.version === kills.version && equalBytes(waiting.announced.hash, kills.hash);
  if (waiting !== null && isNamed && signer === inForce(standing)) {
    // It waits on all the same: the kit has the last word, after a second full hold.
    if (waiting.overrides) return standing;
    const killed = [...standing.killed, waiting.identity].slice(-MAX_KILLED);
    const vetoedKits = [...standing.vetoedKits, ...(waiting.kit === null ? [] : [waiting.kit])].slice(-MAX_KILLED);
    return { ...standing, waiting: null, vetoedKits, killed };
  }
  const killedAt = standing.versions.findIndex(({ identity }) => equalBytes(identity.hash, kills.hash));
  if (killedAt > 0 && standing.versions[killedAt - 1] === signer) return { ...standing, disputed: true };
  return 'veto_invalid';
}

const MAX_KILLED = 8;

/** Signed or not: it only ever blocks. */
function tombstoneFollows(look: Look, { version }: TombstoneStatement, standing: Standing): Standing {
  return { ...standing, ended: { version, seenSeconds: look.seenSeconds } };
}

/** What may stand in the key log. */
const CHAIN_KINDS: ReadonlySet<string> = new Set<ChainStatement['statement']['kind']>([
  'latchkey/identity/v1',
  'latchkey/veto/v1',
  'latchkey/tombstone/v1',
]);

type ChainStatement = UnverifiedStatement<IdentityStatement | VetoStatement | TombstoneStatement>;

function parsed(text: string): ChainStatement | null {
  try {
    const { statement, note } = parseAnySigned(text);
    const isOfChain = CHAIN_KINDS.has(statement.kind);
    return isOfChain ? { statement: statement as ChainStatement['statement'], note } : null;
  } catch (error) {
    if (error instanceof SdkError && error.code === 'statement_unverified') return null;
    throw error;
  }
}
