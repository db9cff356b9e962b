/** The list that is shown, where the cursor stands in it, what is selected, and what is done with it. */
import { text } from '../messages/text.ts';
import type { View } from '../router/routes.ts';
import type { Counts, ListQuery, Mark, Marked, MessageRow, News, SenderDecision } from '../worker/contract.ts';
import { byConversation, wholeConversations, type ConversationRow } from './conversations.ts';
import { explain, type Explained } from './failure.ts';
import { ask, workerLine } from './line.ts';
import { toasts } from './toasts.svelte.ts';

export const QUERIES: Readonly<Record<View, ListQuery>> = {
  inbox: { folder: 'inbox' },
  requests: { folder: 'requests' },
  declined: { folder: 'declined' },
  starred: { folder: 'all', starredOnly: true },
  sent: { folder: 'sent' },
  archive: { folder: 'archive' },
  trash: { folder: 'trash' },
};

const NO_COUNTS: Counts = { inboxUnread: 0, requestsUnread: 0, declined: 0, starred: 0, outbox: 0 };

class Mailbox {
  view: View = $state('inbox');
  rows: readonly MessageRow[] = $state.raw([]);
  state: 'loading' | 'ready' | 'failed' = $state('loading');
  failure: Explained | null = $state.raw(null);
  counts: Counts = $state.raw(NO_COUNTS);
  /** Id of the row that the keyboard is at. */
  cursor: string | null = $state(null);
  selected: ReadonlySet<string> = $state.raw(new Set());
  /** Words that rows must have. */
  filter: string = $state('');
  /** Read out by a live region. */
  arrived: string = $state('');

  /** Answers that come late, for a view that is not shown any more, are dropped. */
  #asked = 0;
  #unlisten: (() => void) | null = null;

  begin(): void {
    this.#unlisten ??= workerLine().listen((news) => this.#hear(news));
  }

  /** At the lock: nothing readable stays in the page. */
  forget(): void {
    this.#unlisten?.();
    this.#unlisten = null;
    this.#asked += 1;
    this.rows = [];
    this.counts = NO_COUNTS;
    this.cursor = null;
    this.selected = new Set();
    this.filter = '';
    this.arrived = '';
    this.state = 'loading';
    toasts.forget();
  }

  show(view: View): void {
    if (view !== this.view || this.state === 'failed') {
      this.view = view;
      this.rows = [];
      this.cursor = null;
      this.selected = new Set();
      this.filter = '';
      this.state = 'loading';
    }
    void this.load();
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const [rows, counts] = await Promise.all([ask('list', QUERIES[this.view]), ask('counts', {})]);
      if (asked !== this.#asked) return;
      this.#take(rows);
      this.counts = counts;
      this.state = 'ready';
    } catch (error) {
      if (asked !== this.#asked) return;
      this.failure = explain(error);
      this.state = 'failed';
    }
  }

  /** One line for each conversation. */
  get shown(): readonly ConversationRow[] {
    return byConversation(this.#filtered);
  }

  get #filtered(): readonly MessageRow[] {
    const words = this.filter
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    if (words.length === 0) return this.rows;
    return this.rows.filter((row) => {
      const all = `${row.summary.from} ${row.to.join(' ')} ${row.summary.subject} ${row.summary.words}`.toLowerCase();
      return words.every((word) => all.includes(word));
    });
  }

  /** What an action is about: the selection, else the row of the cursor. */
  get aimed(): readonly MessageRow[] {
    const isAimed = ({ id }: MessageRow): boolean =>
      this.selected.size > 0 ? this.selected.has(id) : id === this.cursor;
    return wholeConversations(this.rows.filter(isAimed), this.rows);
  }

  row(id: string): MessageRow | null {
    return this.rows.find((row) => row.id === id) ?? null;
  }

  move(by: number): string | null {
    const rows = this.shown;
    const at = rows.findIndex(({ id }) => id === this.cursor);
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    this.cursor = next?.id ?? null;
    return this.cursor;
  }

  toggle(id: string): void {
    const selected = new Set(this.selected);
    if (!selected.delete(id)) selected.add(id);
    this.selected = selected;
  }

  /** From the cursor to this one, as Shift does everywhere. */
  selectTo(id: string): void {
    const ids = this.shown.map((row) => row.id);
    const from = Math.max(0, ids.indexOf(this.cursor ?? id));
    const to = ids.indexOf(id);
    this.selected = new Set([...this.selected, ...ids.slice(Math.min(from, to), Math.max(from, to) + 1)]);
  }

  selectAll(): void {
    this.selected = new Set(this.shown.map(({ id }) => id));
  }

  selectNone(): void {
    this.selected = new Set();
  }

  /** Shown at once, and put back where the server refuses. `said`: what the toast says; with undo. */
  async mark(rows: readonly MessageRow[], mark: Mark, said: string | null = null): Promise<void> {
    if (rows.length === 0) return;
    const before = this.rows;
    const ids = new Set(rows.map(({ id }) => id));
    this.#asked += 1;
    this.#take(before.flatMap((row) => (ids.has(row.id) ? this.#marked(row, mark) : [row])));
    this.selected = new Set();
    try {
      const marked = await ask('mark', { ids: [...ids], mark });
      if (said !== null) toasts.show({ words: said, undo: () => void this.#undo(marked) });
    } catch (error) {
      this.#take(before);
      toasts.show({ words: explain(error).words, tone: 'danger' });
    }
    await this.load();
  }

  /** Whether mail of these people comes into the inbox from now on; what lies here of them too. */
  async decide(decisions: readonly SenderDecision[], said: string): Promise<void> {
    this.selected = new Set();
    try {
      const before = await ask('decide', { decisions });
      toasts.show({ words: said, undo: () => void this.decide(before, text.mail.undone) });
    } catch (error) {
      toasts.show({ words: explain(error).words, tone: 'danger' });
    }
    await this.load();
  }

  async #undo(marked: readonly Marked[]): Promise<void> {
    try {
      await ask('unmark', { marked });
      toasts.show({ words: text.mail.undone });
    } catch (error) {
      toasts.show({ words: explain(error).words, tone: 'danger' });
    }
    await this.load();
  }

  /** None where the row leaves this view. */
  #marked(row: MessageRow, mark: Mark): readonly MessageRow[] {
    if (mark.folder !== undefined && mark.folder !== row.folder && this.view !== 'starred') return [];
    if (mark.starred === false && this.view === 'starred') return [];
    return [
      {
        ...row,
        unread: mark.read === undefined ? row.unread : !mark.read,
        starred: mark.starred ?? row.starred,
        folder: mark.folder ?? row.folder,
      },
    ];
  }

  /** The cursor stays on its row, or goes to the one that took its place. */
  #take(rows: readonly MessageRow[]): void {
    const at = this.rows.findIndex(({ id }) => id === this.cursor);
    this.rows = rows;
    if (!rows.some(({ id }) => id === this.cursor)) {
      this.cursor = at < 0 ? null : (rows[Math.min(at, rows.length - 1)]?.id ?? null);
    }
    if (this.selected.size > 0) this.selected = new Set(rows.map(({ id }) => id).filter((id) => this.selected.has(id)));
  }

  #hear(news: News): void {
    if (news.news !== 'mail') return;
    const newest = news.rows.at(-1);
    if (newest !== undefined) this.arrived = text.mail.arrived(newest.summary.from);
    void this.load();
  }
}

export const mailbox: Mailbox = new Mailbox();
