/**
 * An age header for one hybrid recipient as it travels and is kept: 1,185 bytes for a text of 1,627, from which the text
 * is made again byte for byte. docs/spec/06-wire.md, "Short headers". No secret passes here.
 */
import { HEADER_BYTES } from './limits.ts';

const FORM = 0x01;

/** A header's text is these words, each but the last before a field in base64 without padding. */
const WORDS = ['age-encryption.org/v1\n-> mlkem768x25519 ', '\n', '\n--- ', '\n'] as const;
/** Encapsulated key, wrapped file key, MAC. */
const FIELD_BYTES = [1_120, 32, 32] as const;

const ALPHABET = asciiBytes('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
/** Larger than any sextet, so that one OR over all values shows a foreign character. */
const FOREIGN = 0x40;
const VALUES = new Uint8Array(256).fill(FOREIGN);
for (const [value, character] of ALPHABET.entries()) VALUES[character] = value;

/** The text with zeros where the fields are. */
const BLANK = asciiBytes(WORDS.map((words, field) => words + '\0'.repeat(columnsOf(FIELD_BYTES[field] ?? 0))).join(''));

/**
 * @param header the canonical text of a header with exactly one stanza, `mlkem768x25519`
 * @throws RangeError it is anything else
 */
export function encodeShortHeader(header: Uint8Array): Uint8Array<ArrayBuffer> {
  const short = new Uint8Array(HEADER_BYTES);
  short[0] = FORM;
  let areCanonical = header.length === BLANK.length && hasOurWords(header);
  for (const [inShort, inText] of fieldsOf(short, header)) areCanonical = readBase64(inText, inShort) && areCanonical;
  if (!areCanonical) throw new RangeError('only a header for one hybrid recipient has a short form');
  return short;
}

/** @returns the text, or null where these bytes are no short header */
export function decodeShortHeader(short: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (!isShortHeader(short)) return null;
  const header = BLANK.slice();
  for (const [inShort, inText] of fieldsOf(short, header)) writeBase64(inShort, inText);
  return header;
}

/** Whatever has this length and this first byte is the short form of exactly one text. */
export function isShortHeader(bytes: Uint8Array): boolean {
  return bytes.length === HEADER_BYTES && bytes[0] === FORM;
}

/** Each field where it stands in both forms. */
function* fieldsOf(short: Uint8Array, text: Uint8Array): Generator<readonly [Uint8Array, Uint8Array]> {
  let [shortAt, textAt] = [1, 0];
  for (const [place, lengthBytes] of FIELD_BYTES.entries()) {
    textAt += WORDS[place]?.length ?? 0;
    const columns = columnsOf(lengthBytes);
    yield [short.subarray(shortAt, shortAt + lengthBytes), text.subarray(textAt, textAt + columns)];
    shortAt += lengthBytes;
    textAt += columns;
  }
}

function columnsOf(lengthBytes: number): number {
  return Math.ceil((lengthBytes * 4) / 3);
}

/** @returns false for anything but the one spelling of these bytes, whose number is that of the array */
function readBase64(text: Uint8Array, bytes: Uint8Array): boolean {
  const whole = text.length - (text.length % 4);
  let seen = 0;
  let to = 0;
  for (let from = 0; from < whole; from += 4) {
    const a = sextet(text, from);
    const b = sextet(text, from + 1);
    const c = sextet(text, from + 2);
    const d = sextet(text, from + 3);
    seen |= a | b | c | d;
    bytes[to++] = (a << 2) | (b >> 4);
    bytes[to++] = (b << 4) | (c >> 2);
    bytes[to++] = (c << 6) | d;
  }
  // Two or three characters are left, of which the last has bits that mean nothing.
  const isLong = text.length - whole === 3;
  const a = sextet(text, whole);
  const b = sextet(text, whole + 1);
  const c = isLong ? sextet(text, whole + 2) : 0;
  bytes[to++] = (a << 2) | (b >> 4);
  if (isLong) bytes[to] = (b << 4) | (c >> 2);
  const unusedBits = isLong ? c & 0x03 : b & 0x0f;
  return ((seen | a | b | c) & FOREIGN) === 0 && unusedBits === 0;
}

function sextet(text: Uint8Array, at: number): number {
  return VALUES[text[at] ?? 0] ?? FOREIGN;
}

/** Writing past the end of a typed array is without effect: a short last group is cut off here. */
function writeBase64(bytes: Uint8Array, text: Uint8Array): void {
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const group = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    text[to] = ALPHABET[group >> 18] ?? 0;
    text[to + 1] = ALPHABET[(group >> 12) & 63] ?? 0;
    text[to + 2] = ALPHABET[(group >> 6) & 63] ?? 0;
    text[to + 3] = ALPHABET[group & 63] ?? 0;
  }
}

/** Compared where the fields are not: what is zero in the blank text. */
function hasOurWords(header: Uint8Array): boolean {
  for (let at = 0; at < BLANK.length; at++) if (BLANK[at] !== 0 && BLANK[at] !== header[at]) return false;
  return true;
}

function asciiBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
