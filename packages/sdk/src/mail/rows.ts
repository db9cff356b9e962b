/** Rows of lists, from records alone: nothing is fetched for them. */
import { hex } from '@scure/base';
import type { CanonicalAddress } from '@latchkey/protocol';
import type { Client } from '../client/types.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '../hours.ts';
import type { MessageVerdict } from '../message/index.ts';
import type { VerifiedIdentity } from '../signing/types.ts';
import type { FoundRecord } from './find-record.ts';
import type { MessageRecord } from './records/message-record.ts';
import type { DeletedRecord } from './records/deleted-record.ts';
import { knownSenders, type StandingOf } from './known-senders.ts';
import type { MailboxContent } from './read-mailbox.ts';
import type { StateRecord } from './records/state-record.ts';
import type { Folder, MessageRow } from './types.ts';

/** What a row is made of besides the record of its message. */
export interface RowSources {
  /** State records by the hex id of the message. */
  readonly states: ReadonlyMap<string, StateRecord>;
  /** Pinned versions of the senders by the hex hash of their statement. */
  readonly senders: ReadonlyMap<string, VerifiedIdentity>;
  /** Messages that never came, by the hex id of the one after them. */
  readonly missing: ReadonlyMap<string, number>;
  /** Hex hashes of the statements of messages that were deleted for good. */
  readonly deleted: ReadonlySet<string>;
  readonly standingOf: StandingOf;
}

export function rowOf(found: FoundRecord, sources: RowSources): MessageRow {
  const id = hex.encode(found.id);
  const state = sources.states.get(id);
  const marks = { starred: state?.starred ?? false, unread: !(state?.read ?? false) };
  if (found.content.kind !== 'message') return unreadableRow(found, { id, ...marks, folder: state?.folder ?? 'inbox' });
  const { message } = found.content;
  // What was deleted and is brought again lies where it lay last.
  const moved = state?.folder ?? (sources.deleted.has(hex.encode(message.hash)) ? 'trash' : 'inbox');
  const isSent = message.way === 'sent';
  const verdict = verdictOf(message, sources);
  return {
    id,
    folder: isSent && moved === 'inbox' ? 'sent' : moved,
    sender: sources.standingOf(message),
    summary: message.summary,
    to: message.to,
    verdict,
    verified: isClean(verdict),
    unread: isSent ? false : marks.unread,
    starred: marks.starred,
    missingBefore: sources.missing.get(id) ?? 0,
    sortSeconds: isSent ? message.summary.dateSeconds : clampDate(message.summary.dateSeconds, message.hour),
    problem: null,
  };
}

interface UnreadableFacts {
  readonly id: string;
  readonly folder: Folder;
  readonly unread: boolean;
  readonly starred: boolean;
}

function unreadableRow({ content }: FoundRecord, facts: UnreadableFacts): MessageRow {
  const hour = content.kind === 'unreadable' ? content.unreadable.hour : 0;
  const nobody = '' as CanonicalAddress;
  return {
    ...facts,
    sender: 'unknown',
    summary: { from: nobody, subject: '', dateSeconds: hour * HOUR_SECONDS, words: '', attachments: 0 },
    to: [],
    verdict: {
      signature: 'invalid',
      sender: null,
      retiredKey: false,
      late: false,
      addressed: 'passed_on',
      inconsistent: false,
      logView: 'not_compared',
      known: null,
    },
    verified: false,
    missingBefore: 0,
    sortSeconds: hour * HOUR_SECONDS,
    problem: content.kind === 'unreadable' ? content.unreadable.reason : 'newer',
  };
}

function verdictOf({ verdict }: MessageRecord, { senders }: RowSources): MessageVerdict {
  return { ...verdict, sender: verdict.sender === null ? null : (senders.get(hex.encode(verdict.sender)) ?? null) };
}

