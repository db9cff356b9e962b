/**
 * The message file around statement and MIME (docs/spec/08-message.md, "Envelope"). There is one way to write it, and
 * only what `formatEnvelope` gives back byte for byte is read.
 */
import { CHUNK_PLAINTEXT_BYTES, paddedBodyBytes } from '@latchkey/crypto';
import { formatDate, MAX_MESSAGE_BYTES } from '@latchkey/mime';
import { statementTextHash, type MessageStatement } from '@latchkey/protocol';
import { base16, utf8 } from '@scure/base';
import { SdkError } from '../errors.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { parseSigned, type UnverifiedStatement } from '../signing/signed-statement.ts';
import { asciiBytes, concatBytes, indexOfBytes } from './bytes.ts';
import { altered } from './item-key.ts';

const CRLF = '\r\n';
const BLANK_LINE: Uint8Array = asciiBytes('\r\n\r\n');
const FILLER_LINE: Uint8Array = asciiBytes(`${' '.repeat(76)}\r\n`);
const BOUNDARY_HASH_CHARS = 32;
/** Ed25519 and ML-DSA-44, and nobody else's. */
const SIGNATURE_LINES = 2;

export interface Envelope {
  /** The signed statement, byte for byte. */
  readonly note: string;
  /** The sender's checkpoint note, if the statement names one. */
  readonly checkpoint: string | null;
  /** The original MIME bytes. */
  readonly mime: Uint8Array;
}

/** What the first chunk holds of an envelope. Nothing is verified yet. */
export interface EnvelopeHead {
  readonly note: string;
  readonly signed: UnverifiedStatement<MessageStatement>;
  readonly checkpoint: string | null;
  /** Of the outer parts; it follows from the statement. */
  readonly boundary: string;
  /** Where the MIME begins in the plaintext. */
  readonly mimeOffset: number;
}

/**
 * The plaintext of a message item, padded. Whoever has parsed the note already gives that along.
 *
 * @throws SdkError `recipients_too_many` or, for its attachments, `message_too_large` where statement and signatures do
 * not fit the first chunk; `message_too_large`; `statement_unverified` where the note is none over a message
 */
export function formatEnvelope(
  { note, checkpoint, mime }: Envelope,
  signed: UnverifiedStatement<MessageStatement> = parseSigned('latchkey/message/v1', note),
): Uint8Array<ArrayBuffer> {
  const { statement } = signed;
  const boundary = boundaryOf(signed);
  const head = headOf({ note, checkpoint, statement, boundary });
  if (head.length > CHUNK_PLAINTEXT_BYTES) throw tooLarge(statement);
  if (mime.length > MAX_MESSAGE_BYTES) throw new SdkError('message_too_large', 'the message is too large');
  // The boundary follows from a hash over the hash of the MIME, so that nobody can have written it into the MIME.
  if (indexOfBytes(mime, asciiBytes(`--${boundary}`), 0) !== -1) throw altered('it holds its own boundary');
  const closing = asciiBytes(closingOf(boundary));
  const unpaddedBytes = head.length + mime.length + closing.length;
  const padded = new Uint8Array(paddedBodyBytes(unpaddedBytes));
  padded.set(head);
  padded.set(mime, head.length);
  padded.set(closing, head.length + mime.length);
  fill(padded.subarray(unpaddedBytes));
  return padded;
}

/**
 * Statement and signatures from the first chunk of the plaintext alone.
 *
 * @throws SdkError `item_altered`
 */
export function decodeFirstChunk(chunk: Uint8Array): EnvelopeHead {
  const first = chunk.subarray(0, CHUNK_PLAINTEXT_BYTES);
  const partAt = indexOfBytes(first, BLANK_LINE, 0) + BLANK_LINE.length;
  const noteAt = indexOfBytes(first, BLANK_LINE, partAt) + BLANK_LINE.length;
  // A note has no carriage return.
  const noteEnd = first.indexOf(0x0d, noteAt);
  // Where one of them is missing, what is cut out is no statement, or not in the head that is compared below.
  const { note, checkpoint } = cutNotes(first.subarray(noteAt, noteEnd));
  const signed = parseStatementNote(note);
  if ((signed.statement.checkpoint === null) !== (checkpoint === null)) throw altered('its checkpoint is not the one');
  const boundary = boundaryOf(signed);
  const head = headOf({ note, checkpoint, statement: signed.statement, boundary });
  if (!equalBytes(head, first.subarray(0, head.length))) throw altered('its head is not in the one form');
  return { note, signed, checkpoint, boundary, mimeOffset: head.length };
}

