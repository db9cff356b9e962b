/** Reading a message that anybody may have written: limits first, then postal-mime, then what we take of it. */
import PostalMime, { addressParser, decodeWords, type Address, type Attachment, type Email } from 'postal-mime';
import { MimeError } from './errors.ts';
import { MAX_HEADER_BYTES, MAX_MESSAGE_BYTES, MAX_PART_DEPTH, MAX_PARTS } from './limits.ts';
import { delimiterLinesFit } from './delimiter-lines.ts';
import { linesOf } from './lines-of.ts';
import type { Mailbox } from './message.ts';
import { parseDate } from './message-date.ts';

/** A part that is neither the text nor the HTML. */
export interface MessagePart {
  readonly name: string | null;
  readonly type: string;
  /** Without angle brackets. */
  readonly contentId: string | null;
  /** Shown within the HTML rather than beside it. */
  readonly inline: boolean;
  readonly bytes: Uint8Array;
}

/** Nothing in it is checked: this is what a message says, not what is true. */
export interface ParsedMessage {
  readonly from: readonly Mailbox[];
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly subject: string;
  /** Since 1970-01-01T00:00:00Z; null where there is no date that can be read. */
  readonly dateSeconds: number | null;
  readonly messageId: string | null;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  /** Lines end with LF; without the last line break. Made from the HTML where that is all there is. */
  readonly text: string;
  readonly html: string | null;
  readonly parts: readonly MessagePart[];
  /** Names of all header fields of the message itself, in lower case, as often as they stand there. */
  readonly fieldNames: readonly string[];
}

/**
 * @throws MimeError `message_too_large`, `message_malformed`
 */
export async function parseMessage(bytes: Uint8Array): Promise<ParsedMessage> {
  if (bytes.length > MAX_MESSAGE_BYTES || !delimiterLinesFit(bytes)) {
    throw new MimeError('message_too_large', 'the message is larger than any that we read');
  }
  let email: Email;
  try {
    email = await PostalMime.parse(bytes, {
      maxNestingDepth: MAX_PART_DEPTH,
      maxHeadersSize: MAX_HEADER_BYTES,
      // A message within a message is a part like any other: its text is not this message's text.
      forceRfc822Attachments: true,
    });
    return parsedFrom(email);
  } catch (cause) {
    if (cause instanceof MimeError) throw cause;
    throw new MimeError('message_malformed', 'not a message that can be read', { cause });
  }
}

function parsedFrom(email: Email): ParsedMessage {
  if (email.attachments.length > MAX_PARTS) throw new MimeError('message_too_large', 'the message has too many parts');
  const first = (name: string): string | null => email.headers.find(({ key }) => key === name)?.value ?? null;
  const all = (name: string): readonly Mailbox[] =>
    email.headers.filter(({ key }) => key === name).flatMap(({ value }) => addressParser(value).flatMap(mailboxesOf));
  return {
    from: all('from'),
    to: all('to'),
    cc: all('cc'),
    subject: decodeWords(first('subject') ?? ''),
    dateSeconds: parseDate(first('date') ?? ''),
    messageId: idsIn(first('message-id'))[0] ?? null,
    inReplyTo: idsIn(first('in-reply-to'))[0] ?? null,
    references: idsIn(first('references')),
    text: linesOf(email.text ?? ''),
    html: email.html === undefined ? null : linesOf(email.html),
    parts: email.attachments.map(partOf),
    fieldNames: email.headers.map(({ key }) => key),
  };
}

/** The members of a group count like those beside it. */
function mailboxesOf(address: Address): readonly Mailbox[] {
  const group = address.group;
  if (group !== undefined) return group.flatMap(mailboxesOf);
  return [{ address: address.address, ...(address.name === '' ? {} : { name: address.name }) }];
}

function partOf({ filename, mimeType, contentId, related, content }: Attachment): MessagePart {
  return {
    name: filename,
    type: mimeType,
    contentId: contentId?.replaceAll(/^<|>$/g, '') ?? null,
    inline: related === true,
    bytes: typeof content === 'string' ? new Uint8Array(0) : new Uint8Array(content),
  };
}

function idsIn(value: string | null): readonly string[] {
  return value?.match(/<[!-;=?-~]+>/g) ?? [];
}
