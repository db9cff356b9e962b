import type { Client } from '@latchkey/sdk/client';
import { resumeOutbox } from '@latchkey/sdk/mail';
import { quoted } from '../quoted.ts';
import type { Reporter } from '../reporter.ts';

/** Goes on with what an earlier command could not finish. */
export async function finishOutbox(
  client: Client,
  { report, signal }: { readonly report: Reporter; readonly signal: AbortSignal },
): Promise<void> {
  for (const { subject, to, outcome } of await resumeOutbox(client, { signal })) {
    const about = `${quoted(subject)} to ${to.join(', ')}, which had been cut short`;
    if (outcome === 'sent') report.note(`Sent ${about}`);
    else if (outcome === 'undone')
      report.warn('message_undone', `Gave up ${about}: its files are not there any more. Send it again`);
    else report.note(`Still waiting to send ${about}`);
  }
}
