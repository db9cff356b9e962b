/** Rows of a list put together by conversation; pure. */
import type { MessageRow } from '../worker/contract.ts';

/** One line of a list: the newest message of a conversation that lies there, and what is true of any of them. */
export interface ConversationRow extends MessageRow {
  /** Of the messages in this list. */
  readonly count: number;
}

/** @param rows newest first */
export function byConversation(rows: readonly MessageRow[]): readonly ConversationRow[] {
  const lines = new Map<string, ConversationRow>();
  for (const row of rows) {
    const line = lines.get(row.conversation);
    lines.set(
      row.conversation,
      line === undefined
        ? { ...row, count: 1 }
        : {
            ...line,
            count: line.count + 1,
            unread: line.unread || row.unread,
            starred: line.starred || row.starred,
          },
    );
  }
  return [...lines.values()];
}

/** With all others of their conversations among `all`. */
export function wholeConversations(some: readonly MessageRow[], all: readonly MessageRow[]): readonly MessageRow[] {
  const wanted = new Set(some.map(({ conversation }) => conversation));
  return all.filter(({ conversation }) => wanted.has(conversation));
}
