const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648 section 4, with padding, on one line. */
export function encodeBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.subarray(at, at + 3);
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    pieces.push(
      ALPHABET.charAt(bits >> 18) + ALPHABET.charAt((bits >> 12) & 63),
      second === undefined ? '=' : ALPHABET.charAt((bits >> 6) & 63),
      third === undefined ? '=' : ALPHABET.charAt(bits & 63),
    );
  }
  return pieces.join('');
}

/** Bytes of a line of 76 characters (RFC 2045 6.8). */
export const BASE64_LINE_BYTES = 57;

/** Lines of 76 characters, with CRLF between them and none at the end. */
export function encodeBase64Lines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += BASE64_LINE_BYTES) {
    lines.push(encodeBase64(bytes.subarray(at, at + BASE64_LINE_BYTES)));
  }
  return lines.join('\r\n');
}