/** Nothing to warn about. */
export function isClean({ signature, retiredKey, late, addressed, inconsistent, logView }: MessageVerdict): boolean {
  const isToMe = addressed !== 'passed_on' && addressed !== 'wrong_key';
  const isSameLog = logView !== 'inconsistent' && logView !== 'contradicts';
  return signature === 'valid' && !retiredKey && !late && isToMe && !inconsistent && isSameLog;
}

/** What the sender wrote, as far as the server's hour bears it out. */
export function clampDate(dateSeconds: number, arrivalHour: number): number {
  const arrival = arrivalHour * HOUR_SECONDS;
  return Math.min(Math.max(dateSeconds, arrival - DAY_SECONDS), arrival + HOUR_SECONDS);
}

/** Everything that rows need, for these records. Asks the server only about senders that were never pinned. */
export async function rowSources(client: Client, mailbox: MailboxContent): Promise<RowSources> {
  const { found, states, deleted } = mailbox;
  return {
    states,
    senders: await sendersOf(client, found),
    missing: missingBefore(found, deleted),
    deleted: new Set(deleted.map(({ hash }) => hex.encode(hash))),
    standingOf: knownSenders(mailbox, client.address),
  };
}

async function sendersOf(
  { directory }: Client,
  found: readonly FoundRecord[],
): Promise<ReadonlyMap<string, VerifiedIdentity>> {
  const addresses = new Set<CanonicalAddress>();
  for (const { content } of found) {
    if (content.kind === 'message' && content.message.verdict.sender !== null) {
      addresses.add(content.message.summary.from);
    }
  }
  const senders = new Map<string, VerifiedIdentity>();
  const asked = [...addresses];
  for (let at = 0; at < asked.length; at += 256) {
    for (const resolution of await directory.resolve(asked.slice(at, at + 256), { pinIsEnough: true })) {
      if (resolution.outcome !== 'known') continue;
      for (const identity of resolution.versions) senders.set(hex.encode(identity.hash), identity);
    }
  }
  return senders;
}

/** Null where nothing may be concluded from it. */
export function countOf({ counter, verdict }: MessageRecord): { sender: Uint8Array; counter: number } | null {
  if (counter === null || verdict.sender === null || verdict.signature !== 'valid') return null;
  return verdict.addressed === 'passed_on' ? null : { sender: verdict.sender, counter };
}

/**
 * Each sender identity counts its messages to one owner: a number that is nowhere was never filed here. No number is
 * signed: whoever reads a message can write another one beside it and pass it on. So what was passed on does not count,
 * and of a message that comes again the smallest number does.
 */
function missingBefore(found: readonly FoundRecord[], deleted: readonly DeletedRecord[]): ReadonlyMap<string, number> {
  const counted = new Map<string, Map<string, { ids: string[]; counter: number }>>();
  for (const { sender, hash, counter } of deleted) {
    if (sender === null || counter === null) continue;
    const numbers = counted.get(hex.encode(sender)) ?? new Map<string, { ids: string[]; counter: number }>();
    numbers.set(hex.encode(hash), { ids: [], counter });
    counted.set(hex.encode(sender), numbers);
  }
  for (const { id, content } of found) {
    const place = content.kind === 'message' ? countOf(content.message) : null;
    if (place === null || content.kind !== 'message') continue;
    const { counter } = place;
    const { hash } = content.message;
    const sender = hex.encode(place.sender);
    const numbers = counted.get(sender) ?? new Map<string, { ids: string[]; counter: number }>();
    const message = numbers.get(hex.encode(hash)) ?? { ids: [], counter };
    message.ids.push(hex.encode(id));
    message.counter = Math.min(message.counter, counter);
    numbers.set(hex.encode(hash), message);
    counted.set(sender, numbers);
  }
  const missing = new Map<string, number>();
  for (const numbers of counted.values()) {
    let last = 0;
    for (const { ids, counter } of [...numbers.values()].toSorted((one, other) => one.counter - other.counter)) {
      if (counter > last + 1) for (const id of ids) missing.set(id, counter - last - 1);
      last = Math.max(last, counter);
    }
  }
  return missing;
}
