import { MAX_DELIMITER_LINES } from './limits.ts';

const DASH = 0x2d;
const LINE_FEED = 0x0a;

/**
 * Whether the lines that begin with `--` are few enough. Every part of a multipart begins with one, so that this bounds
 * the parts before a parser makes anything of them.
 */
export function delimiterLinesFit(bytes: Uint8Array): boolean {
  let count = 0;
  for (let at = 0; at !== -1; at = bytes.indexOf(LINE_FEED, at) + 1 || -1) {
    if (bytes[at] === DASH && bytes[at + 1] === DASH) count += 1;
    if (count > MAX_DELIMITER_LINES) return false;
  }
  return true;
}
