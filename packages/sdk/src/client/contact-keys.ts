/** What is known of somebody's keys, for a person to look at (docs/spec/14-proving-directory.md, "What a person sees"). */
import { compareWords } from '@latchkey/crypto';
import { canonicalAddress, type CanonicalAddress } from '@latchkey/protocol';
import type { Resolution } from '../directory/types.ts';
import type { OwnKeys, VerifiedIdentity } from '../signing/types.ts';
import type { Client } from './types.ts';

export interface ContactKeys {
  readonly resolution: Resolution;
  /**
   * Twelve words that both sides see: with who is in force, or who holds an address that is blocked until a human has
   * verified; null where somebody is not known, or not from the first version on.
   */
  readonly words: readonly string[] | null;
}

/**
 * Asks the directory anew.
 *
 * @throws AddressError; what the directory throws
 */
export async function contactKeys(client: Client, typed: string): Promise<ContactKeys> {
  const address: CanonicalAddress = canonicalAddress(typed);
  const [resolution = { outcome: 'unknown', address } as const] = await client.directory.resolve([address]);
  const theirs = theirParty(resolution);
  const own = ownParty(client.keys);
  if (theirs === null || own === null) return { resolution, words: null };
  return { resolution, words: await compareWords(client.host.engine, [theirs, own]) };
}

function theirParty(resolution: Resolution): Party | null {
  if (resolution.outcome === 'known') return partyOf(resolution.versions);
  if (resolution.outcome === 'unknown' || resolution.claimant === undefined) return null;
  const { genesis, identity } = resolution.claimant;
  return { genesis, current: identity.hash };
}

function ownParty({ all, newest, genesis }: OwnKeys): Party | null {
  const current = newest.identity.hash;
  return genesis === undefined ? partyOf(all.map(({ identity }) => identity)) : { genesis, current };
}

interface Party {
  readonly genesis: Uint8Array;
  readonly current: Uint8Array;
}

/** Newest first. */
function partyOf(versions: readonly VerifiedIdentity[]): Party | null {
  const [newest] = versions;
  const oldest = versions.at(-1);
  if (newest === undefined || oldest?.statement.version !== 0) return null;
  return { genesis: oldest.hash, current: newest.hash };
}
