import { waitForMail } from '@latchkey/sdk/mail';
import { CliError, usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { quoted } from '../quoted.ts';
import { withAccount } from '../with-account.ts';
import { rowFacts } from './row-facts.ts';

export async function wait(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  const timeoutMs = timeoutOf(invocation);
  await withAccount(async (client, signal) => {
    const row = await waitForMail(client, { signal, ...(timeoutMs === null ? {} : { timeoutMs }) });
    if (row === null) {
      throw new CliError('nothing_came', 'timeout', {
        message: 'Nothing came in time',
        advice: 'Wait longer, or see what is there with latchkey inbox',
      });
    }
    report.answer({ facts: { command: 'wait', ...rowFacts(row) }, text: `${row.id}\n` });
  });
}

function timeoutOf(invocation: Invocation): number | null {
  const given = invocation.value('timeout');
  if (given === undefined) return null;
  const seconds = /^\d{1,7}(\.\d{1,3})?$/.test(given) ? Number(given) : Number.NaN;
  if (!(seconds > 0)) throw usageError(`${quoted(given)} is no number of seconds`, 'Give one, such as 60');
  return seconds * 1000;
}
