/** One look at the key log: asked, proved and judged; what is new is kept in the vault. */
import { verifyVrf, vrfInput } from '@latchkey/key-directory';
import type { Directory as KeyDirectory, KnownVersion } from '@latchkey/key-directory/verify';
import type { CanonicalAddress } from '@latchkey/protocol';
import type { RecordBody, RecordEdit } from '../../sync/types.ts';
import { parseSigned } from '../../signing/signed-statement.ts';
import type { ShownStatement } from '../history/judge-history.ts';
import type { Standing } from '../history/standing.ts';
import type { ChangedReason } from '../types.ts';
import { pinId } from '../pin-record.ts';
import { askLog, type Answered } from './ask-log.ts';
import { keepEvidence, type Finding } from './evidence.ts';
import { judgeAnswer, type Judged } from './judge-answer.ts';
import { formatKeptHead, keptHeadId, readKeptHead, type KeptHead } from './kept-head.ts';
import { differsFromOwn, judgeOwnHistory } from './own-history.ts';
import { lookTimes, type LookTimes, type OutsideWitnesses } from './outside-witnesses.ts';
import type { ProvingParts } from './proving-parts.ts';
import { readPin, type Pin } from './read-pin.ts';
import { shownStatements } from './shown-statements.ts';
import { formatStanding, knownOf } from './standing-record.ts';
import { withoutPin } from './without-pin.ts';

export interface Seen {
  readonly address: CanonicalAddress;
  readonly pin: Pin | null;
  readonly answered: Answered;
  readonly judged: Judged;
  /** Of the own address, where its whole history was asked for and its statements hold; else null. */
  readonly ownStanding: Standing | null;
  /** Record id of what was kept against the operator. */
  readonly evidence: Uint8Array | null;
}

export interface Looked {
  readonly seen: readonly Seen[];
  /** The newest one that was verified; null where even the first was refused. */
  readonly head: KeptHead | null;
  readonly outside: OutsideWitnesses;
  readonly times: LookTimes;
  /** Another device has written meanwhile: everything is to be looked at again. */
  readonly isOvertaken: boolean;
}

export interface LookOptions {
  readonly nowSeconds: number;
  /** Asks for whole histories, and leaves pins as they are. */
  readonly whole?: boolean;
  /** The last own version that was found to be the vault's; what is asked for is what comes after it. */
  readonly ownKnown?: KnownVersion | null;
}

export async function lookUp(
  parts: ProvingParts,
  { directory, addresses }: { readonly directory: KeyDirectory; readonly addresses: readonly CanonicalAddress[] },
  { nowSeconds, whole = false, ownKnown = null }: LookOptions,
): Promise<Looked> {
  const { engine, vault, log } = parts;
  const previous = await readKeptHead(vault);
  const pins: (Pin | null)[] = [];
  for (const address of addresses) pins.push(address === parts.address || whole ? null : await readPin(parts, address));
  const wanted = addresses.map((address, at) => {
    if (address === parts.address) return { address, known: ownKnown };
    const known = pins[at]?.known;
    return { address, known: known !== undefined && 'standing' in known ? knownOf(known) : null };
  });
  const { head, outside, answers } = await askLog(parts, { directory, previous, wanted, nowSeconds });
  const times = lookTimes(outside.seconds, nowSeconds);
  const edits: RecordEdit[] = [];
  const race: Race = { isLost: false };
  if (head !== null && head !== previous) edits.push(await headEdit(parts, { head, previous }, race));
  const seen: Seen[] = [];
  for (const [at, answered] of answers.entries()) {
    const { address } = answered;
    const pin = pins[at] ?? null;
    const own = address === parts.address ? ownNotes(parts) : null;
    const { judged, ownStanding } =
      own === null
        ? { judged: await judgeAnswer(engine, { address, pin, answered, times }), ownStanding: null }
        : await judgeOwn(parts, answered, { own, ownKnown, nowSeconds });
    if (judged.taken) {
      if (judged.next !== null && !whole)
        edits.push(await pinEdit(parts, { pin, next: formatStanding(judged.next), address }, race));
      seen.push({ address, pin, answered, judged, ownStanding, evidence: null });
      continue;
    }
    const pinned = pin !== null && 'standing' in pin.known ? pin.known : null;
    const refused = { ...judged, address, seenSeconds: nowSeconds, log, previous, pinned, own, raw: answered.raw };
    const finding = pinned === null ? refused : await withoutPin(parts, directory, refused);
    // A part of the own history proves nothing: it is asked for whole then.
    const isPart = own !== null && ownKnown !== null;
    const evidence = isPart || !isIndexShown(finding) ? null : await keepEvidence(vault, finding);
    if (evidence !== null) edits.push(evidence);
    seen.push({ address, pin, answered, judged, ownStanding, evidence: evidence?.id ?? null });
  }
  if (edits.length > 0) await vault.write(edits);
  return { seen, head, outside, times, isOvertaken: race.isLost };
}

