/** Rows of the open account. In the worker from the start. */
import { mark, receive, type MessageRow } from '@latchkey/sdk/mail';
import type { ListQuery, RequestName } from './contract.ts';
import type { Handlers } from './desk.ts';

type Names = Extract<RequestName, 'list' | 'counts' | 'find' | 'refresh' | 'mark' | 'unmark'>;

export const listHandlers: Handlers<Names> = {
  async list({ account }, query) {
    const rows = await account.rows();
    const known = writtenTo(rows);
    return rows.filter((row) => isAsked(row, query, known));
  },

  async counts({ account }) {
    const rows = await account.rows();
    const known = writtenTo(rows);
    const unread = rows.filter(({ folder, unread: isUnread }) => folder === 'inbox' && isUnread);
    let outbox = 0;
    for await (const _entry of account.client.mailbox.entries('outbox')) outbox++;
    return {
      inboxUnread: unread.filter((row) => isFromKnown(row, known)).length,
      requestsUnread: unread.filter((row) => !isFromKnown(row, known)).length,
      starred: rows.filter(({ starred, folder }) => starred && folder !== 'trash').length,
      outbox,
    };
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

/** Whom the owner has written to: their mail comes to the inbox, others' to Requests. */
function writtenTo(rows: readonly MessageRow[]): ReadonlySet<string> {
  return new Set(rows.flatMap(({ verdict, to }) => (verdict.addressed === 'own_copy' ? to : [])));
}

function isFromKnown({ summary, verdict }: MessageRow, known: ReadonlySet<string>): boolean {
  return verdict.addressed === 'own_copy' || (verdict.signature === 'valid' && known.has(summary.from));
}

function isAsked(row: MessageRow, query: ListQuery, known: ReadonlySet<string>): boolean {
  const { folder, unreadOnly = false, starredOnly = false, from } = query;
  if (folder !== 'all' && row.folder !== folder) return false;
  if (unreadOnly && !row.unread) return false;
  if (starredOnly && !row.starred) return false;
  return from === undefined || isFromKnown(row, known) === (from === 'contacts');
}
