/** A message with its attachments in one file, as other mail programs take it. */
import { asciiBytes, textOfBytes, utf8Bytes } from './ascii.ts';
import { boundaryOf, mediaTypeText } from './compose-message.ts';
import { BASE64_LINE_BYTES, encodeBase64Lines } from './encode-base64.ts';
import { MimeError } from './errors.ts';
import { MAX_FILE_NAME_BYTES } from './limits.ts';

export interface ExportedAttachment {
  readonly name: string;
  readonly type: string;
  readonly read: () => AsyncIterable<Uint8Array>;
}

const CRLF = '\r\n';
/** Whole lines of base64, about 48 KiB of plain bytes. */
const PIECE_BYTES: number = BASE64_LINE_BYTES * 860;

/**
 * The message as it is, as the first part of a multipart/mixed; what its header says of its content goes with it. In
 * memory that does not grow with the attachments. Without attachments the message comes out unchanged.
 *
 * @throws MimeError `field_unfit`
 */
export async function* exportMessage(
  mime: Uint8Array,
  attachments: readonly ExportedAttachment[],
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  if (attachments.length === 0) {
    yield Uint8Array.from(mime);
    return;
  }
  // One character for each byte: whatever the message holds comes out as it was.
  const { envelope, content, body } = splitMessage(textOfBytes(mime));
  const boundary = freeBoundary(body);
  const head = [
    ...envelope,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    ...content,
    '',
    body,
  ];
  yield asciiBytes(head.join(CRLF));
  for (const { name, type, read } of attachments) {
    const part = [
      '',
      `--${boundary}`,
      `Content-Type: ${mediaTypeText(type)}`,
      `Content-Disposition: attachment;${CRLF} ${fileNameText(name)}`,
      'Content-Transfer-Encoding: base64',
      '',
      '',
    ];
    yield asciiBytes(part.join(CRLF));
    yield* encodedPieces(read());
  }
  yield asciiBytes(`${CRLF}--${boundary}--${CRLF}`);
}

interface Split {
  /** Fields of the header that are not about its content. */
  readonly envelope: readonly string[];
  readonly content: readonly string[];
  readonly body: string;
}

function splitMessage(message: string): Split {
  const end = /^\r?\n|\r?\n\r?\n/.exec(message);
  const header = message.slice(0, end?.index ?? message.length);
  const fields = header.split(/\r?\n(?![ \t])/).filter((field) => field !== '');
  const isContent = (field: string): boolean => /^content-/i.test(field);
  return {
    envelope: fields.filter((field) => !isContent(field) && !/^mime-version[ \t]*:/i.test(field)),
    content: fields.filter(isContent),
    body: end === null ? '' : message.slice(end.index + end[0].length),
  };
}

/** What the body cannot hold: the first of a row that it does not. */
function freeBoundary(body: string): string {
  const first = boundaryOf('mixed');
  let boundary = first;
  for (let number = 1; body.includes(`--${boundary}`); number += 1) boundary = `${first}-${number}`;
  return boundary;
}

/** `filename="…"` where that is enough, else RFC 2231, in pieces that fit a line. */
function fileNameText(name: string): string {
  if (!name.isWellFormed() || /[\p{Cc}\u2028\u2029]/u.test(name)) {
    throw new MimeError('field_unfit', 'a file name has a control character');
  }
  const bytes = utf8Bytes(name);
  if (bytes.length > MAX_FILE_NAME_BYTES) throw new MimeError('field_unfit', 'a file name is too long');
  if (/^[\w !#$&'()+,.=@^`{}~-]{1,60}$/.test(name)) return `filename="${name}"`;
  const tokens = Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    return /[\w.-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  const pieces: string[] = [];
  for (let at = 0; at < tokens.length || at === 0; at += 18) pieces.push(tokens.slice(at, at + 18).join(''));
  const [only = ''] = pieces;
  if (pieces.length === 1) return `filename*=UTF-8''${only}`;
  return pieces.map((piece, index) => `filename*${index}*=${index === 0 ? "UTF-8''" : ''}${piece}`).join(`;${CRLF} `);
}

/** Lines of 76 characters, whatever the pieces that were read. */
async function* encodedPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const held = new Uint8Array(PIECE_BYTES);
  let filled = 0;
  let started = false;
  const encode = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
    const lines = asciiBytes(`${started ? CRLF : ''}${encodeBase64Lines(bytes)}`);
    started = true;
    return lines;
  };
  for await (const piece of source) {
    for (let rest = piece; rest.length > 0;) {
      const taken = rest.subarray(0, PIECE_BYTES - filled);
      held.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
      if (filled < PIECE_BYTES) continue;
      yield encode(held);
      filled = 0;
    }
  }
  if (filled > 0) yield encode(held.subarray(0, filled));
}
