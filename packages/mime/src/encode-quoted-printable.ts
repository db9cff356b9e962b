import { utf8Bytes } from './ascii.ts';

const LINE_CHARS = 76;
const LINE_FEED = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const EQUALS_SIGN = 0x3d;
const CAPITAL_F = 0x46;

/** RFC 2045 6.7 of UTF-8 text whose lines end with LF. Lines of at most 76 characters, CRLF between them. */
export function encodeQuotedPrintable(text: string): string {
  const pieces: string[] = [];
  let column = 0;
  // Most characters stand for themselves: they are taken over in runs.
  let runAt = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED) {
      pieces.push(text.slice(runAt, at), '\r\n');
      runAt = at + 1;
      column = 0;
      continue;
    }
    if (isLiteral(code) && !(isBlank(code) && isLineEnd(text, at + 1))) {
      // One column stays free for the mark of a soft break.
      if (column + 1 > LINE_CHARS - 1) {
        pieces.push(text.slice(runAt, at), SOFT_BREAK);
        runAt = at;
        column = 0;
      }
      // Programs that keep messages one after the other in a file take "From " for the beginning of the next.
      if (column > 0 || code !== CAPITAL_F || !text.startsWith('From ', at)) {
        column += 1;
        continue;
      }
    }
    pieces.push(text.slice(runAt, at));
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    for (const byte of utf8Bytes(character)) {
      const token = TOKENS[byte] ?? '';
      if (column + token.length > LINE_CHARS - 1) {
        pieces.push(SOFT_BREAK);
        column = 0;
      }
      pieces.push(token);
      column += token.length;
    }
    at += character.length - 1;
    runAt = at + 1;
  }
  pieces.push(text.slice(runAt));
  return pieces.join('');
}

const SOFT_BREAK = '=\r\n';

function isLiteral(code: number): boolean {
  return isBlank(code) || (code > SPACE && code < 0x7f && code !== EQUALS_SIGN);
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function isLineEnd(text: string, at: number): boolean {
  return at === text.length || text.charCodeAt(at) === LINE_FEED;
}

/** `=00` to `=FF`. */
const TOKENS: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
);
