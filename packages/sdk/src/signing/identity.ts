/** Identity statements: signing one, and whether one follows another (docs/spec/05-account.md, "Identity chain"). */
import type { HybridSigner } from '@latchkey/crypto/sign';
import type { SignatureVerifier } from '@latchkey/crypto/verify';
import { identityKeyName, statementHash, type CanonicalAddress, type IdentityStatement } from '@latchkey/protocol';
import { SdkError } from '../errors.ts';
import { equalBytes } from './equal-bytes.ts';
import { isSignedBy, parseSigned, signStatement, type NamedKeys, type NamedSigner } from './signed-statement.ts';
import type { VerifiedIdentity } from './types.ts';

/** A name is a hash over the whole text, and every signature and every check wants it: one for each statement. */
const names = new WeakMap<IdentityStatement, string>();

function nameOf(statement: IdentityStatement): string {
  const name = names.get(statement) ?? identityKeyName(statement);
  names.set(statement, name);
  return name;
}

/** The keys of an identity under the name that its signature lines bear. */
export function identityKeys(statement: IdentityStatement): NamedKeys {
  return { name: nameOf(statement), keys: { ed25519: statement.ed25519, mldsa44: statement.mldsa44 } };
}

/** The pair that this statement introduces, signing under its name. */
export function identitySigner(statement: IdentityStatement, signer: HybridSigner): NamedSigner {
  return { name: nameOf(statement), signer };
}

export interface IdentitySigners {
  /** The pair that the statement introduces. */
  readonly own: HybridSigner;
  /** The version before; absent for version 0. */
  readonly previous?: { readonly statement: IdentityStatement; readonly signer: HybridSigner };
}

/** The note over a version: signed by its own keys, then by those of the version before. */
export function signIdentity(statement: IdentityStatement, { own, previous }: IdentitySigners): Promise<string> {
  const signers = [identitySigner(statement, own)];
  if (previous !== undefined) signers.push(identitySigner(previous.statement, previous.signer));
  return signStatement(statement, signers);
}

export interface ChainStart {
  readonly address: CanonicalAddress;
  /** The version that the first note must follow. Absent: the first note is version 0. */
  readonly after?: VerifiedIdentity;
  /** Between two versions there may be what is no version of this owner: vetoes, and what they killed. */
  readonly hasGaps?: boolean;
}

/**
 * Versions of one identity, in their order: each signed by its own keys and by those of the version before it, with
 * nothing left out.
 *
 * @throws SdkError `statement_unverified` where one of the notes does not hold; none of them is to be used then
 */
export async function verifyIdentityChain(
  engine: SignatureVerifier,
  notes: readonly string[],
  { address, after, hasGaps = false }: ChainStart,
): Promise<readonly VerifiedIdentity[]> {
  const versions: VerifiedIdentity[] = [];
  let previous = after ?? null;
  for (const note of notes) {
    previous = await verifyNext(engine, note, { address, previous, hasGaps });
    versions.push(previous);
  }
  return versions;
}

/**
 * Versions that this client itself has kept in its vault: as `verifyIdentityChain`, but the first of them may be any
 * version, because it was verified before it was kept.
 *
 * @throws SdkError `statement_unverified`
 */
export async function verifyKeptIdentities(
  engine: SignatureVerifier,
  notes: readonly string[],
  { address, hasGaps = false }: Omit<ChainStart, 'after'>,
): Promise<readonly VerifiedIdentity[]> {
  const [first, ...others] = notes;
  if (first === undefined) return [];
  const signed = parseSigned('latchkey/identity/v1', first);
  if (signed.statement.address !== address) throw unverified('it is about another address');
  await requireSignedBy(engine, signed, signed.statement);
  const kept = verifiedFrom(signed.statement, first);
  return [kept, ...(await verifyIdentityChain(engine, others, { address, after: kept, hasGaps }))];
}

async function verifyNext(
  engine: SignatureVerifier,
  note: string,
  { address, previous, hasGaps }: { address: CanonicalAddress; previous: VerifiedIdentity | null; hasGaps: boolean },
): Promise<VerifiedIdentity> {
  const signed = parseSigned('latchkey/identity/v1', note);
  const { statement } = signed;
  if (statement.address !== address) throw unverified('it is about another address');
  const next = previous === null ? 0 : previous.statement.version + 1;
  const isApart = hasGaps && previous !== null && statement.version > next;
  if (statement.version !== next && !isApart) throw unverified('a version is missing');
  if (previous !== null) {
    // Version 0 has no `previous` and every other one has: parsing saw to it.
    if (!isApart && (statement.previous === null || !equalBytes(statement.previous, previous.hash))) {
      throw unverified('it follows another version');
    }
    await requireSignedBy(engine, signed, previous.statement);
  }
  await requireSignedBy(engine, signed, statement);
  return verifiedFrom(statement, note);
}

async function requireSignedBy(
  engine: SignatureVerifier,
  signed: Parameters<typeof isSignedBy>[1],
  by: IdentityStatement,
): Promise<void> {
  if (!(await isSignedBy(engine, signed, identityKeys(by)))) throw unverified('a signature is missing or wrong');
}

/** What a note says whose signatures the caller has checked. */
export function verifiedFrom(statement: IdentityStatement, note: string): VerifiedIdentity {
  const hash = statementHash(statement);
  const { address, version } = statement;
  return { statement, note, hash, party: { address, version, identity: hash } };
}

function unverified(why: string): SdkError {
  return new SdkError('statement_unverified', `the identity statement does not hold: ${why}`);
}
