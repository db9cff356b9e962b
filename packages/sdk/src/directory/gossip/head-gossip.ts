/**
 * Rule 6: what senders saw of the key log against what this account is shown (docs/spec/14-proving-directory.md,
 * "Hourly heads"). A server that shows two people two logs is caught by the first message between them.
 */
import type { CanonicalAddress } from '@latchkey/protocol';
import { utf8 } from '@scure/base';
import { DAY_SECONDS, hourOfMs, HOUR_SECONDS } from '../../hours.ts';
import type { Clock, Profile, Wire } from '../../ports.ts';
import type { Space } from '../../sync/types.ts';
import { KeyLogError } from '../key-log/key-log-error.ts';
import { readKeptHead } from '../key-log/kept-head.ts';
import { openLog, type LogEngine, type LogPin } from '../key-log/log-pin.ts';
import { keepDayHead } from './day-head.ts';
import { gossipEvidence } from './gossip-evidence.ts';
import { hourDays, type HourDays, type ShownHours } from './hour-days.ts';
import { HOURS_OF_DAY, type HourNote } from './hours-file.ts';
import { contradict, readHead, verifySignedHead, type SignedHead } from './signed-head.ts';

/** What the key log looks like from where a sender stands, against one's own view of it. */
export type LogView =
  /** The same hourly head. */
  | 'same'
  /** The message carries none: its sender's server has no key log, or its software is older. */
  | 'none'
  /** There is nothing to compare it with: another server's log, no log here, or a message that is late anyway. */
  | 'not_compared'
  /** Not the head of that hour as it is shown here. Anybody can write that into a message: it proves nothing. */
  | 'inconsistent'
  /** Two heads that no honest log signs both, and it has signed both. Kept as evidence. */
  | 'contradicts';

export interface ClaimedView {
  readonly from: CanonicalAddress;
  /** The checkpoint note that the message carries, byte for byte; null where it carries none. */
  readonly checkpoint: string | null;
  readonly dateSeconds: number;
  /** Since 1970-01-01T00Z. */
  readonly arrivalHour: number;
}

export interface HeadGossip {
  /**
   * The newest hourly head, for a message to carry; null where there is no key log.
   *
   * @throws KeyLogError rule 6: the server shows none of the last day, or one that is not what it must be
   */
  hourHead(): Promise<string | null>;
  /**
   * Keeps the head of the last look in the vault, once a day.
   *
   * @returns the day, and SHA-256 of the checkpoint note that the vault has for it; null without a key log
   */
  keepDay(): Promise<{ readonly day: number; readonly checkpoint: Uint8Array } | null>;
  /** Keeps evidence where there is some. @throws what the wire throws */
  compareView(claim: ClaimedView): Promise<LogView>;
}

/** Servers without a key log, and accounts that have never seen one. */
export const noGossip: HeadGossip = {
  hourHead: async () => null,
  keepDay: async () => null,
  compareView: async ({ checkpoint }) => (checkpoint === null ? 'none' : 'not_compared'),
};

export interface GossipParts {
  readonly engine: LogEngine;
  readonly wire: Wire;
  readonly vault: Space;
  readonly clock: Clock;
  readonly profile: Profile;
  readonly address: CanonicalAddress;
  readonly log: LogPin;
}

/** Older heads are no news to anybody. */
const OLDEST_HOURS = 25;
/** A message is late after two days. */
const DAYS_BEFORE = 2;
/** Who was away longer is not made to fetch years. */
const MOST_DAYS = 31;
/** A note must leave room for the statement in the first chunk of a message. */
const MAX_NOTE_CHARS = 40_000;

export function headGossip(parts: GossipParts): HeadGossip {
  const directory = openLog(parts.engine, parts.log);
  const days = hourDays({ wire: parts.wire, profile: parts.profile, origin: directory.index.origin });
  const verify = remembering((note) => verifySignedHead(directory, note));
  const say = remembering((note) => readHead(directory, note));
  const { former } = parts.log;
  const formerly = former === undefined ? null : openLog(parts.engine, { ...parts.log, policy: former.policy });
  const believe = remembering(async (note) => {
    const head = await verify(note);
    if (head !== null || former === undefined || formerly === null) return head;
    const before = await verifySignedHead(formerly, note);
    return (before?.hour ?? Infinity) <= former.untilHour ? before : null;
  });
  const view: View = { parts, days, verify, believe, say };
  let day: Awaited<ReturnType<HeadGossip['keepDay']>> = null;
  return {
    hourHead: () => hourHead(view),
    compareView: (claim) => compareView(view, claim),
    async keepDay() {
      const nowSeconds = Math.floor(parts.clock.nowMs() / 1_000);
      if (day?.day !== Math.floor(nowSeconds / DAY_SECONDS)) day = await keptDay(parts, nowSeconds);
      return day;
    },
  };
}

async function keptDay({ engine, vault }: GossipParts, nowSeconds: number): ReturnType<HeadGossip['keepDay']> {
  const head = await readKeptHead(vault);
  if (head === null) return null;
  const { day, checkpoint } = await keepDayHead(vault, head, nowSeconds);
  return { day, checkpoint: await engine.sha256(utf8.decode(checkpoint)) };
}

