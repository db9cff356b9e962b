/** What each key of the map does. */
import { account } from '../../app/account.svelte.ts';
import { mailbox } from '../../app/mailbox.svelte.ts';
import { toasts } from '../../app/toasts.svelte.ts';
import { goTo, here } from '../../router/router.svelte.ts';
import type { View } from '../../router/routes.ts';
import { composers } from '../compose/composers.svelte.ts';
import { answer } from '../compose/answer.ts';
import { outgoing } from '../compose/outgoing.svelte.ts';
import { reading } from '../reading/reading.svelte.ts';
import { archive, flipRead, flipStar, trash } from './actions.ts';
import type { KeyAction } from './key-table.ts';

/** What only the shell can do. */
export interface ShellDoors {
  showHelp(): void;
  showCursor(): void;
}

export function runKey(action: KeyAction, shell: ShellDoors): void {
  const route = here();
  const open = (view: View): void => goTo({ at: 'mail', view, open: null });
  const runs: Record<KeyAction, () => void> = {
    down: () => move(1, shell),
    up: () => move(-1, shell),
    open: () => {
      if (route.at === 'mail' && mailbox.cursor !== null) goTo({ ...route, open: mailbox.cursor });
    },
    back: () => {
      if (route.at !== 'mail' || route.open === null) return;
      goTo({ ...route, open: null });
      shell.showCursor();
    },
    compose: () => composers.begin(),
    reply: () => answerOpen('reply'),
    replyAll: () => answerOpen('replyAll'),
    forward: () => answerOpen('forward'),
    archive,
    trash,
    star: flipStar,
    select: () => {
      if (mailbox.cursor !== null) mailbox.toggle(mailbox.cursor);
    },
    unread: flipRead,
    undo: () => {
      const held = outgoing.all.find(({ state }) => state === 'held');
      if (held === undefined) toasts.undo();
      else void outgoing.takeBack(held.id);
    },
    search: () => document.querySelector<HTMLElement>('#list-filter')?.focus(),
    help: () => shell.showHelp(),
    lock: () => void account.lock(),
    who: () => reading.flipTrust(),
    goInbox: () => open('inbox'),
    goRequests: () => open('requests'),
    goSent: () => open('sent'),
    goArchive: () => open('archive'),
    goStarred: () => open('starred'),
    goContacts: () => goTo({ at: 'contacts' }),
    goSettings: () => goTo({ at: 'settings', section: null }),
  };
  runs[action]();
}

function move(by: number, shell: ShellDoors): void {
  const route = here();
  if (route.at !== 'mail') return;
  const cursor = mailbox.move(by);
  // While a message is open, the next one is read; else the list alone moves.
  if (route.open !== null && cursor !== null) goTo({ ...route, open: cursor }, { replace: true });
  shell.showCursor();
}

function answerOpen(way: 'reply' | 'replyAll' | 'forward'): void {
  const message = reading.message;
  if (message !== null) answer(message, way);
}
