/** Writing a message: the main flow. One message has one form, byte for byte (docs/spec/08-message.md, "MIME"). */
import { asciiBytes } from './ascii.ts';
import { delimiterLinesFit } from './delimiter-lines.ts';
import { encodeBase64Lines } from './encode-base64.ts';
import { encodeQuotedPrintable } from './encode-quoted-printable.ts';
import { MimeError } from './errors.ts';
import { listField, mailboxText, messageIdText, textField } from './header-text.ts';
import { linesOf } from './lines-of.ts';
import { MAX_MESSAGE_BYTES, MAX_REFERENCES } from './limits.ts';
import type { InlinePart, MessageFields } from './message.ts';
import { formatDate } from './message-date.ts';

/** RFC 5322 2.1.1. */
const MAX_LINE_CHARS = 998;

/**
 * The bytes of a message: 7-bit, lines end with CRLF, without Bcc.
 * @throws MimeError `field_unfit`, `message_too_large`
 */
export function composeMessage(fields: MessageFields): Uint8Array<ArrayBuffer> {
  const message = `${messageHeader(fields)}${messageBody(fields)}\r\n`;
  if (message.length > MAX_MESSAGE_BYTES) throw new MimeError('message_too_large', 'the message is too large');
  const bytes = asciiBytes(message);
  // Nothing may be written that nobody would read.
  if (!delimiterLinesFit(bytes)) throw new MimeError('message_too_large', 'too many lines begin with two dashes');
  return bytes;
}

/** The fields of the header up to `MIME-Version`, each with its CRLF. */
export function messageHeader(fields: MessageFields): string {
  const { references = [], inReplyTo } = fields;
  if (references.length > MAX_REFERENCES) throw new MimeError('field_unfit', 'there are too many references');
  return [
    `Date: ${formatDate(fields.dateSeconds)}\r\n`,
    listField('From', [mailboxText(fields.from)], ','),
    listField('To', fields.to.map(mailboxText), ','),
    listField('Cc', fields.cc.map(mailboxText), ','),
    textField('Subject', fields.subject),
    listField('Message-ID', [messageIdText(fields.messageId)], ''),
    listField('In-Reply-To', inReplyTo === undefined ? [] : [messageIdText(inReplyTo)], ''),
    listField('References', references.map(messageIdText), ''),
    'MIME-Version: 1.0\r\n',
  ].join('');
}

/** Text, or text and HTML; a part with its own header, without the last CRLF. */
export function messageBody({ text, html, inline = [] }: MessageFields): string {
  const plain = textPart('plain', text);
  if (html === undefined) {
    if (inline.length > 0) throw new MimeError('field_unfit', 'inline parts belong to HTML');
    return plain;
  }
  const rich = textPart('html', html);
  const shown = inline.length === 0 ? rich : multipart('related', [rich, ...inline.map(inlinePart)]);
  return multipart('alternative', [plain, shown]);
}

/**
 * Each kind of multipart stands inside a message once at most, so that its boundary is fixed. No part can hold it:
 * neither encoding ever writes `=_`, and text that has it is encoded.
 */
export function boundaryOf(kind: 'mixed' | 'alternative' | 'related'): string {
  return `=_latchkey-${kind}`;
}

function multipart(kind: 'alternative' | 'related', parts: readonly string[]): string {
  const boundary = boundaryOf(kind);
  const bodies = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('');
  return `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${bodies}--${boundary}--`;
}

function textPart(subtype: 'plain' | 'html', text: string): string {
  if (!text.isWellFormed()) throw new MimeError('field_unfit', 'the text has half of a surrogate pair');
  const lines = linesOf(text);
  const asIs = /^[\t\n -~]*$/.test(lines) && !/=_|^From /m.test(lines) && longestLine(lines) <= MAX_LINE_CHARS;
  const encoding = asIs ? '7bit' : 'quoted-printable';
  const body = asIs ? lines.replaceAll('\n', '\r\n') : encodeQuotedPrintable(lines);
  return `Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
}

function longestLine(text: string): number {
  let longest = 0;
  for (let at = 0; at <= text.length;) {
    const end = text.indexOf('\n', at);
    const next = end === -1 ? text.length : end;
    longest = Math.max(longest, next - at);
    at = next + 1;
  }
  return longest;
}

function inlinePart({ contentId, type, bytes }: InlinePart): string {
  const header = [
    `Content-Type: ${mediaTypeText(type)}\r\n`,
    `Content-ID: ${messageIdText(`<${contentId}>`)}\r\n`,
    'Content-Disposition: inline\r\n',
    'Content-Transfer-Encoding: base64\r\n',
  ];
  return `${header.join('')}\r\n${encodeBase64Lines(bytes)}`;
}

/** A type that may stand over base64: multiparts and messages may not (RFC 2045 6.4). */
export function mediaTypeText(type: string): string {
  if (!/^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/.test(type)) {
    throw new MimeError('field_unfit', 'a media type is not in its grammar');
  }
  return /^(?:multipart|message)\//.test(type) ? 'application/octet-stream' : type;
}
