import { hex } from '@scure/base';
import type { Client } from '../client/types.ts';
import { SdkError } from '../errors.ts';
import type { RecordEdit } from '../sync/types.ts';
import { findRecord, type FoundRecord } from './find-record.ts';
import { removeHolds } from './outbox/give-up-holds.ts';
import { readMailbox, type MailboxContent } from './read-mailbox.ts';
import { deletedRecordBody } from './records/deleted-record.ts';
import type { MessageRecord } from './records/message-record.ts';
import { countOf } from './rows.ts';
import { writePatiently } from './write-patiently.ts';

export interface Emptied {
  /** Record ids, 32 hex digits. */
  readonly deleted: readonly string[];
  /** What they took at the server. */
  readonly freedBytes: number;
  /** Filed by a newer version of Latchkey, which alone knows what belongs to them. */
  readonly left: number;
}

/**
 * Deletes for good what lies in the trash: the claims on its items at the server, then its records. Cut anywhere, the
 * next call goes on. Nothing that lies elsewhere is ever deleted.
 *
 * @param ids or beginnings of them; absent: all that lies in the trash
 * @throws SdkError `message_not_in_trash`, `message_not_found`, `message_ambiguous`; what writing throws
 */
export async function emptyTrash(client: Client, ids?: readonly string[]): Promise<Emptied> {
  await client.mailbox.catchUp();
  const content = await readMailbox(client);
  const inTrash = trashOf(content);
  const wanted = ids === undefined ? inTrash : await chosen(client, inTrash, ids);
  // No list shows repeats beside their message, so that they go with it.
  const hashes = new Set([...wanted.values()].map(hashOf).filter((hash) => hash !== null));
  const withRepeats = content.found.filter((each) => wanted.has(hex.encode(each.id)) || hashes.has(hashOf(each) ?? ''));
  const gone = withRepeats.filter(({ content: { kind } }) => kind !== 'newer');
  const items = gone.flatMap(itemsOf);
  await removeHolds(
    client,
    items.map(({ hold }) => hold),
  );
  const edits = await Promise.all(gone.map(async (each) => editsFor(client, each)));
  await writePatiently(client.host, client.mailbox, edits.flat());
  return {
    deleted: gone.map(({ id }) => hex.encode(id)),
    freedBytes: items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    left: withRepeats.length - gone.length,
  };
}

/** By their hex ids. */
type Trash = ReadonlyMap<string, FoundRecord>;

function trashOf({ found, states, deleted }: MailboxContent): Trash {
  const hashes = new Set(deleted.map(({ hash }) => hex.encode(hash)));
  const lies = (each: FoundRecord): boolean => {
    const state = states.get(hex.encode(each.id));
    return state === undefined ? hashes.has(hashOf(each) ?? '') : state.folder === 'trash';
  };
  return new Map(found.filter(lies).map((each) => [hex.encode(each.id), each]));
}

async function chosen(client: Client, inTrash: Trash, ids: readonly string[]): Promise<Trash> {
  const wanted = new Map<string, FoundRecord>();
  for (const prefix of ids) {
    const found = await findRecord(client, prefix);
    const name = hex.encode(found.id);
    if (!inTrash.has(name)) throw new SdkError('message_not_in_trash', 'only what lies in the trash is deleted');
    wanted.set(name, found);
  }
  return wanted;
}

function hashOf(found: FoundRecord): string | null {
  const message = received(found);
  return message === null ? null : hex.encode(message.hash);
}

/** Null for own copies and for what did not open. */
function received({ content }: FoundRecord): MessageRecord | null {
  return content.kind === 'message' && content.message.way === 'received' ? content.message : null;
}

function itemsOf({ content }: FoundRecord): readonly { readonly hold: Uint8Array; readonly sizeBytes: number }[] {
  if (content.kind === 'unreadable') return content.unreadable.items;
  if (content.kind === 'newer') return [];
  const { message, keyList, attachments } = content.message;
  return [message, ...(keyList === null ? [] : [keyList]), ...attachments];
}

async function editsFor({ mailbox }: Client, found: FoundRecord): Promise<readonly RecordEdit[]> {
  const gone = (id: Uint8Array): RecordEdit => ({ id, change: (current) => (current === null ? 'keep' : null) });
  const edits = [gone(found.id), gone(await mailbox.nameRecord('state', found.id))];
  const message = received(found);
  if (message === null) return edits;
  const { sender, counter } = countOf(message) ?? { sender: null, counter: null };
  const remains = deletedRecordBody({ hash: message.hash, sender, counter });
  const id = await mailbox.nameRecord('deleted', message.hash);
  return [{ id, change: (current) => (current === null ? remains : 'keep') }, ...edits];
}
