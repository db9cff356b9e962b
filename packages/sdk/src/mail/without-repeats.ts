/** A message that comes again is the message that was there (docs/spec/09-mail.md, "Repeats"). */
import { hex } from '@scure/base';
import type { FoundRecord } from './find-record.ts';
import type { MessageRecord } from './records/message-record.ts';

/**
 * Leaves out what was received before. Of several the one is kept that says most for itself, then the first: nobody
 * spoils a message by bringing it again.
 */
export function withoutRepeats(found: readonly FoundRecord[]): readonly FoundRecord[] {
  const kept = new Map<string, FoundRecord>();
  for (const each of found) {
    const message = receivedMessage(each);
    if (message === null) continue;
    const hash = hex.encode(message.hash);
    const before = receivedMessage(kept.get(hash));
    if (before === null || isBefore(message, before)) kept.set(hash, each);
  }
  return found.filter((each) => {
    const message = receivedMessage(each);
    return message === null || kept.get(hex.encode(message.hash)) === each;
  });
}

/** Null for all that nobody can bring again: own copies, and what did not open. */
function receivedMessage(found: FoundRecord | undefined): MessageRecord | null {
  return found?.content.kind === 'message' && found.content.message.way === 'received' ? found.content.message : null;
}

function isBefore(one: MessageRecord, other: MessageRecord): boolean {
  const order = doubtsOf(one) - doubtsOf(other) || (one.number ?? 0) - (other.number ?? 0);
  return order < 0;
}

/** What may differ between two arrivals of one message: everything else is signed. */
function doubtsOf({ verdict: { addressed, inconsistent, late } }: MessageRecord): number {
  return 4 * Number(addressed === 'passed_on') + 2 * Number(inconsistent) + Number(late);
}
