import { encodeUtf8 } from '../../sync/utf8-text.ts';
import type { MessageAttachment } from '../types.ts';

/** Of an encoded name in one line: RFC 5322 2.1.1 asks for lines of 78 characters at most. */
const PIECE_CHARS = 54;

/** The fields before the bytes of an attachment, with the empty line. Printable ASCII. */
export function attachmentHeader({ name, type }: MessageAttachment): string {
  // Multiparts and messages may not stand in base64 (RFC 2045 section 6.4).
  const shown = /^(?:multipart|message)\//.test(type) ? 'application/octet-stream' : type;
  return [
    `Content-Type: ${shown}`,
    `Content-Disposition: attachment;\r\n${fileName(name)}`,
    'Content-Transfer-Encoding: base64',
    '\r\n',
  ].join('\r\n');
}

/** RFC 2231 sections 3 and 4: percent-encoded UTF-8, in numbered pieces where it is long. */
function fileName(name: string): string {
  if (/^[\w .()+-]{1,54}$/.test(name)) return ` filename="${name}"`;
  const encoded: string[] = [];
  for (const byte of encodeUtf8(name.toWellFormed())) encoded.push(percent(byte));
  const pieces: string[] = [''];
  for (const each of encoded) {
    const last = pieces.at(-1) ?? '';
    if (last.length + each.length > PIECE_CHARS) pieces.push(each);
    else pieces[pieces.length - 1] = last + each;
  }
  if (pieces.length === 1) return ` filename*=utf-8''${pieces[0] ?? ''}`;
  return pieces.map((piece, index) => ` filename*${index}*=${index === 0 ? "utf-8''" : ''}${piece}`).join(';\r\n');
}

function percent(byte: number): string {
  const character = String.fromCharCode(byte);
  return /^[A-Za-z0-9._-]$/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
