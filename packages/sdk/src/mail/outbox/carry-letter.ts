/** Carries a letter to its end, whoever wrote it and however far it is (docs/spec/09-mail.md, "Outbox"). */
import type { CanonicalAddress } from '@latchkey/protocol';
import { hex } from '@scure/base';
import { refuseWhenStopped } from '../../by-hand/watch-source.ts';
import type { Client } from '../../client/types.ts';
import { hourOfSeconds } from '../../hours.ts';
import type { SealedMessage } from '../../message/index.ts';
import type { VerifiedIdentity } from '../../signing/types.ts';
import type { RecordEdit } from '../../sync/types.ts';
import { messageRecordBody, type MessageRecord } from '../records/message-record.ts';
import { RecipientsRefusedError, type RefusedRecipient } from '../refused-recipients.ts';
import type { TransferReport } from '../transfers/transfer-report.ts';
import type { CarryOptions, Sent } from '../types.ts';
import { giveCountersBack } from './counters.ts';
import { isFinal } from './is-final.ts';
import { deliverLetter, type Outcomes } from './deliver-letter.ts';
import { removeHolds } from './give-up-holds.ts';
import { goesAlong } from './item-to-deliver.ts';
import { spentHolds, type Letter } from './letter.ts';
import { changeEntry, type OutboxEntry } from './outbox-entry.ts';
import { undoLetter } from './undo-letter.ts';
import { uploadLetter, type ReadAgain, type UploadedLetter } from './upload-letter.ts';

export interface LetterToCarry {
  readonly entry: OutboxEntry;
  readonly letter: Letter;
  readonly sealed: SealedMessage;
  readonly readAgain: ReadAgain;
  readonly known: ReadonlyMap<CanonicalAddress, VerifiedIdentity>;
  readonly resumed: boolean;
}

type Options = CarryOptions & { readonly report: TransferReport };

/**
 * Upload → deliver → file the own copy → give up what was only for the way.
 *
 * A letter without attachments carries all of itself, so that going on can always begin at the beginning; only where
 * there are attachments, whose files may be gone, or time to take it back, is each step written down.
 *
 * What fails for good before anybody can have the message is taken back.
 *
 * @returns null where an attachment is neither on the server nor can be read again: the letter stays as it is
 * @throws RecipientsRefusedError where nobody took it; what uploading and delivering throw
 */
export async function carryLetter(client: Client, job: LetterToCarry, options: Options): Promise<Sent | null> {
  const { letter } = job;
  const { step } = job.entry.record;
  const writesSteps = letter.attachments.length > 0 || step === 'held';
  const way: Way = {
    entry: job.entry,
    writesSteps,
    somebodyMayHaveIt: !(step === 'held' || (step === 'uploading' && (writesSteps || !job.resumed))),
  };
  if (step === 'clearing') {
    await clear(client, { ...job, entry: way.entry });
    return sentOf(client, { entry: way.entry, letter });
  }
  try {
    const uploaded = await uploadLetter(client, job, options);
    if (uploaded === null) return null;
    if (!way.somebodyMayHaveIt && options.hold !== undefined) {
      options.report.begin('holding', null);
      await options.hold(hex.encode(way.entry.id));
      refuseWhenStopped(options.signal);
    }
    const outcomes = await deliver(client, { ...job, way, items: uploaded.items }, options);
    await settle(client, { ...job, way, own: uploaded.own, outcomes }, options);
  } catch (error) {
    const nobodyHasIt = error instanceof RecipientsRefusedError || (!way.somebodyMayHaveIt && isFinal(error));
    // Where taking back fails too it lies in the outbox and is met there again.
    if (nobodyHasIt) await undoLetter(client, { entry: way.entry, letter }).catch(() => undefined);
    throw error;
  }
  return sentOf(client, { entry: way.entry, letter });
}

/** How far this process has come. */
interface Way {
  entry: OutboxEntry;
  somebodyMayHaveIt: boolean;
  readonly writesSteps: boolean;
}

async function deliver(
  client: Client,
  job: LetterToCarry & { readonly way: Way; readonly items: UploadedLetter['items'] },
  options: Options,
): Promise<Outcomes> {
  const { way, sealed } = job;
  if (way.writesSteps && way.entry.record.step !== 'delivering') {
    way.entry = await changeEntry(client, way.entry, { to: { step: 'delivering' } });
  }
  way.somebodyMayHaveIt = true;
  options.report.begin('delivering', null);
  const onOutcomes = async (some: Outcomes): Promise<void> => {
    way.entry = await changeEntry(client, way.entry, { to: { step: 'delivering', outcomes: listed(some) } });
  };
  const outcomes = await deliverLetter(client, { ...job, entry: way.entry, onOutcomes }, options);
  const message = { outbox: way.entry.id, hash: sealed.hash, sender: sealed.statement.from.identity };
  await giveCountersBack(client, message, addressesWith(outcomes, isRefusal));
  if (addressesWith(outcomes, isRefusal).length === outcomes.size)
    throw new RecipientsRefusedError(refusalsOf(outcomes));
  return outcomes;
}

