/** Whose keys are whose, proved by the key log (docs/spec/14-proving-directory.md): the main flow. */
import type { Directory as KeyDirectory, KnownVersion } from '@latchkey/key-directory/verify';
import type { CanonicalAddress } from '@latchkey/protocol';
import { SdkError } from '../errors.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { inForce, settle, takeOver, type Standing } from './history/standing.ts';
import { KeyLogError } from './key-log/key-log-error.ts';
import { openLog } from './key-log/log-pin.ts';
import { ownLookOf } from './key-log/own-look.ts';
import { lookUp, type Looked, type Seen } from './key-log/look-up.ts';
import type { ProvingParts } from './key-log/proving-parts.ts';
import { newestPinned, readPin } from './key-log/read-pin.ts';
import { known, resolutionOf, type KnownFacts } from './key-log/resolution-of.ts';
import { formatStanding, type PinnedStanding } from './key-log/standing-record.ts';
import { pinId } from './pin-record.ts';
import type { PinningDirectory } from './pinning-directory.ts';
import type { Resolution } from './types.ts';

/** Another device may write the same pins and heads at the same time; who was first is looked up, not guessed. */
const MOST_ROUNDS = 4;

/**
 * Its `resolve` throws KeyLogError where the own history is not the vault's; SdkError `answer_malformed`, `space_busy`;
 * what wire and vault throw. What is not proved of somebody else is no error but the outcome `changed`.
 */
export function provingDirectory(parts: ProvingParts): PinningDirectory {
  const directory = openLog(parts.engine, parts.log);
  const own: OwnProgress = { known: null };
  return {
    async resolve(addresses, { pinIsEnough = false } = {}) {
      const resolved = new Map<CanonicalAddress, Resolution>();
      const open: CanonicalAddress[] = [];
      for (const address of new Set(addresses)) {
        const kept = pinIsEnough ? await resolveKept(parts, address) : null;
        if (kept === null) open.push(address);
        else resolved.set(address, kept);
      }
      if (open.length > 0) {
        // Rule 7: whoever asks for anybody looks at the own history too.
        const withOwn = open.includes(parts.address) ? open : [parts.address, ...open];
        for (const each of await resolveAnew(parts, { directory, own }, withOwn)) resolved.set(each.address, each);
      }
      return addresses.map((address) => resolved.get(address) ?? { outcome: 'unknown', address });
    },
    acceptChangedVerifiedByHuman: (address, identity) => acceptVerified(parts, directory, { address, identity }),
    async ownHistory() {
      const { seen } = await lookUntilKept(parts, { directory, own: { known: null } }, [parts.address]);
      const [found] = seen;
      if (found === undefined) throw new RangeError('an answer for nobody');
      const { judged, evidence, ownStanding: standing } = found;
      return { refusal: judged.taken ? null : { ...judged, evidence }, standing };
    },
    async ownLook({ isWhole = false } = {}) {
      if (isWhole) own.known = null;
      const { seen, head } = await lookUntilKept(parts, { directory, own }, [parts.address]);
      const [first] = seen;
      if (first === undefined) throw new SdkError('answer_malformed', 'it answers nothing');
      own.known = requireOwn(first);
      if (head === null) throw new SdkError('answer_malformed', 'it shows no head');
      return ownLookOf({ log: parts.log, directory }, head, first.answered);
    },
  };
}

async function resolveKept(parts: ProvingParts, address: CanonicalAddress): Promise<Resolution | null> {
  if (address === parts.address) return ownResolution(parts, 'mail');
  const pin = await readPin(parts, address);
  if (pin === null) return null;
  const facts = { address, trust: 'pinned', takes: 'mail' } as const;
  if ('standing' in pin.known) {
    return known(settle(pin.known.standing, nowSeconds(parts)), { ...facts, ...notedFacts(pin.known) });
  }
  return { outcome: 'known', ...facts, identity: newestPinned(pin), versions: pin.known.versions.toReversed() };
}

interface Proving {
  readonly directory: KeyDirectory;
  readonly own: OwnProgress;
}

/** How far the own history was found to be the vault's since the start. */
interface OwnProgress {
  known: KnownVersion | null;
}

async function resolveAnew(
  parts: ProvingParts,
  proving: Proving,
  addresses: readonly CanonicalAddress[],
): Promise<readonly Resolution[]> {
  const { seen, ...looked } = await lookUntilKept(parts, proving, addresses);
  return seen.map((each) => {
    if (each.address !== parts.address) return othersResolution(each, looked);
    proving.own.known = requireOwn(each);
    return ownResolution(parts, each.answered.takes);
  });
}

