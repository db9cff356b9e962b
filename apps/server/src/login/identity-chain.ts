/**
 * The statements of an address in their order, as far as the server judges them: enough that what it takes is what every
 * client takes. Each client counts holds by its own clock; the server's says whose keys act here, and who may announce.
 * docs/spec/14-proving-directory.md, "History"; docs/spec/13-key-log.md, "What becomes a leaf".
 */
import type { LeafFlag } from '@latchkey/key-directory';
import { parseStatement, statementHash, type Statement, type VetoStatement } from '@latchkey/protocol';
import { parseNote, type Note } from '@latchkey/tlog';
import { signedByKeysOf, type SignedIdentity } from './identity.ts';
import { recoveryCountsFrom, resetKits, type InForce } from './recovery-in-force.ts';
import { signedByRecovery } from './recovery-keys.ts';

export interface StatementMark {
  readonly version: number;
  readonly hash: Uint8Array;
}

/** A reset that may not count yet. */
export interface WaitingReset {
  readonly announced: StatementMark;
  /** Its newest version. */
  readonly identity: SignedIdentity;
  /** Hash of the recovery keys that announced it. */
  readonly kit: Uint8Array;
  /** By the server's clock, hours since 1970-01-01. */
  readonly countsHour: number;
}

export interface IdentityChain {
  readonly last: StatementMark;
  /** Oldest first; the last one is in force. */
  readonly versions: readonly InForce[];
  readonly waiting: WaitingReset | null;
  /** Vetoed: nothing that their keys sign is taken any more. */
  readonly killed: readonly SignedIdentity[];
  /** Recovery keys whose reset was vetoed: their second one is not vetoed again. */
  readonly vetoedKits: readonly Uint8Array[];
  /** A tombstone that nothing has followed. */
  readonly ended: boolean;
  /** How often somebody began under this address without the keys before: version 0, resets, re-issues. */
  readonly beginnings: number;
}

export interface Taken {
  readonly chain: IdentityChain;
  readonly flag: LeafFlag;
  readonly version: number;
}

export interface StoredStatement {
  readonly note: string;
  /** Null from before hours were kept. */
  readonly taken_hour: number | null;
}

/** What the stored statements amount to at an hour. They were taken before. */
export async function readChain(rows: readonly StoredStatement[], hour: number): Promise<IdentityChain | null> {
  let chain: IdentityChain | null = null;
  for (const { note, taken_hour: takenHour } of rows) {
    chain = (await takeNext(chain, note, { hour: takenHour ?? 0, mayBeOperators: true }))?.chain ?? null;
    if (chain === null) return null;
  }
  return chain === null ? null : settled(chain, hour);
}

export function inForce({ versions }: IdentityChain): SignedIdentity {
  const newest = versions.at(-1);
  if (newest === undefined) throw new RangeError('a chain without versions');
  return newest.identity;
}

/** How a statement comes in. */
export interface TakingIt {
  /** Since 1970-01-01T00Z. */
  readonly hour: number;
  /** A tombstone that the owner has not signed, and who holds the address after it: by the operator's command alone. */
  readonly mayBeOperators?: boolean;
}

/** @returns null where no client would take it after these, or not every one */
export async function takeNext(before: IdentityChain | null, text: string, taking: TakingIt): Promise<Taken | null> {
  const { hour, mayBeOperators = false } = taking;
  const signed = parsed(text);
  if (signed === null) return null;
  const { statement, note } = signed;
  if (before === null) return genesis(statement, note, hour);
  const chain = settled(before, hour);
  if (!isChainStatement(statement) || statement.address !== inForce(chain).statement.address) return null;
  const { version, previous } = statement;
  if (version !== chain.last.version + 1 || previous === null) return null;
  if (Buffer.compare(previous, chain.last.hash) !== 0) return null;
  const next = { ...chain, last: { version, hash: statementHash(statement) } };
  if (statement.kind === 'latchkey/identity/v1') {
    const taken = await identity(next, { statement, note }, hour);
    return taken ?? (mayBeOperators && chain.ended ? reissue(next, { statement, note }, hour) : null);
  }
  if (statement.kind === 'latchkey/veto/v1') return veto(next, statement, note);
  // It only ever blocks; still nobody but the owner may say it by this way.
  const isAllowed = mayBeOperators || (await signedByKeysOf(inForce(chain).statement, note));
  return isAllowed ? { chain: { ...next, ended: true }, flag: 'tombstone', version } : null;
}

