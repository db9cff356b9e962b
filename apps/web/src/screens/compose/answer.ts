/** Reply, reply to all, forward: what a new message begins with. */
import { account } from '../../app/account.svelte.ts';
import { formats } from '../../messages/formats.ts';
import { text } from '../../messages/text.ts';
import type { ReadMessage } from '../../worker/contract.ts';
import { composers } from './composers.svelte.ts';
import { answerRecipients, prefixed, quote } from './answer-parts.ts';

export function answer(message: ReadMessage, way: 'reply' | 'replyAll' | 'forward'): void {
  const words = text.compose;
  const { row, from, subject, dateSeconds } = message;
  if (way === 'forward') {
    // The message goes along whole, as a file of its own: nothing of it is typed anew.
    composers.begin({ way: 'forward', forward: row.id, subject: prefixed(subject, words.forwardPrefix) });
    return;
  }
  const own = account.opened?.address ?? '';
  composers.begin({
    way: 'reply',
    replyTo: row.id,
    subject: prefixed(subject, words.replyPrefix),
    ...answerRecipients(message, { own, all: way === 'replyAll' }),
    text: `\n\n${words.quoteIntro(formats.full(dateSeconds), from)}\n${quote(message.text)}\n`,
  });
}
