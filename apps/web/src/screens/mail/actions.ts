/** What keys, buttons and menus do to the rows that they are aimed at; each with its words and its way back. */
import { mailbox } from '../../app/mailbox.svelte.ts';
import { text } from '../../messages/text.ts';
import { goTo, here } from '../../router/router.svelte.ts';
import { formats } from '../../messages/formats.ts';
import type { Decision, Mark, MessageRow } from '../../worker/contract.ts';

/** Wide enough for list and message beside each other; the same as in mail-panes.svelte. */
export const WIDE = '(width >= 48rem)';

/** What is open, where nothing is selected; else what the list is aimed at. */
function aimed(): readonly MessageRow[] {
  const route = here();
  if (mailbox.selected.size > 0 || route.at !== 'mail' || route.open === null) return mailbox.aimed;
  const row = mailbox.row(route.open);
  return row === null ? [] : [row];
}

function act(mark: Mark, said: (count: number) => string): void {
  const rows = aimed();
  const route = here();
  const leaves = route.at === 'mail' && rows.some(({ id }) => id === route.open) && mark.folder !== undefined;
  void mailbox.mark(rows, mark, said(rows.length));
  if (!leaves || mailbox.view === 'starred') return;
  // The one that took its place, as when a letter is put aside; on a phone back to the list.
  const next = matchMedia(WIDE).matches ? mailbox.cursor : null;
  goTo({ at: 'mail', view: mailbox.view, open: next }, { replace: true });
}

export function archive(): void {
  act({ folder: 'archive' }, text.mail.archivedCount);
}

export function trash(): void {
  act({ folder: 'trash' }, text.mail.trashedCount);
}

export function restore(): void {
  act({ folder: 'inbox' }, text.mail.restoredCount);
}

/** Whose name is proved: by a name alone nobody is accepted, or declined (docs/spec/09-mail.md, "Requests"). */
export function canDecide({ verdict, sender }: MessageRow): boolean {
  const isTheirs = verdict.signature === 'valid' && verdict.addressed !== 'passed_on';
  return sender !== 'own' && isTheirs && verdict.addressed !== 'wrong_key';
}

export function decideOn(rows: readonly MessageRow[], decision: Decision): void {
  const addresses = [...new Set(rows.filter(canDecide).map(({ summary }) => summary.from))];
  if (addresses.length === 0) return;
  const said = decision === 'declined' ? text.mail.declinedSaid : text.mail.accepted;
  void mailbox.decide(
    addresses.map((address) => ({ address, decision })),
    said(formats.names(addresses)),
  );
}

export function accept(): void {
  decideOn(aimed(), 'accepted');
}

export function decline(): void {
  decideOn(aimed(), 'declined');
}

export function flipStar(): void {
  const rows = aimed();
  void mailbox.mark(rows, { starred: rows.some(({ starred }) => !starred) });
}

/** Read if any of them is not, else unread. */
export function flipRead(): void {
  const rows = aimed();
  const read = rows.some(({ unread }) => unread);
  const said = read ? text.mail.markedReadCount : text.mail.markedUnreadCount;
  void mailbox.mark(rows, { read }, said(rows.length));
  const route = here();
  if (!read && route.at === 'mail' && rows.some(({ id }) => id === route.open)) goTo({ ...route, open: null });
}
