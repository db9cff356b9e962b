import { hex } from '@scure/base';
import type { Client } from '../client/types.ts';
import { SdkError } from '../errors.ts';
import { loadLetter } from './outbox/kept-letter.ts';
import { outboxEntries, takeOver } from './outbox/outbox-entry.ts';
import { undoLetter } from './outbox/undo-letter.ts';
import type { OutboxStep } from './outbox/outbox-record.ts';
import type { TransferOptions } from './types.ts';
import type { CanonicalAddress } from '@latchkey/protocol';

/** A message on its way, as its outbox record tells. */
export interface OutboxMessage {
  /** Id of the outbox record, 32 hex digits. */
  readonly id: string;
  readonly subject: string;
  readonly to: readonly CanonicalAddress[];
  readonly step: OutboxStep;
}

/** From what this device has caught up with, in no order that means anything. */
export async function listOutbox(client: Client): Promise<readonly OutboxMessage[]> {
  return (await outboxEntries(client)).map(({ id, record: { subject, recipients, step } }) => ({
    id: hex.encode(id),
    subject,
    to: recipients,
    step,
  }));
}

/**
 * Takes a message on its way back, for good: whoever carries it stops with `outbox_taken` at its next step.
 *
 * @returns `too_late` where somebody may have it, or it is not on its way any more; it is left as it is then
 * @throws SdkError `item_altered`, `item_withheld`; what the wire throws
 */
export async function takeBack(
  client: Client,
  outbox: string,
  options: Pick<TransferOptions, 'signal'> = {},
): Promise<'taken_back' | 'too_late'> {
  await client.mailbox.catchUp();
  const found = (await outboxEntries(client)).find(({ id }) => hex.encode(id) === outbox);
  if (found === undefined) return 'too_late';
  const { step } = found.record;
  if (step === 'writing') {
    await undoLetter(client, { entry: await takeOver(client, found), letter: null });
    return 'taken_back';
  }
  if (step !== 'uploading' && step !== 'held') return 'too_late';
  const letter = await loadLetter(client, found.record, options);
  // Without attachments, and without time to take it back, nothing is written down once it is on its way.
  if (step === 'uploading' && letter.attachments.length === 0) return 'too_late';
  try {
    // Whoever carries it may have come further meanwhile: the record is what counts.
    await undoLetter(client, { entry: await takeOver(client, found), letter });
  } catch (error) {
    if (error instanceof SdkError && error.code === 'outbox_taken') return 'too_late';
    throw error;
  }
  return 'taken_back';
}
