/** What an owner reported, after the operator has opened it elsewhere: docs/spec/20-reports.md. Strict, and nothing is verified yet. */
import { parseStatement, statementTextHash, type MessageStatement } from '@latchkey/protocol';
import { parseNote, type Note } from '@latchkey/tlog';

export interface ParsedReport {
  readonly reason: ReportReason;
  /** What the reporter wrote; nobody has signed it. */
  readonly words: string | null;
  readonly note: Note;
  readonly statement: MessageStatement;
  /** The message's bytes, as far as the report says. */
  readonly mime: Buffer;
}

export type ReportReason = 'spam' | 'threat' | 'fraud' | 'other';

const HEAD =
  /^Latchkey-Report: v1\r\nLatchkey-Reason: (spam|threat|fraud|other)\r\n(?:Latchkey-Words: ((?:[!-$&-~]|%[0-9A-F]{2}){1,4096})\r\n)?/;
const BLANK_LINE = '\r\n\r\n';
/** Head, note and headers of the outer parts, as in the first chunk of a message. */
const MAX_HEAD_CHARS = 65_536 + 8_192;

/** @returns null where it is not in the form that a client writes */
export function parseReport(bytes: Buffer): ParsedReport | null {
  const start = bytes.subarray(0, MAX_HEAD_CHARS).toString('latin1');
  const [head, reason, words] = HEAD.exec(start) ?? [];
  if (head === undefined || reason === undefined) return null;
  const noteAt = afterBlankLine(start, afterBlankLine(start, head.length));
  const noteEnd = start.indexOf('\r', noteAt);
  const mimeAt = afterBlankLine(start, noteEnd);
  if (noteAt === -1 || noteEnd === -1 || mimeAt === -1) return null;
  const signed = signedMessage(bytes.subarray(noteAt, noteEnd));
  if (signed === null) return null;
  const closing = `\r\n--${boundaryOf(signed.note.text)}--\r\n`;
  const mimeEnd = bytes.indexOf(closing, mimeAt, 'latin1');
  if (mimeEnd === -1) return null;
  const mime = bytes.subarray(mimeAt, mimeEnd);
  return { reason: reason as ReportReason, words: words === undefined ? null : wordsOf(words), ...signed, mime };
}

function afterBlankLine(text: string, from: number): number {
  const at = from === -1 ? -1 : text.indexOf(BLANK_LINE, from);
  return at === -1 ? -1 : at + BLANK_LINE.length;
}

function signedMessage(bytes: Uint8Array): { readonly note: Note; readonly statement: MessageStatement } | null {
  try {
    const note = parseNote(bytes);
    const statement = parseStatement(note.text);
    return statement.kind === 'latchkey/message/v1' ? { note, statement } : null;
  } catch {
    return null;
  }
}

function boundaryOf(text: string): string {
  return `latchkey-${Buffer.from(statementTextHash(text)).toString('hex').slice(0, 32)}`;
}

function wordsOf(escaped: string): string | null {
  try {
    // A terminal is told nothing but letters.
    return decodeURIComponent(escaped).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
  } catch {
    return null;
  }
}
