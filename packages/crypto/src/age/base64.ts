/**
 * Strict base64 over ASCII bytes (RFC 4648, section 4): canonical only, one spelling per value (section 3.5).
 * Headers use it without padding, armor with padding.
 */
import { asciiBytes } from './bytes.ts';

const ALPHABET = asciiBytes('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const EQUALS_SIGN = 0x3d;
/** Larger than any sextet, so that one OR over four values shows a foreign character. */
const FOREIGN = 0x40;

const VALUES: Uint8Array = (() => {
  const values = new Uint8Array(256).fill(FOREIGN);
  for (const [value, character] of ALPHABET.entries()) values[character] = value;
  return values;
})();

function valueAt(text: Uint8Array, at: number): number {
  return VALUES[text[at] ?? 0] ?? FOREIGN;
}

export function encodeBase64(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const group = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    // Writing past the end of a typed array is without effect: a short last group is cut off here.
    text[to] = ALPHABET[group >> 18] ?? 0;
    text[to + 1] = ALPHABET[(group >> 12) & 63] ?? 0;
    text[to + 2] = ALPHABET[(group >> 6) & 63] ?? 0;
    text[to + 3] = ALPHABET[group & 63] ?? 0;
  }
  return text;
}

/** Null where the text is not the one canonical, unpadded spelling of some bytes. */
export function decodeBase64(text: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const left = text.length % 4;
  if (left === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  const whole = text.length - left;
  let seen = 0;
  let to = 0;
  for (let from = 0; from < whole; from += 4) {
    const a = valueAt(text, from);
    const b = valueAt(text, from + 1);
    const c = valueAt(text, from + 2);
    const d = valueAt(text, from + 3);
    seen |= a | b | c | d;
    bytes[to++] = (a << 2) | (b >> 4);
    bytes[to++] = (b << 4) | (c >> 2);
    bytes[to++] = (c << 6) | d;
  }
  if (left > 0) {
    const a = valueAt(text, whole);
    const b = valueAt(text, whole + 1);
    const c = left === 3 ? valueAt(text, whole + 2) : 0;
    seen |= a | b | c;
    bytes[to++] = (a << 2) | (b >> 4);
    if (left === 3) bytes[to++] = (b << 4) | (c >> 2);
    const unusedBits = left === 3 ? c & 0x03 : b & 0x0f;
    if (unusedBits !== 0) return null;
  }
  return (seen & FOREIGN) === 0 ? bytes : null;
}

export function encodeBase64Padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = encodeBase64(bytes);
  const padded = new Uint8Array(Math.ceil(text.length / 4) * 4).fill(EQUALS_SIGN);
  padded.set(text);
  return padded;
}

/** Null where the text is not the one canonical, padded spelling of some bytes. */
export function decodeBase64Padded(text: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0) return null;
  let end = text.length;
  while (end > text.length - 2 && text[end - 1] === EQUALS_SIGN) end--;
  return decodeBase64(text.subarray(0, end));
}
