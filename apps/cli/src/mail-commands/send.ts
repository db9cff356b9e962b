import type { Client } from '@latchkey/sdk/client';
import { send as sendMessage, type Draft, type Sent } from '@latchkey/sdk/mail';
import { usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { formatInstant } from '../terminal/format-time.ts';
import { watchTransfer } from '../terminal/watch-transfer.ts';
import { withAccount } from '../with-account.ts';
import { finishOutbox } from './finish-outbox.ts';
import { openAttachments } from './open-attachments.ts';
import { readBody } from './read-body.ts';

/** Attachments → body → whatever was cut short before → send → tell. */
export async function send(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  refuseNobody(invocation);
  if (process.stdin.isTTY) report.note('Write the message; end with Ctrl-D on a line of its own');
  await withAccount(async (client, signal) => {
    const files = await openAttachments(invocation.values('attach'));
    const bar = watchTransfer(report, { outputOnTerminal: false });
    try {
      const draft = { ...headOf(invocation), text: await readBody(), attachments: files.attachments };
      await finishOutbox(client, { report, signal });
      const sent = await sendMessage(client, draft, {
        signal,
        onProgress: bar.show,
        skipRefused: invocation.has('skip-refused'),
      });
      bar.end();
      await warnOfResets(invocation, client, sent);
      tell(invocation, sent);
    } finally {
      bar.end();
      await files.close();
    }
  });
}

function refuseNobody(invocation: Invocation): void {
  if (['to', 'cc', 'bcc', 'reply-to'].some((name) => invocation.has(name as 'to'))) return;
  throw usageError('Nobody would get it: there is no reader', 'Give one with --to');
}

function headOf(invocation: Invocation): Omit<Draft, 'text' | 'attachments'> {
  const replyTo = invocation.value('reply-to');
  const forward = invocation.value('forward');
  return {
    to: invocation.values('to'),
    cc: invocation.values('cc'),
    bcc: invocation.values('bcc'),
    subject: invocation.value('subject') ?? '',
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(forward === undefined ? {} : { forward }),
  };
}

/** They were written to with the keys that count; only they can say whether the others are theirs. */
async function warnOfResets({ report }: Invocation, { directory }: Client, { recipients }: Sent): Promise<void> {
  const addresses = recipients.map(({ address }) => address);
  for (const resolution of await directory.resolve(addresses, { pinIsEnough: true })) {
    if (resolution.outcome !== 'known' || resolution.resetCountsSeconds === undefined) continue;
    const { address, resetCountsSeconds: counts } = resolution;
    const when = counts === null ? 'never, unless you verify them' : `from ${formatInstant(counts)}`;
    report.warn(
      'key_reset_announced',
      `${address} has announced other keys with a recovery kit; they count ${when}. Ask them in another way whether it was they`,
    );
  }
}

function tell({ report }: Invocation, sent: Sent): void {
  for (const { address, outcome, firstUse } of sent.recipients) {
    if (outcome !== 'delivered') report.warn('recipient_refused', `${address} did not get it (${outcome})`);
    else if (firstUse) {
      report.warn(
        'key_first_use',
        `This is your first message to ${address}: the server named the key it is sealed to, and from now on no other is taken`,
      );
    }
  }
  const delivered = sent.recipients.filter(({ outcome }) => outcome === 'delivered');
  report.answer({
    facts: { command: 'send', ...sent },
    text: `Sent to ${delivered.map(({ address }) => address).join(', ')}.\n`,
  });
}
