import type { Invocation } from '../invocation.ts';
import { quoted } from '../quoted.ts';
import { withAccount } from '../with-account.ts';
import { finishOutbox } from './finish-outbox.ts';

/** Goes on with what was cut short, and shows what still waits. */
export async function outbox({ report, operand }: Invocation): Promise<void> {
  await withAccount(async (client, signal) => {
    const results = await finishOutbox(client, { report, signal, undo: operand === 'undo' });
    const waiting = results.filter(({ outcome }) => outcome === 'waiting');
    report.answer({
      facts: {
        command: 'outbox',
        messages: results.map(({ id, subject, to, outcome, problem }) => ({
          id,
          subject,
          to,
          outcome,
          problem: problem?.code ?? null,
        })),
      },
      text:
        waiting.length === 0
          ? 'Nothing waits to be sent.\n'
          : waiting.map(({ subject, to }) => `waiting: ${quoted(subject)} to ${to.join(', ')}\n`).join(''),
    });
  });
}
