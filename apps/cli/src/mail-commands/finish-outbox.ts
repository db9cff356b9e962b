import type { Client } from '@latchkey/sdk/client';
import { resumeOutbox, type OutboxResult } from '@latchkey/sdk/mail';
import { quoted } from '../quoted.ts';
import type { Reporter } from '../reporter.ts';
import { reopenAttachments } from './open-attachments.ts';

export interface FinishOptions {
  readonly report: Reporter;
  readonly signal: AbortSignal;
  /** Take back what cannot go on. */
  readonly undo?: boolean;
}

/** Goes on with what an earlier command could not finish. */
export async function finishOutbox(client: Client, options: FinishOptions): Promise<readonly OutboxResult[]> {
  const { report, signal, undo = false } = options;
  const files = reopenAttachments();
  try {
    const results = await resumeOutbox(client, { signal, undo, sourceFor: files.sourceFor });
    for (const result of results) tell(report, result);
    return results;
  } finally {
    await files.close();
  }
}

function tell(report: Reporter, { subject, to, outcome, problem }: OutboxResult): void {
  const about = `${quoted(subject)} to ${to.join(', ')}`;
  if (outcome === 'sent') report.note(`Sent ${about}, which had been cut short`);
  else if (outcome === 'undone') report.note(`Took back ${about}; nobody got it`);
  else {
    const why = problem === null ? '' : ` (${problem.code})`;
    report.warn('message_waiting', `${about} still waits to be sent${why}; take it back with latchkey outbox undo`);
  }
}
