/** What is known of somebody's keys, for a person to look at (docs/spec/14-proving-directory.md, "What a person sees"). */
import { compareWords } from '@latchkey/crypto';
import { canonicalAddress, type CanonicalAddress } from '@latchkey/protocol';
import type { Resolution } from '../directory/types.ts';
import type { VerifiedIdentity } from '../signing/types.ts';
import type { Client } from './types.ts';

export interface ContactKeys {
  readonly resolution: Resolution;
  /** Twelve words that both sides see; null where somebody is not known, or not from the first version on. */
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
  if (resolution.outcome !== 'known') return { resolution, words: null };
  const theirs = partyOf(resolution.versions);
  const own = partyOf(client.keys.all.map(({ identity }) => identity));
  if (theirs === null || own === null) return { resolution, words: null };
  return { resolution, words: await compareWords(client.host.engine, [theirs, own]) };
}

/** Newest first. */
function partyOf(versions: readonly VerifiedIdentity[]): { genesis: Uint8Array; current: Uint8Array } | null {
  const [newest] = versions;
  const oldest = versions.at(-1);
  if (newest === undefined || oldest?.statement.version !== 0) return null;
  return { genesis: oldest.hash, current: newest.hash };
}
