/**
 * Reading an age file that was written as text (C2SP age, "ASCII armor"). One spelling per file: canonical
 * base64, every line but the last of 64 columns, one kind of line end from the first line on; whitespace is
 * allowed before and after, up to a limit.
 */
import { CryptoError } from '../errors.ts';
import { ARMOR_BEGIN, ARMOR_COLUMNS, ARMOR_END } from './armor-lines.ts';
import { decodeBase64Padded } from './base64.ts';
import { sameBytes } from './bytes.ts';
import { MAX_ARMOR_WHITESPACE_BYTES } from './limits.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const DASH = 0x2d;
const EQUALS_SIGN = 0x3d;

/** @throws CryptoError armor_malformed: after the bytes before the bad line, so the end must be waited for */
export async function* decodeArmor(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const decoder = new ArmorDecoder();
  for await (const piece of source) {
    const bytes = decoder.push(piece);
    if (bytes.length > 0) yield bytes;
  }
  decoder.end();
}

export function isArmorWhitespace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === LINE_FEED || byte === CARRIAGE_RETURN;
}

class ArmorDecoder {
  #place: 'before' | 'begin' | 'body' | 'after' = 'before';
  /** The line that is being read; one place for the carriage return. */
  readonly #line = new Uint8Array(ARMOR_COLUMNS + 1);
  #column = 0;
  #whitespaceBytes = 0;
  #endsWithReturn = false;
  /** True once a line was short or padded: only the end may follow. */
  #lastLineSeen = false;

  push(piece: Uint8Array): Uint8Array<ArrayBuffer> {
    const decoded = new Uint8Array(Math.ceil(((this.#column + piece.length) * 3) / 4));
    let size = 0;
    for (const byte of piece) {
      if (this.#place === 'before' || this.#place === 'after') {
        if (isArmorWhitespace(byte)) {
          this.#countWhitespace();
          continue;
        }
        if (this.#place === 'after') throw malformed('something follows the end line');
        this.#place = 'begin';
      }
      if (byte === LINE_FEED) {
        const bytes = this.#endLine();
        decoded.set(bytes, size);
        size += bytes.length;
        continue;
      }
      if (this.#column === this.#line.length) throw malformed('a line is too long');
      this.#line[this.#column++] = byte;
      // No base64 begins with a dash, and the end line need not end with a line feed.
      if (this.#place === 'body' && this.#line[0] === DASH && this.#column === ARMOR_END.length) this.#endBody();
    }
    return decoded.subarray(0, size);
  }

  end(): void {
    if (this.#place !== 'after') throw malformed('there is no end line');
  }

  #countWhitespace(): void {
    if (++this.#whitespaceBytes > MAX_ARMOR_WHITESPACE_BYTES) throw malformed('too much whitespace around it');
  }

  #endLine(): Uint8Array {
    const withReturn = this.#column > 0 && this.#line[this.#column - 1] === CARRIAGE_RETURN;
    const line = this.#line.subarray(0, withReturn ? this.#column - 1 : this.#column);
    this.#column = 0;
    if (this.#place === 'begin') {
      if (!sameBytes(line, ARMOR_BEGIN)) throw malformed('the first line is not that of an age file');
      this.#endsWithReturn = withReturn;
      this.#place = 'body';
      return line.subarray(0, 0);
    }
    if (withReturn !== this.#endsWithReturn) throw malformed('lines end in two ways');
    return this.#decodeLine(line);
  }

  #decodeLine(line: Uint8Array): Uint8Array {
    if (this.#lastLineSeen) throw malformed('a line follows the last one');
    this.#lastLineSeen = line.length < ARMOR_COLUMNS || line[line.length - 1] === EQUALS_SIGN;
    const bytes = line.length === 0 || line.length > ARMOR_COLUMNS ? null : decodeBase64Padded(line);
    if (bytes === null) throw malformed('a line is not canonical base64 of 64 columns');
    return bytes;
  }

  #endBody(): void {
    if (!sameBytes(this.#line.subarray(0, this.#column), ARMOR_END)) throw malformed('the end line is wrong');
    this.#column = 0;
    this.#whitespaceBytes = 0;
    this.#place = 'after';
  }
}

function malformed(why: string): CryptoError {
  return new CryptoError('armor_malformed', `malformed age armor: ${why}`);
}