/**
 * The whole plaintext.
 *
 * @throws SdkError `item_altered`
 */
export function decodeEnvelope(plaintext: Uint8Array): Envelope & { readonly head: EnvelopeHead } {
  const head = decodeFirstChunk(plaintext);
  const closing = asciiBytes(closingOf(head.boundary));
  const delimiter = asciiBytes(`--${head.boundary}`);
  const mimeEnd = indexOfBytes(plaintext, delimiter, head.mimeOffset) - CRLF.length;
  const unpaddedBytes = mimeEnd + closing.length;
  if (mimeEnd < head.mimeOffset || !equalBytes(closing, plaintext.subarray(mimeEnd, unpaddedBytes))) {
    throw altered('its end is missing');
  }
  if (plaintext.length !== paddedBodyBytes(unpaddedBytes)) throw altered('its padding has another size');
  const filler = new Uint8Array(plaintext.length - unpaddedBytes);
  fill(filler);
  if (!equalBytes(filler, plaintext.subarray(unpaddedBytes))) throw altered('its padding is not empty');
  const { note, checkpoint } = head;
  return { note, checkpoint, mime: plaintext.slice(head.mimeOffset, mimeEnd), head };
}

function tooLarge({ to, cc, attachments }: MessageStatement): SdkError {
  return attachments.length > to.length + cc.length
    ? new SdkError('message_too_large', 'there are too many attachments')
    : new SdkError('recipients_too_many', 'so many named recipients do not fit: write to some of them as Bcc');
}

interface HeadParts {
  readonly note: string;
  readonly checkpoint: string | null;
  readonly statement: MessageStatement;
  readonly boundary: string;
}

function headOf({ note, checkpoint, statement, boundary }: HeadParts): Uint8Array<ArrayBuffer> {
  const before = [
    `Date: ${formatDate(statement.dateSeconds)}`,
    `From: ${statement.from.address}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    'Content-Transfer-Encoding: binary',
    '',
    `--${boundary}`,
    'Content-Type: application/octet-stream',
    'Content-Disposition: attachment; filename="latchkey-statement.txt"',
    'Content-Transfer-Encoding: binary',
    '',
    '',
  ];
  const after = [
    '',
    `--${boundary}`,
    'Content-Type: message/rfc822',
    'Content-Disposition: inline',
    'Content-Transfer-Encoding: binary',
    '',
    '',
  ];
  const notes = checkpoint === null ? note : `${note}\n${checkpoint}`;
  return concatBytes(asciiBytes(before.join(CRLF)), utf8.decode(notes), asciiBytes(after.join(CRLF)));
}

function closingOf(boundary: string): string {
  return `${CRLF}--${boundary}--${CRLF}`;
}

function boundaryOf({ note }: UnverifiedStatement): string {
  return `latchkey-${base16.encode(statementTextHash(note.text)).toLowerCase().slice(0, BOUNDARY_HASH_CHARS)}`;
}

function fill(space: Uint8Array): void {
  for (let at = 0; at < space.length; at += FILLER_LINE.length) {
    space.set(FILLER_LINE.subarray(0, space.length - at), at);
  }
}

/** The text of a statement has no empty line: the first one stands before its signatures, the next one ends them. */
function cutNotes(bytes: Uint8Array): { note: string; checkpoint: string | null } {
  let text: string;
  try {
    text = utf8.encode(bytes);
  } catch (cause) {
    throw altered('its notes are not UTF-8', { cause });
  }
  const signatures = text.indexOf('\n\n') + 2;
  const end = text.indexOf('\n\n', signatures);
  if (end === -1) return { note: text, checkpoint: null };
  return { note: text.slice(0, end + 1), checkpoint: text.slice(end + 2) };
}

function parseStatementNote(note: string): UnverifiedStatement<MessageStatement> {
  try {
    const signed = parseSigned('latchkey/message/v1', note);
    if (signed.note.signatures.length === SIGNATURE_LINES) return signed;
  } catch (cause) {
    throw altered('its statement is not in the one form', { cause });
  }
  throw altered('its statement has other signatures than two');
}
