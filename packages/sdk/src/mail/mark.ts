import { hex } from '@scure/base';
import type { Client } from '../client/types.ts';
import type { RecordEdit } from '../sync/types.ts';
import { findRecord } from './find-record.ts';
import { parseStateRecord, STATE_VERSION, stateRecordBody } from './records/state-record.ts';
import type { Mark } from './types.ts';
import { writePatiently } from './write-patiently.ts';

export interface Marked {
  /** Record id, 32 hex digits. */
  readonly id: string;
  /** What it was before: marking with it again undoes this. */
  readonly before: Required<Mark>;
}

const UNMARKED: Required<Mark> = { read: false, starred: false, folder: 'inbox' };

/**
 * Marks messages, all together. A mark changes what it names and nothing else, so that two devices that mark different
 * things about one message both get their way.
 *
 * @throws SdkError `message_not_found`, `message_ambiguous`; what writing throws
 */
export async function mark(client: Client, ids: readonly string[], wanted: Mark): Promise<readonly Marked[]> {
  const messages = new Map<string, Uint8Array>();
  for (const prefix of ids) {
    const { id } = await findRecord(client, prefix);
    messages.set(hex.encode(id), id);
  }
  const before = new Map<string, Required<Mark>>();
  const edits = [...messages].map(async ([name, message]): Promise<RecordEdit> => ({
    id: await client.mailbox.nameRecord('state', message),
    knows: STATE_VERSION,
    change(current) {
      const { read, starred, folder } = (current === null ? null : parseStateRecord(current)) ?? UNMARKED;
      before.set(name, { read, starred, folder });
      return stateRecordBody({ message, read, starred, folder, ...wanted });
    },
  }));
  await writePatiently(client.host, client.mailbox, await Promise.all(edits));
  return [...before].map(([id, was]) => ({ id, before: was }));
}
