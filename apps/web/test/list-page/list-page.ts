/** The real screens over a line that answers at once, from a mailbox that is made up: what is measured is the page alone. */
import '../../src/boot/load-part.ts';
import { mountApp } from '../../src/app/mount-app.ts';
import type { MessageRow, WorkerLine } from '../../src/worker/contract.ts';

const ROWS = 100_000;
const TO_SECONDS = 1_700_000_000;

function rowOf(at: number): MessageRow {
  const id = at.toString(16).padStart(32, '0');
  const row: Partial<MessageRow> = {
    id,
    folder: 'inbox',
    conversation: id,
    sender: 'known',
    summary: {
      from: `person-${at % 500}@example.com`,
      subject: `Message ${at} about the garden and the river`,
      words: 'The roses are in bloom at last. Come and see them, and bring the drawings with you.',
      attachments: at % 7 === 0 ? 1 : 0,
    } as MessageRow['summary'],
    to: [],
    verdict: { signature: 'valid', addressed: 'to', known: null } as MessageRow['verdict'],
    verified: true,
    unread: at % 3 === 0,
    starred: at % 11 === 0,
    missingBefore: 0,
    sortSeconds: TO_SECONDS - at * 600,
    problem: null,
  };
  return row as MessageRow;
}

const account = { slot: '0', address: 'alice@example.com', origin: location.origin };
const answers: Readonly<Record<string, unknown>> = {
  start: { accounts: [{ ...account, state: 'open' }], last: '0', server: null, keeps: true },
  open: { ...account, unsavedKit: null },
  list: Array.from({ length: ROWS }, (_, at) => rowOf(at)),
  counts: { inboxUnread: 0, requestsUnread: 0, declined: 0, starred: 0, outbox: 0 },
};
const line: WorkerLine = {
  call: (name) => Promise.resolve((answers[name] ?? []) as never),
  listen: () => () => undefined,
};
const target = document.querySelector<HTMLElement>('#app');
if (target !== null) void mountApp(target, line);
