/** Whether what the server shows follows from what is pinned. Pure: no vault, no server. */
import type { SignatureVerifier } from '@latchkey/crypto/verify';
import type { CanonicalAddress } from '@latchkey/protocol';
import { SdkError } from '../errors.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { verifyIdentityChain, verifyKeptIdentities } from '../signing/identity.ts';
import type { VerifiedIdentity } from '../signing/types.ts';
import type { Shown } from './fetch-identities.ts';
import type { Resolution } from './types.ts';

type Changed = Extract<Resolution, { readonly outcome: 'changed' }>;

export type Judged =
  | { readonly verdict: 'unknown' }
  /** `versions` oldest first; `news` says that they are more than was pinned. */
  | { readonly verdict: 'known'; readonly versions: readonly VerifiedIdentity[]; readonly news: boolean }
  | { readonly verdict: 'changed'; readonly reason: Changed['reason'] };

/**
 * Nothing is pinned: the whole chain from version 0 on must hold.
 *
 * @throws SdkError `statement_unverified`: what the server shows was never signed so
 */
export async function judgeFirst(engine: SignatureVerifier, address: CanonicalAddress, shown: Shown): Promise<Judged> {
  // An account that is gone leaves its address behind, without statements.
  if (shown.answer === 'unknown' || (shown.notes.length === 0 && shown.takes === 'nothing')) {
    return { verdict: 'unknown' };
  }
  const versions = await verifyIdentityChain(engine, shown.notes, { address });
  if (versions.length === 0) throw new SdkError('statement_unverified', 'the server shows an account without keys');
  return { verdict: 'known', versions, news: true };
}

/** `shown` from the newest pinned version on, itself included. @param pinned oldest first, not empty */
export async function judgeAgainstPin(
  engine: SignatureVerifier,
  pinned: readonly [...VerifiedIdentity[], VerifiedIdentity],
  shown: Shown,
): Promise<Judged> {
  const newest = pinned.at(-1) ?? pinned[0];
  const { address } = newest.statement;
  if (shown.answer === 'unknown' || (shown.notes.length === 0 && shown.takes === 'nothing')) {
    return { verdict: 'changed', reason: 'gone' };
  }
  const [same, ...later] = shown.notes;
  if (same === undefined) return { verdict: 'changed', reason: 'older_than_pinned' };
  try {
    const [again] = await verifyKeptIdentities(engine, [same], { address });
    if (again === undefined || !equalBytes(again.hash, newest.hash)) {
      return { verdict: 'changed', reason: 'other_version_pinned' };
    }
    const news = await verifyIdentityChain(engine, later, { address, after: newest });
    return { verdict: 'known', versions: [...pinned, ...news], news: news.length > 0 };
  } catch (error) {
    if (!(error instanceof SdkError) || error.code !== 'statement_unverified') throw error;
    return { verdict: 'changed', reason: 'chain_broken' };
  }
}
