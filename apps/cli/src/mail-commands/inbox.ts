import { list, receive, type ListedFolder, type MessageRow } from '@latchkey/sdk/mail';
import { usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { graphemes } from '../graphemes.ts';
import { quoted } from '../quoted.ts';
import { formatForList } from '../terminal/format-time.ts';
import { printable } from '../terminal/printable.ts';
import { watchTransfer } from '../terminal/watch-transfer.ts';
import { withAccount } from '../with-account.ts';
import { finishOutbox } from './finish-outbox.ts';
import { rowFacts } from './row-facts.ts';
import { verdictWords } from './verdict-words.ts';
import { jsonLine } from '../json-line.ts';

const folders: readonly ListedFolder[] = ['inbox', 'requests', 'declined', 'sent', 'archive', 'trash', 'all'];

/** Fetch → file → list, newest first. */
export async function inbox(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  const folder = folderOf(invocation);
  await withAccount(async (client, signal) => {
    const bar = watchTransfer(report, { outputOnTerminal: false });
    try {
      await finishOutbox(client, { report, signal });
      const { left, forgedHeads } = await receive(client, { signal, onProgress: bar.show });
      if (forgedHeads > 0) {
        report.warn(
          'heads_forged',
          `The server shows ${forgedHeads} ${forgedHeads === 1 ? 'note' : 'notes'} on your mailbox or vault that no machine of yours made. They were left aside: ask the operator`,
        );
      }
      if (left > 0) {
        report.warn(
          'arrivals_withheld',
          `The server lists ${left} ${left === 1 ? 'arrival' : 'arrivals'} that it does not give; they stay there. Try again, or ask the operator`,
        );
      }
    } finally {
      bar.end();
    }
    const unread = invocation.has('unread');
    const rows = await list(client, { folder, unreadOnly: unread });
    // An array, and no object around it: it is what programs filter.
    if (report.json) report.say(jsonLine(rows.map(rowFacts)));
    else {
      const waiting = folder === 'inbox' ? (await list(client, { folder: 'requests', unreadOnly: unread })).length : 0;
      report.say(formatList(rows, { folder, nowMs: Date.now(), unreadOnly: unread }) + requestsLine(waiting));
    }
  });
}

function requestsLine(waiting: number): string {
  if (waiting === 0) return '';
  return `${waiting} ${waiting === 1 ? 'message waits' : 'messages wait'} from people you do not know yet: latchkey inbox --requests\n`;
}

function folderOf(invocation: Invocation): ListedFolder {
  const given = invocation.value('folder');
  if (invocation.has('requests') && given !== undefined) {
    throw usageError('--requests and --folder exclude each other', 'Give one of them');
  }
  const wanted = invocation.has('requests') ? 'requests' : (given ?? 'inbox');
  const folder = folders.find((name) => name === wanted);
  if (folder === undefined) throw usageError(`${quoted(wanted)} is no folder`, `Give one of ${folders.join(', ')}`);
  return folder;
}

interface ListOptions {
  readonly folder: ListedFolder;
  readonly nowMs: number;
  readonly unreadOnly: boolean;
}

export function formatList(rows: readonly MessageRow[], { folder, nowMs, unreadOnly }: ListOptions): string {
  if (rows.length === 0) {
    if (unreadOnly) return 'Nothing is unread.\n';
    if (folder === 'requests') return 'Nobody whom you do not know has written.\n';
    return folder === 'inbox'
      ? 'No mail yet. Whoever knows your address can write to you.\n'
      : `Nothing in ${folder}.\n`;
  }
  const columns = Math.max(40, process.stdout.columns || 100);
  const idChars = shortestDistinct(rows.map(({ id }) => id));
  return rows.map((row) => formatRow(row, { nowMs, columns, idChars })).join('');
}

function formatRow(row: MessageRow, at: { nowMs: number; columns: number; idChars: number }): string {
  const { summary } = row;
  if (row.problem !== null)
    return `${sign(row)} ${row.id.slice(0, at.idChars)}  cannot be shown: ${problems[row.problem]}\n`;
  const people = row.folder === 'sent' ? `to ${row.to.join(', ')}` : summary.from;
  const attached = summary.attachments === 0 ? '' : ` [${summary.attachments} attached]`;
  const subject = summary.subject === '' ? '(no subject)' : printable(summary.subject);
  const words = summary.words === '' ? '' : ` - ${printable(summary.words)}`;
  const date = formatForList(row.sortSeconds, at.nowMs).padEnd(12);
  const line = `${sign(row)} ${row.id.slice(0, at.idChars)}  ${date}  ${people}  ${subject}${attached}${words}`;
  return [cut(line, at.columns), ...verdictWords(row).map((text) => `      ! ${text}`), ''].join('\n');
}

const problems: Readonly<Record<NonNullable<MessageRow['problem']>, string>> = {
  not_for_me: 'sealed to somebody else',
  damaged: 'damaged or changed on its way',
  newer: 'made by a newer version of latchkey',
};

function sign({ unread, starred }: MessageRow): string {
  return `${unread ? '*' : ' '}${starred ? '+' : ' '}`;
}

function cut(line: string, columns: number): string {
  const signs = graphemes(line);
  return signs.length <= columns ? line : `${signs.slice(0, columns - 1).join('')}…`;
}

/** How many digits tell the rows apart; at least four. */
function shortestDistinct(ids: readonly string[]): number {
  for (let chars = 4; chars < 32; chars += 1) {
    if (new Set(ids.map((id) => id.slice(0, chars))).size === ids.length) return chars;
  }
  return 32;
}
