/** What is known about a message, in sentences: each follows from one fact of its verdict, and claims no more. */
import { formats } from '../../messages/formats.ts';
import { text } from '../../messages/text.ts';
import type { MessageRow, ReadMessage } from '../../worker/contract.ts';
import type { Tone } from '../mail/verdict-mark.ts';

export interface Sentence {
  readonly tone: Exclude<Tone, 'plain'> | 'info';
  readonly words: string;
}

/** What must be said without being asked. */
export function warningsOf(row: MessageRow): readonly (Sentence & { readonly tone: 'care' | 'danger' })[] {
  const words = text.trust;
  const { verdict, summary } = row;
  const all: (Sentence & { readonly tone: 'care' | 'danger' })[] = [];
  if (verdict.signature === 'invalid') all.push({ tone: 'danger', words: words.signatureInvalid(summary.from) });
  if (verdict.signature === 'sender_changed') all.push({ tone: 'danger', words: words.signatureChanged(summary.from) });
  if (verdict.signature === 'unknown_sender') all.push({ tone: 'care', words: words.signatureUnknown(summary.from) });
  if (verdict.addressed === 'wrong_key') all.push({ tone: 'danger', words: words.addressed.wrong_key });
  if (verdict.addressed === 'passed_on') all.push({ tone: 'care', words: words.addressed.passed_on(summary.from) });
  if (verdict.logView === 'contradicts') all.push({ tone: 'danger', words: words.logContradicts });
  if (verdict.logView === 'inconsistent') all.push({ tone: 'care', words: words.logInconsistent });
  if (verdict.retiredKey) all.push({ tone: 'danger', words: words.retired });
  if (verdict.inconsistent) all.push({ tone: 'care', words: words.inconsistent });
  if (verdict.late) all.push({ tone: 'care', words: words.late });
  return all;
}

/** Who could read it, as the signed text says. */
export function readersOf(message: ReadMessage): readonly string[] {
  const words = text.trust;
  const { addressed } = message.row.verdict;
  const named = [...message.to, ...message.cc].map((address) => words.readersNamed(address));
  const hidden = message.bcc.map((address) => words.readersNamed(address));
  return [
    words.readersSender(message.from),
    ...named,
    ...hidden,
    ...(addressed === 'bcc' ? [words.readersBcc] : []),
    ...(addressed === 'passed_on' ? [words.readersPassed] : []),
    // Of one's own copies the hidden ones are known; of others' nobody can tell.
    ...(addressed === 'own_copy' ? [] : [words.readersMaybe]),
    words.readersOnward,
  ];
}

/** How it is known who wrote it, and to whom. */
export function groundsOf(message: ReadMessage): readonly Sentence[] {
  const words = text.trust;
  const { verdict } = message.row;
  const version = verdict.sender?.party.version;
  const signature: Sentence[] =
    verdict.signature === 'valid'
      ? [{ tone: 'good', words: words.signatureValid(message.from, formats.number(version ?? 0)) }]
      : [];
  const addressed: Sentence[] =
    verdict.addressed === 'passed_on' || verdict.addressed === 'wrong_key'
      ? []
      : [{ tone: verdict.addressed === 'own_copy' ? 'info' : 'good', words: words.addressed[verdict.addressed] }];
  return [
    ...signature,
    ...addressed,
    ...keysKnown(message),
    ...warningsOf(message.row),
    { tone: 'info', words: words.browser },
  ];
}

/** How the keys were known when the message arrived. A tick only where somebody besides the operator vouches. */
function keysKnown({ row }: ReadMessage): readonly Sentence[] {
  const words = text.trust;
  const { known, signature } = row.verdict;
  if (known === null || signature !== 'valid') return [];
  const { trust, witnesses, sinceSeconds, verifiedSeconds } = known;
  const tone = trust === 'witnessed' || trust === 'own' ? 'good' : trust === 'first_use' ? 'care' : 'info';
  const sentences: Sentence[] = [];
  if (verifiedSeconds === null || trust === 'witnessed') sentences.push({ tone, words: words.how[trust] });
  if (witnesses.length > 0) sentences.push({ tone: 'info', words: words.witnesses(formats.names(witnesses)) });
  if (verifiedSeconds !== null) sentences.push({ tone: 'good', words: words.human(formats.day(verifiedSeconds)) });
  if (sinceSeconds !== null) sentences.push({ tone: 'info', words: words.since(formats.day(sinceSeconds)) });
  return sentences;
}