/**
 * Where a pinned index spared the VRF proof, others need it all the same: what does not convince them is no evidence, and
 * would keep the place of some that does.
 */
function isIndexShown({ log, address, pinned, rule, raw: { lookup } }: Finding): boolean {
  if (rule !== 4 || pinned === null || pinned.index === null) return true;
  return lookup !== null && verifyVrf(log.vrf, vrfInput(address), lookup.vrfProof) !== null;
}

/** Set while the vault writes. */
interface Race {
  isLost: boolean;
}

/** The newest head stays; one that another device has put there has not been held against this one. */
async function headEdit(
  { vault }: ProvingParts,
  { head, previous }: { readonly head: KeptHead; readonly previous: KeptHead | null },
  race: Race,
): Promise<RecordEdit> {
  const before = previous === null ? null : JSON.stringify(formatKeptHead(previous));
  const isSame = previous !== null && previous.checkpoint === head.checkpoint && previous.leaf === head.leaf;
  const body = formatKeptHead(head);
  return {
    id: await keptHeadId(vault),
    knows: 1,
    change: (current) => {
      if ((current === null ? null : JSON.stringify(current)) !== before) {
        race.isLost = true;
        return 'keep';
      }
      return isSame ? 'keep' : body;
    },
  };
}

async function pinEdit(
  { vault }: ProvingParts,
  { pin, next, address }: { readonly pin: Pin | null; readonly next: RecordBody; readonly address: CanonicalAddress },
  race: Race,
): Promise<RecordEdit> {
  const before = pin === null ? null : JSON.stringify(pin.body);
  return {
    id: await pinId(vault, address),
    knows: 2,
    change: (current) => {
      const now = current === null ? null : JSON.stringify(current);
      if (now !== before) race.isLost = true;
      return now !== before || now === JSON.stringify(next) ? 'keep' : next;
    },
  };
}

function ownNotes({ keys }: ProvingParts): readonly string[] {
  return keys.all.map(({ identity }) => identity.note).toReversed();
}

interface OwnJudging {
  readonly own: readonly string[];
  readonly ownKnown: KnownVersion | null;
  readonly nowSeconds: number;
}

async function judgeOwn(
  { engine, address }: ProvingParts,
  { found }: Answered,
  { own, ownKnown, nowSeconds }: OwnJudging,
): Promise<Pick<Seen, 'judged' | 'ownStanding'>> {
  const refused = (rule: 1 | 2 | 3 | 4 | 7, reason: ChangedReason): Seen['judged'] => ({ taken: false, rule, reason });
  if (found.refused) return { judged: refused(found.rule, found.reason), ownStanding: null };
  const shown = found.found ? shownStatements(found) : [];
  if (ownKnown !== null) return { judged: ownSince(shown, own, ownKnown), ownStanding: null };
  const verdict = await judgeOwnHistory(engine, { address, shown, own, nowSeconds });
  const judged = verdict.taken ? ({ taken: true, next: null } as const) : refused(verdict.rule, verdict.reason);
  return { judged, ownStanding: verdict.standing };
}

/** Anything at all that is new is looked at whole. */
function ownSince(shown: readonly ShownStatement[], own: readonly string[], { version }: KnownVersion): Seen['judged'] {
  const newer = own.filter((note) => parseSigned('latchkey/identity/v1', note).statement.version > version);
  const isSame = newer.length === shown.length && differsFromOwn(shown, newer) === null;
  return isSame ? { taken: true, next: null } : { taken: false, rule: 7, reason: 'own_history_foreign' };
}
