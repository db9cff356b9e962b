/** A message that comes again is the message that was there (docs/spec/09-mail.md, "Repeats"). */
import { hex } from '@scure/base';
import type { FoundRecord } from './find-record.ts';
import type { MessageRecord } from './records/message-record.ts';

/**
 * Leaves out what was received before. Of several the one is kept that says most for itself, then the first: nobody
 * spoils a message by bringing it again.
 *
 * @param isMarked whether its owner did something with it
 */
export function withoutRepeats(
  found: readonly FoundRecord[],
  isMarked: (record: FoundRecord) => boolean,
): readonly FoundRecord[] {
  const kept = new Map<string, FoundRecord>();
  for (const each of found) {
    const hash = receivedHash(each);
    const before = hash === null ? undefined : kept.get(hash);
    if (hash !== null && (before === undefined || isBefore(each, before, isMarked))) kept.set(hash, each);
  }
  return found.filter((each) => {
    const hash = receivedHash(each);
    return hash === null || kept.get(hash) === each;
  });
}

/** Null for all that nobody can bring again: own copies, and what did not open. */
function receivedHash({ content }: FoundRecord): string | null {
  return content.kind === 'message' && content.message.way === 'received' ? hex.encode(content.message.hash) : null;
}

function isBefore(one: FoundRecord, other: FoundRecord, isMarked: (record: FoundRecord) => boolean): boolean {
  if (one.content.kind !== 'message' || other.content.kind !== 'message') return false;
  const [first, second] = [one.content.message, other.content.message];
  const order =
    doubtsOf(first) - doubtsOf(second) ||
    first.hour - second.hour ||
    Number(isMarked(other)) - Number(isMarked(one)) ||
    (hex.encode(one.id) < hex.encode(other.id) ? -1 : 1);
  return order < 0;
}

/** What may differ between two arrivals of one message: everything else is signed. */
function doubtsOf({ verdict: { addressed, inconsistent, late } }: MessageRecord): number {
  return 4 * Number(addressed === 'passed_on') + 2 * Number(inconsistent) + Number(late);
}
