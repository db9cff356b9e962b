import { hex } from '@scure/base';
import type { CanonicalAddress } from '@latchkey/protocol';
import type { Client } from '../client/types.ts';
import { SdkError } from '../errors.ts';
import { resumeMessage } from '../message/index.ts';
import { carryLetter, type LetterToCarry } from './outbox/carry-letter.ts';
import { isFinal } from './outbox/is-final.ts';
import { loadLetter } from './outbox/kept-letter.ts';
import { writtenOf, type Letter } from './outbox/letter.ts';
import { outboxEntries, takeOver, type OutboxEntry } from './outbox/outbox-entry.ts';
import { undoLetter } from './outbox/undo-letter.ts';
import type { ReadAgain } from './outbox/upload-letter.ts';
import { forwardedSource } from './forwarded.ts';
import { transferReport } from './transfers/transfer-report.ts';
import type { CarryOptions, DraftAttachment, Sent } from './types.ts';

export interface ResumeOptions extends CarryOptions {
  /** By the ids of their outbox records. Default: all of them. */
  readonly only?: (outbox: string) => boolean;
  /** Opens the file of an attachment again; null where it is not there any more. */
  readonly sourceFor?: (
    attachment: Pick<DraftAttachment, 'name' | 'type' | 'identity'> & { readonly sizeBytes: number },
  ) => Promise<DraftAttachment | null>;
  /** Takes back what cannot be gone on with, instead of letting it wait. */
  readonly undo?: boolean;
}

export interface OutboxResult {
  /** Of the message on its way, 32 hex digits. */
  readonly id: string;
  readonly subject: string;
  readonly to: readonly CanonicalAddress[];
  readonly outcome: 'sent' | 'undone' | 'waiting';
  /** Present where the outcome is `sent`; somebody in it may still be `later`. */
  readonly sent: Sent | null;
  /** Why it waits or was undone, where an error says so. */
  readonly problem: Problem | null;
}

type Problem = Error & { readonly code: string };

/**
 * Goes on with every message whose sending was cut short, from wherever it was, and never sends one twice.
 *
 * @throws SdkError `server_unreachable`, `stopped` and what else concerns all of them; they stay in the outbox
 */
export async function resumeOutbox(client: Client, options: ResumeOptions = {}): Promise<readonly OutboxResult[]> {
  await client.mailbox.catchUp();
  const results: OutboxResult[] = [];
  for (const found of await outboxEntries(client)) {
    if (options.only?.(hex.encode(found.id)) === false) continue;
    const { subject, recipients } = found.record;
    const facts = { id: hex.encode(found.id), subject, to: recipients };
    try {
      results.push({ ...facts, ...(await resumeEntry(client, found, options)) });
    } catch (error) {
      // Another process has it: nothing to tell.
      if (!(error instanceof SdkError && error.code === 'outbox_taken')) throw error;
    }
  }
  return results;
}

type Result = Pick<OutboxResult, 'outcome' | 'sent' | 'problem'>;

async function resumeEntry(client: Client, found: OutboxEntry, options: ResumeOptions): Promise<Result> {
  const entry = await takeOver(client, found);
  if (entry.record.step === 'writing') {
    await undoLetter(client, { entry, letter: null });
    return { outcome: 'undone', sent: null, problem: null };
  }
  let letter: Letter;
  try {
    letter = await loadLetter(client, entry.record, options);
  } catch (error) {
    if (!isOfTheLetter(error)) throw error;
    // One letter that a server does not give back is not to hold up the others, nor what comes in.
    if (options.undo !== true || !nobodyHasIt(entry)) {
      return { outcome: 'waiting', sent: null, problem: error };
    }
    await undoLetter(client, { entry, letter: null });
    return { outcome: 'undone', sent: null, problem: error };
  }
  const job: LetterToCarry = {
    entry,
    letter,
    sealed: await resumeMessage(client.host, writtenOf(letter)),
    readAgain: readAgainBy(client, options),
    known: new Map(),
    resumed: true,
  };
  try {
    const sent = await carryLetter(client, job, { ...options, report: transferReport(options) });
    if (sent !== null) return { outcome: 'sent', sent, problem: null };
  } catch (error) {
    if (!isFinal(error)) throw error;
    const isThere = (await client.mailbox.read(entry.id))?.body ?? null;
    return { outcome: isThere === null ? 'undone' : 'waiting', sent: null, problem: error as Problem };
  }
  if (options.undo !== true || !nobodyHasIt(entry)) {
    return { outcome: 'waiting', sent: null, problem: null };
  }
  await undoLetter(client, { entry, letter });
  return { outcome: 'undone', sent: null, problem: null };
}

function nobodyHasIt({ record: { step } }: OutboxEntry): boolean {
  return step === 'uploading' || step === 'held';
}

function isOfTheLetter(error: unknown): error is SdkError {
  return error instanceof SdkError && (error.code === 'item_altered' || error.code === 'item_withheld');
}

function readAgainBy(client: Client, { sourceFor, signal }: ResumeOptions): ReadAgain {
  return async ({ entry: { name, type, sizeBytes }, source }) => {
    if (source.from === 'message') {
      const forwarded = await forwardedSource(client, source, signal === undefined ? {} : { signal });
      return forwarded === null ? null : () => forwarded.stream();
    }
    const again = (await sourceFor?.({ name, type, sizeBytes, identity: source.identity })) ?? null;
    if (again === null) return null;
    if (again.identity !== source.identity) {
      throw new SdkError('attachment_changed', 'an attached file is not the one that was being sent');
    }
    return () => again.source.stream();
  };
}
