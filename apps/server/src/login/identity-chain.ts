/**
 * The statements of an address in their order, as far as the server judges them: enough that what it takes is what every
 * client takes. Holds are not looked at: how long a reset waits is each client's own clock.
 * docs/spec/14-proving-directory.md, "History".
 */
import type { LeafFlag } from '@latchkey/key-directory';
import {
  parseStatement,
  statementHash,
  type IdentityStatement,
  type Statement,
  type VetoStatement,
} from '@latchkey/protocol';
import { parseNote, type Note } from '@latchkey/tlog';
import { signedByKeysOf, type SignedIdentity } from './identity.ts';
import { signedByRecovery } from './recovery-keys.ts';

export interface IdentityChain {
  readonly last: { readonly version: number; readonly hash: Uint8Array };
  readonly inForce: SignedIdentity;
  /** A reset that may not count yet, and how it was announced. */
  readonly waiting: SignedIdentity | null;
  readonly announced: { readonly version: number; readonly hash: Uint8Array } | null;
  /** Vetoed: nothing that their keys sign is taken any more. */
  readonly killed: readonly SignedIdentity[];
}

export interface Taken {
  readonly chain: IdentityChain;
  readonly flag: LeafFlag;
  readonly version: number;
}

/** Whose keys may act for the account: those in force, and those of a reset that waits. */
export function actingIdentities({ inForce, waiting }: IdentityChain): readonly IdentityStatement[] {
  return [inForce, ...(waiting === null ? [] : [waiting])].map(({ statement }) => statement);
}

/** What the stored statements amount to. They were taken before. */
export async function readChain(notes: readonly string[]): Promise<IdentityChain | null> {
  let chain: IdentityChain | null = null;
  for (const note of notes) {
    chain = (await takeNext(chain, note))?.chain ?? null;
    if (chain === null) return null;
  }
  return chain;
}

/** @returns null where no client would take it after these, or not every one */
export async function takeNext(chain: IdentityChain | null, text: string): Promise<Taken | null> {
  const signed = parsed(text);
  if (signed === null) return null;
  const { statement, note } = signed;
  if (chain === null) return genesis(statement, note);
  if (!isChainStatement(statement) || statement.address !== chain.inForce.statement.address) return null;
  const { version, previous } = statement;
  if (version !== chain.last.version + 1 || previous === null) return null;
  if (Buffer.compare(previous, chain.last.hash) !== 0) return null;
  const next = { ...chain, last: { version, hash: statementHash(statement) } };
  if (statement.kind === 'latchkey/identity/v1') return identity(next, { statement, note });
  if (statement.kind === 'latchkey/veto/v1') return veto(next, statement, note);
  // It only ever blocks; still nobody but the owner may say it here.
  const byOwner = await signedByKeysOf(chain.inForce.statement, note);
  return byOwner ? { chain: next, flag: 'tombstone', version } : null;
}

async function genesis(statement: Statement, note: Note): Promise<Taken | null> {
  if (statement.kind !== 'latchkey/identity/v1' || statement.version !== 0) return null;
  if (!(await signedByKeysOf(statement, note))) return null;
  const last = { version: 0, hash: statementHash(statement) };
  const chain = { last, inForce: { statement, note }, waiting: null, announced: null, killed: [] };
  return { chain, flag: 'genesis', version: 0 };
}

async function identity(chain: IdentityChain, next: SignedIdentity): Promise<Taken | null> {
  const { note, statement } = next;
  const { inForce, waiting, last } = chain;
  const { version } = statement;
  if (!(await signedByKeysOf(statement, note))) return null;
  const byPredecessor = await signedByKeysOf(inForce.statement, note);
  if (waiting !== null) {
    // Whose hold is over differs from client to client: only the keys that wait are taken by all of them.
    if (!(await signedByKeysOf(waiting.statement, note))) return null;
    const both = { ...chain, inForce: next, waiting: null, announced: null };
    return { chain: byPredecessor ? both : { ...chain, waiting: next }, flag: 'signed', version };
  }
  if (byPredecessor) return { chain: { ...chain, inForce: next }, flag: 'signed', version };
  for (const { statement: dead } of chain.killed) if (await signedByKeysOf(dead, note)) return null;
  const { recovery } = inForce.statement;
  if (recovery.by !== 'kit' || !(await signedByRecovery(note, recovery.keysHash))) return null;
  return { chain: { ...chain, waiting: next, announced: last }, flag: 'reset', version };
}

/** By the keys in force, of the reset that waits. What was vetoed once waits on all the same, and is not vetoed twice. */
async function veto(chain: IdentityChain, { kills, by, version }: VetoStatement, note: Note): Promise<Taken | null> {
  const { inForce, waiting, announced } = chain;
  const isNamed = announced?.version === kills.version && Buffer.compare(announced.hash, kills.hash) === 0;
  const isBy = Buffer.compare(by.identity, statementHash(inForce.statement)) === 0;
  if (
    waiting === null ||
    !isNamed ||
    !isBy ||
    chain.killed.length > 0 ||
    !(await signedByKeysOf(inForce.statement, note))
  )
    return null;
  const next = { ...chain, waiting: null, announced: null, killed: [waiting] };
  return { chain: next, flag: 'veto', version };
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
