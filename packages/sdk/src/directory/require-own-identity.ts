/** The best ghost-key alarm of all: what the server shows of oneself. */
import type { SignatureVerifier } from '@latchkey/crypto/verify';
import type { CanonicalAddress } from '@latchkey/protocol';
import { SdkError } from '../errors.ts';
import type { Wire } from '../ports.ts';
import type { OwnKeys } from '../signing/types.ts';
import { fetchIdentities, type Shown } from './fetch-identities.ts';
import { judgeAgainstPin } from './judge.ts';

export interface OwnView {
  readonly engine: SignatureVerifier;
  readonly wire: Wire;
  readonly session: string;
  readonly address: CanonicalAddress;
  readonly keys: OwnKeys;
}

/**
 * The directory's newest version of the own identity is the vault's newest.
 *
 * @returns what the server says besides
 * @throws SdkError `statement_unverified`; what the wire throws
 */
export async function requireOwnIdentity({ engine, wire, session, address, keys }: OwnView): Promise<Shown> {
  const { identity } = keys.newest;
  const asked = { address, fromVersion: identity.statement.version };
  const [shown = { answer: 'unknown' }] = await fetchIdentities(wire, session, [asked]);
  const judged = await judgeAgainstPin(engine, [identity], shown);
  if (judged.verdict !== 'known' || judged.news) {
    throw new SdkError('statement_unverified', 'the server shows other keys for this account than its own vault holds');
  }
  return shown;
}
