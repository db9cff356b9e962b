import type { Client } from '@latchkey/sdk/client';
import { resumeOutbox } from '@latchkey/sdk/mail';
import type { Reporter } from '../reporter.ts';

/** Goes on with what an earlier command could not finish. */
export async function finishOutbox(
  client: Client,
  { report, signal }: { readonly report: Reporter; readonly signal: AbortSignal },
): Promise<void> {
  for (const sent of await resumeOutbox(client, { signal })) {
    report.note(`Finished sending message ${sent.id.slice(0, 8)}, which had been cut short`);
  }
}
