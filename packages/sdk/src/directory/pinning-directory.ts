/** Trust on first use, kept in the vault (docs/spec/05-account.md, "Directory"). */
import type { CanonicalAddress } from '@latchkey/protocol';
import { SdkError } from '../errors.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { verifyIdentityChain } from '../signing/identity.ts';
import type { VerifiedIdentity } from '../signing/types.ts';
import type { RecordEdit, Space } from '../sync/types.ts';
import type { Standing } from './history/standing.ts';
import type { LogFinding } from './key-log/key-log-error.ts';
import { fetchIdentities, type Shown } from './fetch-identities.ts';
import type { OwnLook } from './key-log/own-look.ts';
import { judgeAgainstPin, judgeFirst, type Judged } from './judge.ts';
import { formatPin, parsePin, pinId } from './pin-record.ts';
import { requireOwnIdentity, type OwnView } from './require-own-identity.ts';
import type { Directory, Resolution } from './types.ts';

export interface PinningParts extends OwnView {
  readonly vault: Space;
}

export interface PinningDirectory extends Directory {
  /**
   * Puts another identity in the place of a pin, because a human has compared it with what its owner showed or said.
   * Never to be called on a screen's own account.
   *
   * @param identity hash of the newest statement, as the human has verified it
   * @throws SdkError `statement_unverified` where the server does not show exactly this identity, whole from version 0
   */
  acceptChangedVerifiedByHuman(address: CanonicalAddress, identity: Uint8Array): Promise<void>;
  /**
   * The own history, whole and judged anew; null where there is no key log.
   *
   * @throws SdkError `answer_malformed`, `space_busy`; what wire and vault throw
   */
  ownHistory(): Promise<OwnFinding | null>;
  /**
   * Rule 7: the own history is compared with the vault's; what it was proved by, for a tail. Null where the server has no
   * key log.
   *
   * @throws KeyLogError; SdkError `statement_unverified`; what the wire throws
   */
  ownLook(options?: { readonly isWhole?: boolean }): Promise<OwnLook | null>;
}

/** What the key log shows of oneself. */
export interface OwnFinding {
  /** Null where it is what the own vault holds. */
  readonly refusal: LogFinding | null;
  /** What its statements amount to; null where they do not hold. */
  readonly standing: Standing | null;
}

/** Another device may pin the same address at the same time; who was first is looked up, not guessed. */
const MOST_ROUNDS = 3;

type Pinned = readonly VerifiedIdentity[];

/**
 * Its `resolve` throws SdkError `statement_unverified`, `answer_malformed`, `space_busy`; what wire and vault throw.
 * What does not follow from a pin is no error but the outcome `changed`.
 */
export function pinningDirectory(parts: PinningParts): PinningDirectory {
  return {
    async resolve(addresses, options = {}) {
      const unique = [...new Set(addresses)];
      const resolved = new Map<CanonicalAddress, Resolution>();
      const others = unique.filter((address) => address !== parts.address);
      if (others.length < unique.length) resolved.set(parts.address, await resolveOwn(parts, options));
      for (const resolution of await resolveOthers(parts, others, options))
        resolved.set(resolution.address, resolution);
      return addresses.map((address) => resolved.get(address) ?? { outcome: 'unknown', address });
    },
    ownHistory: () => Promise.resolve(null),
    async ownLook() {
      await requireOwnIdentity(parts);
      return null;
    },
    async acceptChangedVerifiedByHuman(address, identity) {
      const [shown] = await fetchIdentities(parts.wire, parts.session, [{ address, fromVersion: 0 }]);
      const notes = shown?.answer === 'known' ? shown.notes : [];
      const versions = await verifyIdentityChain(parts.engine, notes, { address });
      const newest = versions.at(-1);
      if (newest === undefined || !equalBytes(newest.hash, identity)) {
        throw new SdkError('statement_unverified', 'the server does not show the identity that was verified');
      }
      await parts.vault.catchUp();
      await parts.vault.write([{ id: await pinId(parts.vault, address), change: () => formatPin(address, versions) }]);
    },
  };
}

async function resolveOwn(parts: PinningParts, { pinIsEnough = false }): Promise<Resolution> {
  const { address, keys } = parts;
  const versions = keys.all.map(({ identity }) => identity);
  const shown: Shown = pinIsEnough ? { answer: 'unknown' } : await requireOwnIdentity(parts);
  const takes = shown.answer === 'known' ? shown.takes : 'mail';
  return { outcome: 'known', address, identity: keys.newest.identity, versions, trust: 'own', takes };
}

