import type { MessageRow } from '@latchkey/sdk/mail';
import { formatInstant } from '../terminal/format-time.ts';

/** One row for programs (`inbox --json`, `watch --json`). Texts are as they were sent: escape them. */
export function rowFacts(row: MessageRow): Readonly<Record<string, unknown>> {
  const { signature, addressed, retiredKey, late, inconsistent, logView, known } = row.verdict;
  return {
    id: row.id,
    from: row.summary.from,
    to: row.to,
    subject: row.summary.subject,
    date: formatInstant(row.summary.dateSeconds),
    words: row.summary.words,
    attachments: row.summary.attachments,
    folder: row.folder,
    sender: row.sender,
    unread: row.unread,
    starred: row.starred,
    verified: row.verified,
    problem: row.problem,
    verdict: { signature, addressed, retiredKey, late, inconsistent, logView, missingBefore: row.missingBefore },
    known: known === null ? null : knownFacts(known),
  };
}

function knownFacts({
  trust,
  witnesses,
  sinceSeconds,
  verifiedSeconds,
}: NonNullable<MessageRow['verdict']['known']>): Readonly<Record<string, unknown>> {
  const instant = (seconds: number | null): string | null => (seconds === null ? null : formatInstant(seconds));
  return { trust, witnesses, since: instant(sinceSeconds), verified: instant(verifiedSeconds) };
}
