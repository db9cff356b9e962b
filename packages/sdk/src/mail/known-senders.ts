/** Whose mail comes into the inbox, and whose waits among the requests (docs/spec/09-mail.md, "Requests"). */
import type { CanonicalAddress } from '@latchkey/protocol';
import type { MailboxContent } from './read-mailbox.ts';
import type { MessageRecord } from './records/message-record.ts';
import type { SenderStanding } from './types.ts';

/** Pure: every device of the owner comes to the same answer from the same records. */
export type StandingOf = (message: MessageRecord) => SenderStanding;

/** @param own the owner's address: what one sends oneself is no request */
export function knownSenders({ found, decisions }: MailboxContent, own: CanonicalAddress): StandingOf {
  const known = new Set<CanonicalAddress>([own]);
  for (const { content } of found) {
    if (content.kind !== 'message') continue;
    const { way, to, bcc, summary, verdict } = content.message;
    if (way === 'sent') for (const address of [...to, ...bcc]) known.add(address);
    // Whose keys the owner compared is no stranger.
    else if (verdict.signature === 'valid' && (verdict.known?.verifiedSeconds ?? null) !== null)
      known.add(summary.from);
  }
  return ({ way, summary, verdict }) => {
    if (way === 'sent') return 'own';
    const decision = decisions.get(summary.from) ?? 'undecided';
    // Nobody is known, or declined, by a name alone: anybody can write one.
    if (verdict.signature !== 'valid') return 'unknown';
    // Genuine, and brought by nobody knows whom: a stranger who has a letter of a friend could send it without end.
    if (verdict.addressed === 'passed_on' || verdict.addressed === 'wrong_key') return 'unknown';
    if (decision === 'declined') return 'declined';
    return decision === 'accepted' || known.has(summary.from) ? 'known' : 'unknown';
  };
}