async function lookUntilKept(
  parts: ProvingParts,
  { directory, own }: Proving,
  addresses: readonly CanonicalAddress[],
): Promise<Looked> {
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    await parts.vault.catchUp();
    const options = { nowSeconds: nowSeconds(parts), ownKnown: own.known };
    const looked = await lookUp(parts, { directory, addresses }, options);
    const isOwnSound = looked.seen.every(({ address, judged }) => address !== parts.address || judged.taken);
    // What is wrong with the own history is looked at whole: that is what can be shown to others.
    const isShownInPart = !isOwnSound && own.known !== null;
    if (isShownInPart) own.known = null;
    else if (!looked.isOvertaken) return looked;
  }
  throw new SdkError('space_busy', 'other devices keep writing the same pins');
}

function othersResolution(seen: Seen, { outside, times }: Pick<Looked, 'outside' | 'times'>): Resolution {
  const { address, pin, judged, answered, evidence } = seen;
  if (!judged.taken) {
    const pinned = pin === null ? null : newestPinned(pin);
    const kept = evidence === null ? {} : { evidence };
    return { outcome: 'changed', address, reason: judged.reason, rule: judged.rule, pinned, ...kept };
  }
  if (judged.next === null) return { outcome: 'unknown', address };
  const trust = outside.names.length > 0 ? 'witnessed' : pin === null ? 'first_use' : 'proved';
  const facts = {
    address,
    trust,
    takes: answered.takes,
    witnesses: outside.names,
    ...notedFacts(judged.next),
  } as const;
  return resolutionOf(judged.next.standing, facts, times.nowSeconds);
}

function notedFacts({ sinceSeconds, verified }: PinnedStanding): Pick<KnownFacts, 'sinceSeconds' | 'verified'> {
  return { ...(sinceSeconds === null ? {} : { sinceSeconds }), ...(verified === null ? {} : { verified }) };
}

/** @throws KeyLogError */
function requireOwn({ judged, evidence, answered }: Seen): KnownVersion | null {
  if (!judged.taken) throw new KeyLogError({ ...judged, evidence });
  const { found } = answered;
  if (found.refused || !found.found) return null;
  return { version: found.version, position: found.positions.at(-1) ?? 0 };
}

function ownResolution({ address, keys }: ProvingParts, takes: 'mail' | 'nothing' | 'full'): Resolution {
  const versions = keys.all.map(({ identity }) => identity);
  return { outcome: 'known', address, identity: keys.newest.identity, versions, trust: 'own', takes };
}

/** The whole history is judged anew, as by somebody who knew nobody: what a human has compared is what counts. */
async function acceptVerified(
  parts: ProvingParts,
  directory: KeyDirectory,
  { address, identity }: { readonly address: CanonicalAddress; readonly identity: Uint8Array },
): Promise<void> {
  await parts.vault.catchUp();
  const options = { nowSeconds: nowSeconds(parts), whole: true };
  const looked = await lookUp(parts, { directory, addresses: [address] }, options);
  const [seen] = looked.seen;
  const next = seen?.judged.taken === true ? seen.judged.next : null;
  const standing = next === null ? null : standingVerified(settle(next.standing, looked.times.nowSeconds), identity);
  if (next === null || standing === null) {
    throw new SdkError('statement_unverified', 'the key log does not prove the identity that was verified');
  }
  const before = await readPin(parts, address);
  const sinceSeconds = before !== null && 'standing' in before.known ? before.known.sinceSeconds : next.sinceSeconds;
  const verified = { identity, seconds: options.nowSeconds };
  const body = formatStanding({ ...next, standing, sinceSeconds, verified });
  await parts.vault.write([{ id: await pinId(parts.vault, address), knows: 2, change: () => body }]);
}

function standingVerified(standing: Standing, identity: Uint8Array): Standing | null {
  const { waiting } = standing;
  const settled = { ...standing, disputed: false };
  if (equalBytes(inForce(standing).identity.hash, identity)) {
    // Who has compared the one knows the address: whoever else it was given to comes in by a human alone.
    return waiting?.kind === 'reissue' ? { ...settled, waiting: { ...waiting, countsSeconds: null } } : settled;
  }
  if (waiting === null || !equalBytes(waiting.identity.hash, identity)) return null;
  return takeOver(settled, waiting, waiting.countsSeconds ?? 0);
}

function nowSeconds({ clock }: ProvingParts): number {
  return Math.floor(clock.nowMs() / 1_000);
}
