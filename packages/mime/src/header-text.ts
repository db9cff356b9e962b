/** Header fields: what may stand in them, and how (RFC 5322 2.2, RFC 2047). */
import { utf8Bytes } from './ascii.ts';
import { encodeBase64 } from './encode-base64.ts';
import { MimeError } from './errors.ts';
import { MAX_MESSAGE_ID_CHARS, MAX_TEXT_FIELD_BYTES } from './limits.ts';
import type { Mailbox } from './message.ts';

const CRLF = '\r\n';
/** RFC 2047 2 allows no more in a line with encoded words. */
const LINE_CHARS = 76;
/** An encoded word has at most 75 characters, 12 of them around 60 of base64. */
const WORD_BYTES = 45;
/** Of the first word, which has the name of the field before it: up to `Subject: `. */
const FIRST_WORD_BYTES = 39;

/** `Name: value`, folded between the items of a list; without items no line at all. */
export function listField(name: string, items: readonly string[], separator: ',' | ''): string {
  if (items.length === 0) return '';
  let field = `${name}:`;
  let column = field.length;
  for (const [index, item] of items.entries()) {
    const text = index === items.length - 1 ? item : item + separator;
    // An item that is folded itself counts with its first line here and its last line there.
    const [firstLine = '', ...others] = text.split(CRLF);
    const fits = column + 1 + firstLine.length <= LINE_CHARS || index === 0;
    field += fits ? ` ${text}` : `${CRLF} ${text}`;
    column = others.at(-1)?.length ?? (fits ? column : 0) + 1 + text.length;
  }
  return field + CRLF;
}

/** A field of words, such as the subject. */
export function textField(name: string, text: string): string {
  requireText(text);
  const plain = isPlain(text) && !/^ | $/.test(text) && name.length + 2 + text.length <= LINE_CHARS;
  return `${name}: ${plain ? text : encodedWords(text)}${CRLF}`;
}

/** `address`, or `"name" <address>`. */
export function mailboxText({ address, name }: Mailbox): string {
  // Only what needs no quoting: a canonical address never does.
  if (address.length > 254 || !/^[\w!#$%&'*+/=?^`{|}~.-]+@[a-z0-9.-]+$/i.test(address)) {
    throw new MimeError('field_unfit', 'an address cannot stand in a header');
  }
  if (name === undefined || name === '') return address;
  requireText(name);
  const short = isPlain(name) && name.length <= 60;
  const phrase = short ? `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"` : encodedWords(name);
  const lastLine = phrase.slice(phrase.lastIndexOf(CRLF) + 1);
  const fits = lastLine.length + address.length + 12 <= LINE_CHARS;
  return `${phrase}${fits ? ' ' : `${CRLF} `}<${address}>`;
}

/** A message id with its angle brackets. */
export function messageIdText(id: string): string {
  if (id.length > MAX_MESSAGE_ID_CHARS || !/^<[!-;=?A-~]+@[!-;=?A-~]+>$/.test(id)) {
    throw new MimeError('field_unfit', 'a message id cannot stand in a header');
  }
  return id;
}

/** RFC 2047 B, in UTF-8: words cut between code points, one on each line. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  let wordBytes = 0;
  for (const character of text) {
    const characterBytes = utf8Bytes(character).length;
    if (wordBytes + characterBytes > (words.length === 0 ? FIRST_WORD_BYTES : WORD_BYTES)) {
      words.push(word);
      word = '';
      wordBytes = 0;
    }
    word += character;
    wordBytes += characterBytes;
  }
  return [...words, word].map((one) => `=?UTF-8?B?${encodeBase64(utf8Bytes(one))}?=`).join(`${CRLF} `);
}

/** What is taken as it stands: no reader takes it for an encoded word. */
function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text) && !text.includes('=?');
}

/** No line can be made inside a field, neither here nor by whoever decodes it. */
function requireText(text: string): void {
  if (!text.isWellFormed() || /[\0-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]/.test(text)) {
    throw new MimeError('field_unfit', 'a header has a control character or a line break');
  }
  if (text.length > MAX_TEXT_FIELD_BYTES || utf8Bytes(text).length > MAX_TEXT_FIELD_BYTES) {
    throw new MimeError('field_unfit', `a header has more than ${MAX_TEXT_FIELD_BYTES} bytes`);
  }
}
