import type { MessageRow } from '@latchkey/sdk/mail';
import { formatInstant } from '../terminal/format-time.ts';

/** One row for programs (`inbox --json`, `watch --json`). Texts are as they were sent: escape them. */
export function rowFacts(row: MessageRow): Readonly<Record<string, unknown>> {
  const { signature, addressed, retiredKey, late, inconsistent } = row.verdict;
  return {
    id: row.id,
    from: row.summary.from,
    to: row.to,
    subject: row.summary.subject,
    date: formatInstant(row.summary.dateSeconds),
    words: row.summary.words,
    attachments: row.summary.attachments,
    folder: row.folder,
    unread: row.unread,
    starred: row.starred,
    verified: row.verified,
    problem: row.problem,
    verdict: { signature, addressed, retiredKey, late, inconsistent, missingBefore: row.missingBefore },
  };
}