interface View {
  readonly parts: GossipParts;
  readonly days: HourDays;
  readonly verify: (note: string) => Promise<SignedHead | null>;
  /** The same, and of hours before the owner took this policy what the one before it asked for. No evidence. */
  readonly believe: (note: string) => Promise<SignedHead | null>;
  /** What a note says, signed or not. */
  readonly say: (note: string) => SignedHead | null;
}

async function hourHead(view: View): Promise<string> {
  const { parts, days, believe } = view;
  const nowHour = hourOfMs(parts.clock.nowMs());
  const lastDay = dayOf(nowHour);
  // In the first hour of a day the newest head may still be yesterday's.
  const wanted = { firstDay: dayOf(nowHour - 1), lastDay, reachHour: nowHour };
  let shown = await days.get(wanted);
  if (shown.heads.length === 0) shown = await days.get({ ...wanted, firstDay: lastDay - 1 });
  const rewritten = await keptRewritten(view, shown);
  if (rewritten !== null) throw refused('gossip_mismatch', rewritten);
  const newest = shown.heads.at(-1);
  if (newest === undefined || Math.abs(nowHour - newest.hour) > OLDEST_HOURS) throw refused('hour_head_missing');
  const head = newest.note.length > MAX_NOTE_CHARS ? null : await believe(newest.note);
  if (head?.hour !== newest.hour) throw refused('hour_head_wrong');
  const other = await contradicting(view, head, shown.heads);
  if (other !== null) {
    const isProof = (await view.verify(newest.note)) !== null;
    throw refused('gossip_mismatch', isProof ? await keep(view, parts.address, [other, head]) : null);
  }
  return newest.note;
}

async function compareView(view: View, { from, checkpoint, dateSeconds, arrivalHour }: ClaimedView): Promise<LogView> {
  const { parts, days, verify, believe } = view;
  if (checkpoint === null) return 'none';
  const nowHour = hourOfMs(parts.clock.nowMs());
  const isOurs = from.slice(from.lastIndexOf('@') + 1) === parts.log.domain;
  if (!isOurs || dayOf(nowHour) - dayOf(arrivalHour) > MOST_DAYS) return 'not_compared';
  // That something arrived tomorrow is a server's word too.
  const reachHour = Math.min(arrivalHour, nowHour + HOURS_OF_DAY);
  const lastDay = dayOf(reachHour);
  const firstDay = Math.max(0, lastDay - DAYS_BEFORE);
  const shown = await days.get({ firstDay, lastDay, reachHour });
  await keptRewritten(view, shown);
  const { heads } = shown;
  const head = await believe(checkpoint);
  if (head === null) return 'inconsistent';
  if (heads.some(({ hour, note }) => note === checkpoint && hour === head.hour)) return 'same';
  const other = (await verify(checkpoint)) === null ? null : await contradicting(view, head, heads);
  if (other !== null) {
    await keep(view, from, [other, head]);
    return 'contradicts';
  }
  const firstHour = firstDay * HOURS_OF_DAY;
  const isOld = head.hour !== null && head.hour < firstHour && dateSeconds < (firstHour + OLDEST_HOURS) * HOUR_SECONDS;
  return isOld ? 'not_compared' : 'inconsistent';
}

/** What this account knows, of hours and of its last look, that cannot be true together with this head. */
async function contradicting(
  { parts, say, verify }: View,
  head: SignedHead,
  heads: readonly HourNote[],
): Promise<SignedHead | null> {
  const kept = await readKeptHead(parts.vault);
  const notes = [...(kept === null ? [] : [kept.checkpoint]), ...heads.map(({ note }) => note)];
  for (const note of notes) {
    const said = say(note);
    const known = said !== null && contradict(said, head) ? await verify(note) : null;
    if (known !== null) return known;
  }
  return null;
}

/** A server that shows an hour otherwise than before has two of it. @returns id of the evidence */
async function keptRewritten(view: View, { rewritten, heads }: ShownHours): Promise<Uint8Array | null> {
  for (const { note } of rewritten) {
    const head = await view.verify(note);
    const other = head === null ? null : await contradicting(view, head, heads);
    if (head !== null && other !== null) return keep(view, view.parts.address, [other, head]);
  }
  return null;
}

async function keep(
  { parts }: View,
  address: CanonicalAddress,
  [one, other]: readonly [SignedHead, SignedHead],
): Promise<Uint8Array> {
  const seenSeconds = Math.floor(parts.clock.nowMs() / 1_000);
  const finding = { address, seenSeconds, log: parts.log, heads: [one.note, other.note] as const };
  const edit = await gossipEvidence(parts.vault, finding);
  await parts.vault.write([edit]);
  return edit.id;
}

function refused(reason: string, evidence: Uint8Array | null = null): KeyLogError {
  return new KeyLogError({ rule: 6, reason, evidence });
}

function dayOf(hour: number): number {
  return Math.floor(hour / HOURS_OF_DAY);
}

/** One note is read, and its signatures are verified, once, however many messages carry it. */
function remembering<T>(look: (note: string) => T): (note: string) => T {
  const known = new Map<string, T>();
  return (note) => {
    const before = known.get(note);
    if (before !== undefined) return before;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const found = look(note);
    known.set(note, found);
    return found;
  };
}

const MOST_REMEMBERED = 256;
