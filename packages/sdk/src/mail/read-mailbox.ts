import { hex } from '@scure/base';
import type { Client } from '../client/types.ts';
import type { CanonicalAddress } from '@latchkey/protocol';
import { foundRecord, type FoundRecord } from './find-record.ts';
import { parseCorrespondentRecord, type Decision } from './records/correspondent-record.ts';
import { parseDeletedRecord, type DeletedRecord } from './records/deleted-record.ts';
import { parseStateRecord, type StateRecord } from './records/state-record.ts';

/** All that lists are made of. */
export interface MailboxContent {
  /** Every message, repeats too, and every arrival that could not be read, in the order of their ids. */
  readonly found: readonly FoundRecord[];
  /** State records by the hex id of the message. */
  readonly states: ReadonlyMap<string, StateRecord>;
  readonly deleted: readonly DeletedRecord[];
  /** What the owner said about mail of others. */
  readonly decisions: ReadonlyMap<CanonicalAddress, Decision>;
}

/** From what this device has caught up with, in one pass: opening a record is what costs. */
export async function readMailbox({ mailbox }: Pick<Client, 'mailbox'>): Promise<MailboxContent> {
  const found: FoundRecord[] = [];
  const states = new Map<string, StateRecord>();
  const deleted: DeletedRecord[] = [];
  const decisions = new Map<CanonicalAddress, Decision>();
  for await (const { id, body } of mailbox.entries()) {
    if (body === null) continue;
    const message = foundRecord(id, body);
    if (message !== null) found.push(message);
    const state = message === null ? parseStateRecord(body) : null;
    if (state !== null) states.set(hex.encode(state.message), state);
    const gone = body.kind === 'deleted' ? parseDeletedRecord(body) : null;
    if (gone !== null) deleted.push(gone);
    const decided = body.kind === 'correspondent' ? parseCorrespondentRecord(body) : null;
    if (decided !== null) decisions.set(decided.address, decided.decision);
  }
  return { found, states, deleted, decisions };
}
