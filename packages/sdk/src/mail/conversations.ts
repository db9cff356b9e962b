/** Which messages belong together: by the `in-reply-to` that their senders signed, never by subjects. */
import { hex } from '@scure/base';
import type { FoundRecord } from './find-record.ts';

/**
 * The hash of a statement names the one that it answers, so that nothing can be answered before it was written: no circles,
 * and the first that is not here (deleted, or never mine) still holds its answers together.
 *
 * @returns by the hex hash of a statement the one that its conversation begins with
 */
export function beginningsOf(found: readonly FoundRecord[]): ReadonlyMap<string, string> {
  const answers = new Map<string, string>();
  for (const { content } of found) {
    if (content.kind !== 'message' || content.message.inReplyTo === null) continue;
    answers.set(hex.encode(content.message.hash), hex.encode(content.message.inReplyTo));
  }
  const beginnings = new Map<string, string>();
  for (const hash of answers.keys()) {
    const way = new Set([hash]);
    let at = hash;
    for (;;) {
      const known = beginnings.get(at);
      const next = known ?? answers.get(at);
      if (next === undefined || way.has(next)) break;
      at = next;
      if (known !== undefined) break;
      way.add(at);
    }
    for (const each of way) if (each !== at) beginnings.set(each, at);
  }
  return beginnings;
}
