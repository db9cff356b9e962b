/** Rows of the open account. In the worker from the start. */
import { mark, placeOf, receive, type ListedFolder, type MessageRow } from '@latchkey/sdk/mail';
import type { ListQuery, RequestName } from './contract.ts';
import type { Handlers } from './desk.ts';

type Names = Extract<RequestName, 'list' | 'counts' | 'conversation' | 'find' | 'refresh' | 'mark' | 'unmark'>;

export const listHandlers: Handlers<Names> = {
  async list({ account }, query) {
    const rows = await account.rows();
    return rows.filter((row) => isAsked(row, query));
  },

  async counts({ account }) {
    const rows = await account.rows();
    const lying = (place: ListedFolder): readonly MessageRow[] => rows.filter((row) => placeOf(row) === place);
    let outbox = 0;
    for await (const _entry of account.client.mailbox.entries('outbox')) outbox++;
    return {
      inboxUnread: lying('inbox').filter(({ unread }) => unread).length,
      requestsUnread: lying('requests').filter(({ unread }) => unread).length,
      declined: lying('declined').length,
      starred: rows.filter(({ starred, folder }) => starred && folder !== 'trash').length,
      outbox,
    };
  },

  async conversation({ account }, { id }) {
    const rows = await account.rows();
    const conversation = rows.find((row) => row.id === id)?.conversation;
    return rows
      .filter((row) => row.conversation === conversation && (row.folder !== 'trash' || row.id === id))
      .toReversed();
  },

  async find({ account }, { words }) {
    const wanted = words
      .toLowerCase()
      .split(/\s+/u)
      .filter((word) => word !== '');
    if (wanted.length === 0) return [];
    return (await account.rows()).filter(({ summary, to }) => {
      const text = [summary.from, summary.subject, summary.words, ...to].join('\n').toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
  },

  async refresh({ account }, _ask, { signal }) {
    account.reconnect();
    const { arrived } = await receive(account.client, { signal });
    account.changed(arrived.toReversed());
    return null;
  },

  async mark({ account }, { ids, mark: wanted }) {
    const marked = await mark(account.client, ids, wanted);
    account.changed();
    return marked;
  },

  async unmark({ account }, { marked }) {
    for (const { id, before } of marked) {
      // Own copies lie among the sent ones when they lie nowhere else.
      await mark(account.client, [id], before);
    }
    account.changed();
    return null;
  },
};

function isAsked(row: MessageRow, { folder, unreadOnly = false, starredOnly = false }: ListQuery): boolean {
  return (folder === 'all' || placeOf(row) === folder) && (!unreadOnly || row.unread) && (!starredOnly || row.starred);
}
