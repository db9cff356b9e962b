import { findMessage, mark, read as readMessage, receive, type ReadMessage } from '@latchkey/sdk/mail';
import type { Client } from '@latchkey/sdk/client';
import type { Invocation } from '../invocation.ts';
import { formatBytes } from '../terminal/progress-bar.ts';
import { formatInstant } from '../terminal/format-time.ts';
import { printable } from '../terminal/printable.ts';
import { watchTransfer } from '../terminal/watch-transfer.ts';
import { withAccount } from '../with-account.ts';
import { rowFacts } from './row-facts.ts';
import { knownWords, verdictWords } from './verdict-words.ts';

/** Find → fetch and check → mark as read → show. */
export async function read(invocation: Invocation): Promise<void> {
  const { report, operand: wanted = '' } = invocation;
  await withAccount(async (client, signal) => {
    const id = await foundId(client, wanted, signal);
    const bar = watchTransfer(report, { outputOnTerminal: false });
    let message: ReadMessage;
    try {
      message = await readMessage(client, id, { signal, onProgress: bar.show });
    } finally {
      bar.end();
    }
    if (invocation.has('eml')) {
      report.say(Buffer.from(message.mime).toString('latin1'), 'latin1');
      report.answer({ facts: { command: 'read', id, verified: message.row.verified }, outputCarriesData: true });
      return;
    }
    if (message.row.unread) await mark(client, [id], { read: true });
    report.answer({
      facts: {
        ...rowFacts(message.row),
        subject: message.subject,
        cc: message.cc,
        text: message.text,
        html: message.html,
        attachments: message.attachments,
      },
      text: formatMessage(message),
    });
  });
}

/** From what this machine has; where that is not enough, from what arrived meanwhile. */
export async function foundId(client: Client, wanted: string, signal: AbortSignal): Promise<string> {
  try {
    return (await findMessage(client, wanted)).id;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'message_not_found') throw error;
    await receive(client, { signal });
    return (await findMessage(client, wanted)).id;
  }
}

export function formatMessage(message: ReadMessage): string {
  const { row, attachments } = message;
  const known = knownWords(row);
  const head = [
    `From     ${message.from}${row.verified ? ' (signed)' : ''}`,
    `To       ${message.to.join(', ')}`,
    ...(message.cc.length === 0 ? [] : [`Cc       ${message.cc.join(', ')}`]),
    `Date     ${formatInstant(message.dateSeconds)}`,
    `Subject  ${printable(message.subject)}`,
    ...(known === null ? [] : [`Keys     ${known}`]),
    ...verdictWords(row).map((words) => `!        ${words}`),
  ];
  const files = attachments.map(
    ({ name, type, sizeBytes }, index) =>
      `  ${index + 1}  ${printable(name)}  ${formatBytes(sizeBytes)}  ${printable(type)}`,
  );
  const saving = files.length === 0 ? [] : ['', `Attached; latchkey save ${row.id.slice(0, 8)}`, ...files];
  const body = message.text.split(/\r?\n/).map(printableLine).join('\n');
  return `${[...head, ...saving, '', body].join('\n')}\n`;
}

/** Tabs stay; everything else that steers a terminal does not. */
function printableLine(line: string): string {
  return line.split('\t').map(printable).join('\t');
}
