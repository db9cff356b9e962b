import { mark as markMessages, type Mark } from '@latchkey/sdk/mail';
import { usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { withAccount } from '../with-account.ts';
import { foundId } from './read.ts';

export async function mark(invocation: Invocation): Promise<void> {
  const { report, operands } = invocation;
  const wanted = markOf(invocation);
  await withAccount(async (client, signal) => {
    const ids: string[] = [];
    for (const operand of operands) ids.push(await foundId(client, operand, signal));
    const marked = await markMessages(client, ids, wanted);
    report.answer({
      facts: { command: 'mark', messages: marked },
      text: marked
        .map(({ id, before }) => `Undo: latchkey mark ${id.slice(0, 8)} ${undoOf(wanted, before)}\n`)
        .join(''),
    });
  });
}

function markOf(invocation: Invocation): Mark {
  const pick = <Value>(
    choices: readonly (readonly ['read' | 'unread' | 'star' | 'unstar' | 'archive' | 'trash' | 'inbox', Value])[],
  ): Value | undefined => {
    const given = choices.filter(([option]) => invocation.has(option));
    if (given.length > 1) {
      throw usageError(
        `These exclude each other: ${given.map(([option]) => `--${option}`).join(', ')}`,
        'Give one of them',
      );
    }
    return given[0]?.[1];
  };
  const read = pick([
    ['read', true],
    ['unread', false],
  ]);
  const starred = pick([
    ['star', true],
    ['unstar', false],
  ]);
  const folder = pick([
    ['archive', 'archive' as const],
    ['trash', 'trash' as const],
    ['inbox', 'inbox' as const],
  ]);
  if (read === undefined && starred === undefined && folder === undefined) {
    throw usageError('Say what to mark it as', "See 'latchkey mark --help'");
  }
  return {
    ...(read === undefined ? {} : { read }),
    ...(starred === undefined ? {} : { starred }),
    ...(folder === undefined ? {} : { folder }),
  };
}

function undoOf(wanted: Mark, before: Required<Mark>): string {
  return [
    ...(wanted.read === undefined ? [] : [before.read ? '--read' : '--unread']),
    ...(wanted.starred === undefined ? [] : [before.starred ? '--star' : '--unstar']),
    ...(wanted.folder === undefined ? [] : [`--${before.folder}`]),
  ].join(' ');
}
