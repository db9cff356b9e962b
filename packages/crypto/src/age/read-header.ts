/**
 * Finds the end of a header in a stream, however the stream is cut (C2SP age, "Header": a section can be told
 * by its first three characters, so the header ends with the first line that starts with `---`).
 */
import { CryptoError } from '../errors.ts';
import type { ByteReader } from './byte-reader.ts';
import { concatBytes } from './bytes.ts';
import { VERSION_LINE } from './header.ts';
import { MAX_HEADER_BYTES } from './limits.ts';

const LINE_FEED = 0x0a;
const DASH = 0x2d;

/**
 * The bytes of the header; `reader` then stands at the first byte of the payload. Not parsed yet, but refused
 * at the first byte that shows that this is no age header, and never longer than MAX_HEADER_BYTES.
 * @throws CryptoError header_malformed, header_too_large
 */
export async function readHeader(reader: ByteReader): Promise<Uint8Array<ArrayBuffer>> {
  let header = new Uint8Array(1024);
  let size = 0;
  let column = 0;
  let dashes = 0;
  for (;;) {
    const piece = await reader.next();
    if (piece === null) throw new CryptoError('header_malformed', 'malformed age header: the file ends inside it');
    for (const [i, byte] of piece.entries()) {
      if (size < VERSION_LINE.length && byte !== VERSION_LINE[size])
        throw new CryptoError('header_malformed', 'malformed age header: the first line is not that of age v1');
      if (size === MAX_HEADER_BYTES)
        throw new CryptoError('header_too_large', 'the age header is larger than any that we open');
      if (size === header.length) header = concatBytes(header, new Uint8Array(header.length));
      header[size++] = byte;
      if (byte === LINE_FEED) {
        if (dashes === 3) {
          reader.unread(piece.subarray(i + 1));
          return header.slice(0, size);
        }
        column = 0;
        dashes = 0;
      } else {
        if (column < 3 && byte === DASH) dashes++;
        column++;
      }
    }
  }
}
