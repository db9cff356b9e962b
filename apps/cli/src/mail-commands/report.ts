import { planReport, type PlannedReport, type ReportReason } from '@latchkey/sdk/mail';
import { usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { askYes } from '../terminal/ask-yes.ts';
import { formatInstant } from '../terminal/format-time.ts';
import { printable } from '../terminal/printable.ts';
import { withAccount } from '../with-account.ts';
import { foundId } from './read.ts';

const REASONS: readonly ReportReason[] = ['spam', 'threat', 'fraud', 'other'];

/** Shows what the operator will see, and asks; a script says --yes. */
export async function report(invocation: Invocation): Promise<void> {
  const { operand: wanted = '' } = invocation;
  const reason = REASONS.find((each) => each === (invocation.value('reason') ?? 'other'));
  if (reason === undefined) throw usageError('There is no such reason', `Give one of ${REASONS.join(', ')}`);
  const words = invocation.value('words') ?? null;
  if (words !== null && words.length > 1_000)
    throw usageError('So many words do not fit', 'Give at most 1,000 characters');
  await withAccount(async (client, signal) => {
    const id = await foundId(client, wanted, signal);
    const planned = await planReport(client, id, { signal });
    if (!invocation.has('yes')) {
      const yes = await askYes(`${shownWords(planned, words)}\nDisclose this for good?`);
      if (yes === null) throw usageError('Nobody is there to be asked', 'Say --yes');
      if (!yes) return;
    }
    await planned.send({ reason, words, signal });
    invocation.report.answer({
      facts: { command: 'report', id, from: planned.from, reason, recipient: planned.recipient },
      text: `Disclosed to the operator: one message of ${printable(planned.from)}. The sender was not told.\n`,
    });
  });
}

function shownWords(
  { from, named, dateSeconds, subject, text, attachments }: PlannedReport,
  words: string | null,
): string {
  const lines = [
    'The operator of the server will see, and can show to others:',
    `  from     ${from}, proved by the signature`,
    `  to       ${named.length === 0 ? 'nobody named' : named.join(', ')}`,
    `  date     ${formatInstant(dateSeconds)}`,
    `  subject  ${subject ?? ''}`,
    `  text     all of it, ${(text ?? '').length} characters`,
    ...(attachments > 0 ? [`  ${attachments} attachments are counted, not disclosed`] : []),
    ...(words === null ? [] : [`  your words  ${words}`]),
    'and of your other mail nothing.',
  ];
  return lines.map(printable).join('\n');
}