async function resolveOthers(
  parts: PinningParts,
  addresses: readonly CanonicalAddress[],
  { pinIsEnough = false },
): Promise<readonly Resolution[]> {
  const resolved: Resolution[] = [];
  let open = addresses;
  if (pinIsEnough) {
    const unpinned: CanonicalAddress[] = [];
    for (const address of addresses) {
      const versions = await readPin(parts, address);
      if (versions.length === 0) unpinned.push(address);
      else resolved.push(known({ address, versions, trust: 'pinned', takes: 'mail' }));
    }
    open = unpinned;
  }
  if (open.length === 0) return resolved;
  await parts.vault.catchUp();
  return [...resolved, ...(await resolveAnew(parts, open))];
}

interface Entry {
  readonly address: CanonicalAddress;
  readonly pinned: Pinned;
  readonly shown: Shown;
  readonly judged: Judged;
}

async function resolveAnew(
  parts: PinningParts,
  addresses: readonly CanonicalAddress[],
): Promise<readonly Resolution[]> {
  const resolved: Resolution[] = [];
  let open = addresses;
  for (let round = 1; open.length > 0; round++) {
    if (round > MOST_ROUNDS) throw new SdkError('space_busy', 'other devices keep writing the same pins');
    const entries = await judgeAll(parts, open);
    const lost = await keepNews(parts, entries);
    for (const entry of entries) if (!lost.has(entry.address)) resolved.push(resolutionOf(entry));
    open = [...lost];
  }
  return resolved;
}

async function judgeAll(parts: PinningParts, addresses: readonly CanonicalAddress[]): Promise<readonly Entry[]> {
  const pins: Pinned[] = [];
  for (const address of addresses) pins.push(await readPin(parts, address));
  const asked = addresses.map((address, at) => ({
    address,
    fromVersion: pins[at]?.at(-1)?.statement.version ?? 0,
  }));
  const answers = await fetchIdentities(parts.wire, parts.session, asked);
  const entries: Entry[] = [];
  for (const [at, address] of addresses.entries()) {
    const [pinned = [], shown = { answer: 'unknown' } as const] = [pins[at], answers[at]];
    const judged = isPinned(pinned)
      ? await judgeAgainstPin(parts.engine, pinned, shown)
      : await judgeFirst(parts.engine, address, shown);
    entries.push({ address, pinned, shown, judged });
  }
  return entries;
}

/** Writes first pins and later versions. @returns addresses whose pin another device has changed meanwhile */
async function keepNews(parts: PinningParts, entries: readonly Entry[]): Promise<ReadonlySet<CanonicalAddress>> {
  const lost = new Set<CanonicalAddress>();
  const edits: RecordEdit[] = [];
  for (const { address, pinned, judged } of entries) {
    if (judged.verdict !== 'known' || !judged.news) continue;
    const before = pinned.length === 0 ? null : JSON.stringify(formatPin(address, pinned));
    const body = formatPin(address, judged.versions);
    edits.push({
      id: await pinId(parts.vault, address),
      change: (current) => {
        const unchanged = (current === null ? null : JSON.stringify(current)) === before;
        if (!unchanged) lost.add(address);
        return unchanged ? body : 'keep';
      },
    });
  }
  if (edits.length > 0) await parts.vault.write(edits);
  return lost;
}

async function readPin({ engine, vault }: PinningParts, address: CanonicalAddress): Promise<Pinned> {
  return parsePin(engine, address, (await vault.read(await pinId(vault, address)))?.body ?? null);
}

function resolutionOf({ address, pinned, shown, judged }: Entry): Resolution {
  if (judged.verdict === 'unknown') return { outcome: 'unknown', address };
  if (judged.verdict === 'changed') {
    const newest = pinned.at(-1);
    // Only what was pinned can have changed.
    if (newest === undefined) return { outcome: 'unknown', address };
    return { outcome: 'changed', address, reason: judged.reason, pinned: newest };
  }
  const trust = pinned.length === 0 ? 'first_use' : 'pinned';
  const takes = shown.answer === 'known' ? shown.takes : 'nothing';
  return known({ address, versions: judged.versions, trust, takes });
}

/** @param versions oldest first, not empty */
function known({
  versions,
  ...facts
}: {
  readonly address: CanonicalAddress;
  readonly versions: Pinned;
  readonly trust: 'first_use' | 'pinned';
  readonly takes: 'mail' | 'nothing' | 'full';
}): Resolution {
  const newestFirst = versions.toReversed();
  const [identity] = newestFirst;
  if (identity === undefined) return { outcome: 'unknown', address: facts.address };
  return { outcome: 'known', ...facts, identity, versions: newestFirst };
}

function isPinned(pinned: Pinned): pinned is readonly [...VerifiedIdentity[], VerifiedIdentity] {
  return pinned.length > 0;
}