interface Delivered extends LetterToCarry {
  readonly way: Way;
  readonly own: UploadedLetter['own'];
  readonly outcomes: Outcomes;
}

async function settle(client: Client, job: Delivered, options: Options): Promise<void> {
  const { way, outcomes: settled } = job;
  const outcomes = listed(settled);
  options.report.begin('filing', null);
  const someoneHasIt = outcomes.some(({ outcome }) => outcome === 'delivered');
  const edits = someoneHasIt ? [await ownCopyEdit(client, { ...job, entry: way.entry })] : [];
  if (outcomes.some(({ outcome }) => outcome === 'later')) {
    // Somebody's server asks for patience: everything stays where it is, and going on delivers to them alone.
    way.entry = await changeEntry(client, way.entry, { to: { step: 'delivering', outcomes }, edits });
  } else if (way.writesSteps) {
    way.entry = await changeEntry(client, way.entry, { to: { step: 'clearing', outcomes }, edits });
    await clear(client, { ...job, entry: way.entry });
  } else {
    await removeHolds(client, wayHolds({ ...job, entry: way.entry }));
    await changeEntry(client, way.entry, { to: 'removed', edits });
    way.entry = { ...way.entry, record: { ...way.entry.record, outcomes } };
  }
}

interface Kept {
  readonly entry: OutboxEntry;
  readonly letter: Letter;
}

async function clear(client: Client, job: LetterToCarry): Promise<void> {
  await removeHolds(client, wayHolds(job));
  await changeEntry(client, job.entry, { to: 'removed' });
}

/**
 * Everything that was only for the way. What the own record names is not among it, nor what went along with the
 * delivery; an earlier run may have been of a version that uploaded that too.
 */
function wayHolds({ entry: { record }, letter, sealed, resumed }: LetterToCarry): readonly Uint8Array[] {
  const along = resumed ? [] : [goesAlong(sealed.message) ? letter.holds.message : null];
  if (!resumed && sealed.keyList !== null && goesAlong(sealed.keyList)) along.push(letter.holds.keyList);
  const spent = spentHolds(letter).filter((hold) => !along.includes(hold));
  return [...spent, ...record.abandoned, ...(record.letter.in === 'hold' ? [record.letter.hold] : [])];
}

/** Record id of the own copy: the same from whichever process it comes. */
async function ownRecordId({ mailbox }: Client, { id }: OutboxEntry): Promise<Uint8Array> {
  return mailbox.nameRecord('message', id);
}

async function ownCopyEdit(
  client: Client,
  { entry, letter, sealed, own }: Kept & { readonly sealed: SealedMessage; readonly own: UploadedLetter['own'] },
): Promise<RecordEdit> {
  const { statement, summary, hash } = sealed;
  const record: MessageRecord = {
    way: 'sent',
    hour: hourOfSeconds(statement.dateSeconds),
    number: null,
    hash,
    inReplyTo: statement.inReplyTo,
    to: statement.to.map(({ address }) => address),
    bcc: letter.recipients.filter(({ role }) => role === 'bcc').map(({ address }) => address),
    summary,
    verdict: {
      signature: 'valid',
      sender: statement.from.identity,
      retiredKey: false,
      late: false,
      addressed: 'own_copy',
      inconsistent: false,
      logView: 'not_compared',
      known: null,
    },
    head: null,
    counter: null,
    delivery: null,
    ...own,
  };
  return { id: await ownRecordId(client, entry), change: () => messageRecordBody(record) };
}

async function sentOf(client: Client, { entry, letter }: Kept): Promise<Sent> {
  const outcomes = new Map(entry.record.outcomes.map(({ address, outcome }) => [address, outcome]));
  return {
    id: hex.encode(await ownRecordId(client, entry)),
    recipients: letter.recipients.map(({ address, firstUse }) => ({
      address,
      outcome: outcomes.get(address) ?? 'later',
      firstUse,
    })),
  };
}

function isRefusal(outcome: string): boolean {
  return outcome !== 'delivered' && outcome !== 'later';
}

function addressesWith(outcomes: Outcomes, wanted: (outcome: string) => boolean): readonly CanonicalAddress[] {
  return [...outcomes].filter(([, outcome]) => wanted(outcome)).map(([address]) => address);
}

function refusalsOf(outcomes: Outcomes): readonly RefusedRecipient[] {
  return listed(outcomes).flatMap(({ address, outcome }) => (outcome === 'delivered' ? [] : [{ address, outcome }]));
}

function listed(outcomes: Outcomes): OutboxEntry['record']['outcomes'] {
  return [...outcomes].map(([address, outcome]) => ({ address, outcome }));
}
