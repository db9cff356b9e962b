import { utf8Bytes } from './ascii.ts';

const LINE_CHARS = 76;

/** RFC 2045 6.7 of UTF-8 text whose lines end with LF. Lines of at most 76 characters, CRLF between them. */
export function encodeQuotedPrintable(text: string): string {
  return text.split('\n').map(encodeLine).join('\r\n');
}

function encodeLine(line: string): string {
  const bytes = utf8Bytes(line);
  const pieces: string[] = [];
  let column = 0;
  for (const [at, byte] of bytes.entries()) {
    let token = tokenOf(byte, at === bytes.length - 1);
    // One column stays free for the mark of a soft break.
    if (column + token.length > LINE_CHARS - 1) {
      pieces.push('=\r\n');
      column = 0;
    }
    // Programs that keep messages one after the other in a file take "From " for the beginning of the next.
    if (column === 0 && byte === 0x46 && isFrom(bytes, at)) token = '=46';
    pieces.push(token);
    column += token.length;
  }
  return pieces.join('');
}

const FROM: Uint8Array = utf8Bytes('From ');

function isFrom(bytes: Uint8Array, at: number): boolean {
  return FROM.every((letter, index) => bytes[at + index] === letter);
}

function tokenOf(byte: number, last: boolean): string {
  const blank = byte === 0x20 || byte === 0x09;
  const literal = blank ? !last : byte > 0x20 && byte < 0x7f && byte !== 0x3d;
  return literal ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
