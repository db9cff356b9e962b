/** The sealed list row (docs/spec/08-message.md, "Summary"): a pure function of statement and MIME. */
import type { ParsedMessage } from '@latchkey/mime';
import { parseAddress, type MessageStatement } from '@latchkey/protocol';
import { utf8 } from '@scure/base';
import { SdkError } from '../errors.ts';
import type { Summary } from './types.ts';

const LABEL = 'latchkey/summary/v1';
export const MAX_SUMMARY_BYTES = 512;
const MAX_SUBJECT_BYTES = 150;
const MAX_ATTACHMENTS = 1000;

/** The facts of the statement that a summary repeats. */
export type SummaryFacts = Pick<MessageStatement, 'from' | 'dateSeconds' | 'attachments'>;

/** Subject and first words, cut so that the whole has at most 512 bytes. */
export function summaryOf(facts: SummaryFacts, { subject, text }: Pick<ParsedMessage, 'subject' | 'text'>): Summary {
  const fixed = {
    from: facts.from.address,
    dateSeconds: facts.dateSeconds,
    attachments: facts.attachments.length,
  };
  const spare = MAX_SUMMARY_BYTES - formatUnchecked({ ...fixed, subject: '', words: '' }).length;
  const shortSubject = cutWords(subject, Math.min(MAX_SUBJECT_BYTES, spare));
  const words = cutWords(text, spare - utf8.decode(shortSubject).length);
  return { ...fixed, subject: shortSubject, words };
}

/** The one way to write a summary. */
export function formatSummary(summary: Summary): string {
  const text = formatUnchecked(summary);
  parseSummary(text);
  return text;
}

/** @throws SdkError `item_altered` for anything that `formatSummary` does not write */
export function parseSummary(text: string): Summary {
  const [, from = '', date = '', attachments = '', subject = '', words = ''] = GRAMMAR.exec(text) ?? [];
  const summary = {
    from: addressOf(from),
    subject,
    dateSeconds: Date.parse(date) / 1000,
    words,
    attachments: Number(attachments),
  };
  const sound =
    utf8Length(text) <= MAX_SUMMARY_BYTES &&
    utf8Length(subject) <= MAX_SUBJECT_BYTES &&
    summary.attachments <= MAX_ATTACHMENTS &&
    oneLine(subject) === subject &&
    oneLine(words) === words &&
    formatUnchecked(summary) === text;
  if (!sound) throw malformed();
  return summary;
}

const GRAMMAR = new RegExp(
  `^${LABEL}\\nfrom (\\S+)\\ndate (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)\\nattachments (\\d{1,4})\\nsubject (.*)\\nwords (.*)\\n$`,
);

function formatUnchecked({ from, dateSeconds, attachments, subject, words }: Summary): string {
  if (!Number.isInteger(dateSeconds)) throw malformed();
  const date = new Date(dateSeconds * 1000).toISOString().replace('.000Z', 'Z');
  return `${LABEL}\nfrom ${from}\ndate ${date}\nattachments ${attachments}\nsubject ${subject}\nwords ${words}\n`;
}

function cutWords(text: string, maxBytes: number): string {
  let taken = '';
  let size = 0;
  // A few kilobytes hold more than can be shown; blanks at their end fall away below.
  for (const character of oneLine(text.slice(0, 8 * MAX_SUMMARY_BYTES))) {
    size += utf8BytesOf(character);
    if (size > maxBytes) break;
    taken += character;
  }
  return taken.replace(/ $/, '');
}

/** Of one character of well-formed text. */
function utf8BytesOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x1_0000 ? 3 : 4;
}

/**
 * Blanks of every kind become one space, what is never shown falls away. The sets are fixed here, so that no version of
 * Unicode changes a summary.
 */
function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g, ' ')
    .replaceAll(/[\0-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, '')
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/^ | $/g, '');
}

function addressOf(text: string): Summary['from'] {
  try {
    return parseAddress(text);
  } catch (cause) {
    throw malformed({ cause });
  }
}

function utf8Length(text: string): number {
  return text.isWellFormed() ? utf8.decode(text).length : Number.POSITIVE_INFINITY;
}

function malformed(options?: ErrorOptions): SdkError {
  return new SdkError('item_altered', 'the summary is not in its one form', options);
}
