import { utf8Bytes } from './ascii.ts';

const LINE_CHARS = 76;
const SPACE = 0x20;
const TAB = 0x09;
const CAPITAL_F = 0x46;

/** What stands for itself, in a line: blanks, which may not end it, and all that is printed but the equals sign. */
const LITERALS = /[\t -<>-~]*/y;

/** RFC 2045 6.7 of UTF-8 text whose lines end with LF. Lines of at most 76 characters, CRLF between them. */
export function encodeQuotedPrintable(text: string): string {
  return text.split('\n').map(encodeLine).join('\r\n');
}

function encodeLine(line: string): string {
  let encoded = '';
  let column = 0;
  const put = (token: string): void => {
    // One column stays free for the mark of a soft break.
    const breaks = column + token.length > LINE_CHARS - 1;
    encoded += breaks ? SOFT_BREAK + token : token;
    column = (breaks ? 0 : column) + token.length;
  };
  for (let at = 0; at < line.length;) {
    LITERALS.lastIndex = at;
    const run = LITERALS.exec(line)?.[0].length ?? 0;
    const isLast = at + run === line.length;
    const end = at + run - (isLast && isBlank(line.charCodeAt(at + run - 1)) ? 1 : 0);
    while (at < end) {
      if (column === LINE_CHARS - 1) {
        encoded += SOFT_BREAK;
        column = 0;
      }
      // Programs that keep messages one after the other in a file take "From " for the beginning of the next.
      const isPostmark = column === 0 && line.startsWith('From ', at);
      const taken = line.slice(at, isPostmark ? at + 1 : Math.min(end, at + LINE_CHARS - 1 - column));
      put(isPostmark ? (TOKENS[CAPITAL_F] ?? '') : taken);
      at += taken.length;
    }
    if (at === line.length) break;
    const character = String.fromCodePoint(line.codePointAt(at) ?? 0);
    for (const byte of utf8Bytes(character)) put(TOKENS[byte] ?? '');
    at += character.length;
  }
  return encoded;
}

const SOFT_BREAK = '=\r\n';

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** `=00` to `=FF`. */
const TOKENS: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
);
