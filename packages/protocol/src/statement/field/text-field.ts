import { utf8 } from '@scure/base';
import { malformed } from '../malformed.ts';
import type { Field } from './field.ts';

/** Controls, line and paragraph separator, and what turns the direction of writing. */
const neverShown = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/u;

/**
 * Words of people: NFC, in UTF-8 of 1 to `maxBytes` bytes; every byte but the printable ASCII ones without space and
 * `%` is written `%XX` with upper-case digits.
 */
export function textField(maxBytes: number): Field<string> {
  const check = (text: string): string => {
    if (!text.isWellFormed()) throw malformed('a text has half of a surrogate pair');
    if (text.normalize('NFC') !== text) throw malformed('a text is not in NFC');
    if (neverShown.test(text)) throw malformed('a text has a character that is never shown');
    if (utf8.decode(text).length > maxBytes) throw malformed(`a text has more than ${maxBytes} bytes`);
    return text;
  };
  return {
    read: (token) => check(decodePercent(token)),
    write: (text) => [...utf8.decode(check(text))].map(encodeByte).join(''),
  };
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  // Controls were refused: the digits are always two.
  return /[!-$&-~]/.test(character) ? character : `%${byte.toString(16).toUpperCase()}`;
}

function decodePercent(token: string): string {
  const bytes: number[] = [];
  for (const [piece, digits] of token.matchAll(/%([\dA-F]{2})|./g)) {
    bytes.push(digits === undefined ? piece.charCodeAt(0) : Number.parseInt(digits, 16));
  }
  try {
    return utf8.encode(Uint8Array.from(bytes));
  } catch (cause) {
    throw malformed('a text is not UTF-8', { cause });
  }
}
