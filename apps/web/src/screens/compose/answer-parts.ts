/** The parts of an answer; pure. */
import type { ReadMessage } from '../../worker/contract.ts';

/** `Re: Lunch` for `Lunch`, and for `re: RE: Lunch`. */
export function prefixed(subject: string, prefix: string): string {
  const bare = prefix.replace(/[:：]\s*$/, '');
  let rest = subject.trim();
  while (rest.toLowerCase().startsWith(`${bare.toLowerCase()}:`)) rest = rest.slice(bare.length + 1).trim();
  return `${prefix} ${rest}`.trim();
}

export function quote(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line.startsWith('>') ? `>${line}` : line === '' ? '>' : `> ${line}`))
    .join('\n');
}

export interface Recipients {
  readonly to: readonly string[];
  readonly cc: readonly string[];
}

/** To whoever wrote; an answer to one's own message goes to whom it went. Nobody twice, oneself never. */
export function answerRecipients(
  { from, to, cc }: Pick<ReadMessage, 'from' | 'to' | 'cc'>,
  { own, all }: { readonly own: string; readonly all: boolean },
): Recipients {
  const isOwn = from === own;
  const first = isOwn ? to : [from, ...(all ? to : [])];
  const more = all ? cc : [];
  const seen = new Set([own]);
  const once = (addresses: readonly string[]): readonly string[] =>
    addresses.filter((address) => !seen.has(address) && seen.add(address));
  const named = once(first);
  // A note to oneself is answered to oneself.
  return { to: named.length === 0 ? [own] : named, cc: once(more) };
}
