import { hex } from '@scure/base';
import type { Client } from '../client/types.ts';
import { SdkError } from '../errors.ts';
import { parseMessageRecord, type MessageRecord } from './records/message-record.ts';
import { parseUnreadableRecord, type UnreadableRecord } from './records/unreadable-record.ts';

/** A message in the mailbox, readable or not. */
export interface FoundRecord {
  readonly id: Uint8Array;
  /** Null where a newer version of Latchkey wrote it. */
  readonly content:
    | { readonly kind: 'message'; readonly message: MessageRecord }
    | { readonly kind: 'unreadable'; readonly unreadable: UnreadableRecord }
    | { readonly kind: 'newer' };
}

/** Every message and every arrival that could not be read, in the order of their ids. */
export async function* messageRecords({ mailbox }: Pick<Client, 'mailbox'>): AsyncGenerator<FoundRecord> {
  for await (const { id, body } of mailbox.entries()) {
    const found = body === null ? null : foundRecord(id, body);
    if (found !== null) yield found;
  }
}

/** Null for records of other kinds. */
export function foundRecord(id: Uint8Array, body: { readonly kind: string; readonly v: number }): FoundRecord | null {
  if (body.kind !== 'message' && body.kind !== 'unreadable') return null;
  const message = parseMessageRecord(body);
  if (message !== null) return { id, content: { kind: 'message', message } };
  const unreadable = parseUnreadableRecord(body);
  return { id, content: unreadable === null ? { kind: 'newer' } : { kind: 'unreadable', unreadable } };
}

/**
 * By its id, or any beginning of it that no other has.
 *
 * @throws SdkError `message_not_found`, `message_ambiguous`
 */
export async function findRecord(client: Pick<Client, 'mailbox'>, prefix: string): Promise<FoundRecord> {
  const wanted = prefix.toLowerCase();
  if (!/^[0-9a-f]{1,32}$/.test(wanted)) throw notFound();
  if (wanted.length === 32) {
    const id = hex.decode(wanted);
    const body = (await client.mailbox.read(id))?.body ?? null;
    const found = body === null ? null : foundRecord(id, body);
    if (found === null) throw notFound();
    return found;
  }
  let only: FoundRecord | null = null;
  for await (const found of messageRecords(client)) {
    if (!hex.encode(found.id).startsWith(wanted)) continue;
    if (only !== null) throw new SdkError('message_ambiguous', 'more than one message begins with this id');
    only = found;
  }
  if (only === null) throw notFound();
  return only;
}

/** @throws SdkError `message_not_found`, `message_ambiguous`, `record_newer`, and `item_altered` for what never opened */
export async function findReadable(
  client: Pick<Client, 'mailbox'>,
  prefix: string,
): Promise<{ readonly id: Uint8Array; readonly message: MessageRecord }> {
  const { id, content } = await findRecord(client, prefix);
  if (content.kind === 'message') return { id, message: content.message };
  if (content.kind === 'newer') throw new SdkError('record_newer', 'a newer version of Latchkey filed this message');
  throw new SdkError('item_altered', 'this arrival could not be opened');
}

function notFound(): SdkError {
  return new SdkError('message_not_found', 'no message begins with this id');
}
