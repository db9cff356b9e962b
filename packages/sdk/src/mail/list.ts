import { hex } from '@scure/base';
import type { Client } from '../client/types.ts';
import { findRecord } from './find-record.ts';
import { readMailbox } from './read-mailbox.ts';
import { rowOf, rowSources } from './rows.ts';
import type { Folder, MessageRow } from './types.ts';
import { withoutRepeats } from './without-repeats.ts';

export type ListedFolder = Folder | 'requests' | 'declined' | 'all';

export interface ListOptions {
  /** Default: the inbox. `requests` and `declined` are what lies there of strangers, and of those who were declined. */
  readonly folder?: ListedFolder;
  readonly unreadOnly?: boolean;
}

/** From what this device has caught up with, newest first. */
export async function list(
  client: Client,
  { folder = 'inbox', unreadOnly = false }: ListOptions = {},
): Promise<readonly MessageRow[]> {
  const rows = await allRows(client);
  return rows.filter((row) => (folder === 'all' || placeOf(row) === folder) && (!unreadOnly || row.unread));
}

/** Where it is shown. Strangers come to the inbox only when its owner says so. */
export function placeOf({ folder, sender }: MessageRow): ListedFolder {
  if (folder !== 'inbox') return folder;
  if (sender === 'declined') return 'declined';
  return sender === 'unknown' ? 'requests' : 'inbox';
}

/**
 * By its id or any beginning of it that no other has.
 *
 * @throws SdkError `message_not_found`, `message_ambiguous`
 */
export async function findMessage(client: Client, prefix: string): Promise<MessageRow> {
  const found = await findRecord(client, prefix);
  const [row] = await listRows(client, [found.id]);
  return row ?? rowOf(found, await rowSources(client, await readMailbox(client)));
}

/** The rows of these records, newest first. */
export async function listRows(client: Client, ids: readonly Uint8Array[]): Promise<readonly MessageRow[]> {
  if (ids.length === 0) return [];
  const wanted = new Set(ids.map((id) => hex.encode(id)));
  return (await allRows(client)).filter(({ id }) => wanted.has(id));
}

/** All of them, since what is missing before one shows only beside the others. */
async function allRows(client: Client): Promise<readonly MessageRow[]> {
  const mailbox = await readMailbox(client);
  const sources = await rowSources(client, mailbox);
  return withoutRepeats(mailbox.found)
    .map((each) => rowOf(each, sources))
    .toSorted((one, other) => other.sortSeconds - one.sortSeconds || (one.id < other.id ? -1 : 1));
}
