/** UTF-8 without the platform's coders, which pure rooms do not have. Record bodies go up to a megabyte. */

const PIECE_CHARS = 8_192;

/** Of a well-formed text: lone surrogates are the caller's mistake. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 3);
  let size = 0;
  for (let at = 0; at < text.length; at += 1) {
    const point = text.codePointAt(at) ?? 0;
    if (point < 0x80) bytes[size++] = point;
    else {
      if (point > 0xffff) at += 1;
      const followers = point < 0x800 ? 1 : point < 0x1_0000 ? 2 : 3;
      bytes[size++] = ((0xff00 >> (followers + 1)) & 0xff) | (point >> (6 * followers));
      for (let left = followers - 1; left >= 0; left -= 1) bytes[size++] = 0x80 | ((point >> (6 * left)) & 0x3f);
    }
  }
  return bytes.slice(0, size);
}

/** Null where the bytes are no UTF-8 in its shortest form, surrogates among them (RFC 3629). */
export function decodeUtf8(bytes: Uint8Array): string | null {
  const pieces: string[] = [];
  let units: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0;
    const followers = followersOf(first);
    if (followers === null || at + followers >= bytes.length) return null;
    let point = followers === 0 ? first : first & (0x3f >> followers);
    for (let left = 1; left <= followers; left += 1) {
      const next = bytes[at + left] ?? 0;
      if ((next & 0xc0) !== 0x80) return null;
      point = (point << 6) | (next & 0x3f);
    }
    if (point < (LEAST_POINT[followers] ?? 0) || point > 0x10_ffff || (point >= 0xd800 && point < 0xe000)) return null;
    if (point > 0xffff) units.push(0xd800 + ((point - 0x1_0000) >> 10), 0xdc00 + (point & 0x3ff));
    else units.push(point);
    if (units.length >= PIECE_CHARS) {
      pieces.push(String.fromCharCode(...units));
      units = [];
    }
    at += 1 + followers;
  }
  pieces.push(String.fromCharCode(...units));
  return pieces.join('');
}

// The smallest code point that needs so many bytes after the first.
const LEAST_POINT: readonly number[] = [0, 0x80, 0x800, 0x1_0000];

function followersOf(first: number): number | null {
  if (first < 0x80) return 0;
  if (first < 0xc0) return null;
  if (first < 0xe0) return 1;
  if (first < 0xf0) return 2;
  return first < 0xf8 ? 3 : null;
}