async function genesis(statement: Statement, note: Note, hour: number): Promise<Taken | null> {
  if (statement.kind !== 'latchkey/identity/v1' || statement.version !== 0) return null;
  if (!(await signedByKeysOf(statement, note))) return null;
  const chain: IdentityChain = {
    last: { version: 0, hash: statementHash(statement) },
    versions: [{ identity: { statement, note }, recoveryCountsHour: hour }],
    waiting: null,
    killed: [],
    vetoedKits: [],
    ended: false,
    beginnings: 1,
  };
  return { chain, flag: 'genesis', version: 0 };
}

async function identity(chain: IdentityChain, next: SignedIdentity, hour: number): Promise<Taken | null> {
  const { note, statement } = next;
  const { waiting, versions } = chain;
  const { version } = statement;
  if (!(await signedByKeysOf(statement, note))) return null;
  const byPredecessor = await signedByKeysOf(inForce(chain).statement, note);
  const rotated = {
    ...chain,
    versions: [...versions, { identity: next, recoveryCountsHour: recoveryCountsFrom(versions, statement, hour) }],
    waiting: null,
    ended: false,
  };
  if (waiting !== null) {
    // Whose hold is over differs from client to client: only the keys that wait are taken by all of them.
    if (!(await signedByKeysOf(waiting.identity.statement, note))) return null;
    const onward = { ...chain, waiting: { ...waiting, identity: next } };
    return { chain: byPredecessor ? rotated : onward, flag: 'signed', version };
  }
  if (byPredecessor) return { chain: rotated, flag: 'signed', version };
  for (const { statement: dead } of chain.killed) if (await signedByKeysOf(dead, note)) return null;
  for (const { kit, identity: named, recoveryCountsHour } of resetKits(versions, hour)) {
    if (!(await signedByRecovery(note, kit))) continue;
    // Begun hours count as whole ones: no client's hold ends later than the server's.
    const countsHour = Math.max(hour, recoveryCountsHour) + named.statement.holdHours + 1;
    const reset = { announced: chain.last, identity: next, kit, countsHour };
    return { chain: { ...chain, waiting: reset, beginnings: chain.beginnings + 1 }, flag: 'reset', version };
  }
  return null;
}

/** Somebody else: here at once, for every client after its own thirty days or by a human. */
async function reissue(chain: IdentityChain, next: SignedIdentity, hour: number): Promise<Taken | null> {
  const { statement, note } = next;
  if (!(await signedByKeysOf(statement, note))) return null;
  // Keys that a veto killed are nobody's to begin anew with.
  for (const { statement: dead } of chain.killed) if (await signedByKeysOf(dead, note)) return null;
  const begun: IdentityChain = {
    last: chain.last,
    versions: [{ identity: next, recoveryCountsHour: hour }],
    waiting: null,
    killed: [],
    vetoedKits: [],
    ended: false,
    beginnings: chain.beginnings + 1,
  };
  return { chain: begun, flag: 'reissue', version: statement.version };
}

/** By the keys in force, of the reset that waits. What a kit announces again after a veto is not vetoed again. */
async function veto(chain: IdentityChain, { kills, by, version }: VetoStatement, note: Note): Promise<Taken | null> {
  const { waiting } = chain;
  const owner = inForce(chain).statement;
  if (
    waiting?.announced.version !== kills.version ||
    Buffer.compare(waiting.announced.hash, kills.hash) !== 0 ||
    Buffer.compare(by.identity, statementHash(owner)) !== 0 ||
    chain.vetoedKits.some((vetoed) => Buffer.compare(vetoed, waiting.kit) === 0) ||
    !(await signedByKeysOf(owner, note))
  )
    return null;
  const killed = [...chain.killed, waiting.identity];
  const vetoedKits = [...chain.vetoedKits, waiting.kit];
  return { chain: { ...chain, waiting: null, killed, vetoedKits }, flag: 'veto', version };
}

/** What has waited long enough is in force. */
function settled(chain: IdentityChain, hour: number): IdentityChain {
  const { waiting, versions } = chain;
  if (waiting === null || waiting.countsHour > hour) return chain;
  const taken = { identity: waiting.identity, recoveryCountsHour: waiting.countsHour };
  return { ...chain, versions: [...versions, taken], waiting: null, killed: [], vetoedKits: [], ended: false };
}

type ChainStatement = Extract<
  Statement,
  { readonly kind: 'latchkey/identity/v1' | 'latchkey/veto/v1' | 'latchkey/tombstone/v1' }
>;

function isChainStatement(statement: Statement): statement is ChainStatement {
  return ['latchkey/identity/v1', 'latchkey/veto/v1', 'latchkey/tombstone/v1'].includes(statement.kind);
}

function parsed(text: string): { statement: Statement; note: Note } | null {
  try {
    const note = parseNote(Buffer.from(text, 'utf8'));
    return { note, statement: parseStatement(note.text) };
  } catch {
    return null;
  }
}
