/** Base32 and checked lines of docs/spec/05-account.md a second time. */
import { ascii, sha256 } from '../records/by-the-book.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648, section 6, in lower case, without padding. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((group) => ALPHABET[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

/** The fields with one space between, and the checksum that belongs to them. */
export function checkedLine(fields: readonly string[]): string {
  const line = fields.join(' ');
  return `${line} ${base32(sha256(ascii(line)).subarray(0, 5))}`;
}
