/** UTF-8 without the platform's coders, which pure rooms do not have. Record bodies go up to a megabyte. */

const PIECE_CHARS = 8_192;

// By the number of bytes that follow the first one (RFC 3629, section 3).
const LEAD = [0, 0xc0, 0xe0, 0xf0] as const;
const LEAD_BITS = [0x7f, 0x1f, 0x0f, 0x07] as const;
const LEAST_POINT = [0, 0x80, 0x800, 0x1_0000] as const;
type Followers = 0 | 1 | 2 | 3;

/** Of a well-formed text: lone surrogates are the caller's mistake. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 3);
  let size = 0;
  let at = 0;
  for (let point = text.codePointAt(at); point !== undefined; point = text.codePointAt(at)) {
    at += point > 0xffff ? 2 : 1;
    const followers = followersOfPoint(point);
    bytes[size++] = LEAD[followers] | (point >> (6 * followers));
    for (let left = followers - 1; left >= 0; left -= 1) bytes[size++] = 0x80 | ((point >> (6 * left)) & 0x3f);
  }
  return bytes.slice(0, size);
}

/** Null where the bytes are no UTF-8 in its shortest form, surrogates among them (RFC 3629). */
export function decodeUtf8(bytes: Uint8Array): string | null {
  return isAscii(bytes) ? textOfAscii(bytes) : textOfAny(bytes);
}

/** What most bodies are: read at once, not by its characters. */
function isAscii(bytes: Uint8Array): boolean {
  let seen = 0;
  for (let at = 0; at < bytes.length; at += 1) seen |= bytes[at] ?? 0;
  return seen < 0x80;
}

function textOfAscii(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE_CHARS) {
    text += Reflect.apply(String.fromCharCode, null, bytes.subarray(at, at + PIECE_CHARS));
  }
  return text;
}

function textOfAny(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pieces: string[] = [];
  let units: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = view.getUint8(at);
    const followers = followersOfLead(first);
    if (followers === null || at + followers >= bytes.length) return null;
    let point = first & LEAD_BITS[followers];
    for (let left = 1; left <= followers; left += 1) {
      const next = view.getUint8(at + left);
      if ((next & 0xc0) !== 0x80) return null;
      point = (point << 6) | (next & 0x3f);
    }
    if (point < LEAST_POINT[followers] || point > 0x10_ffff || (point >= 0xd800 && point < 0xe000)) return null;
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

function followersOfPoint(point: number): Followers {
  if (point < 0x80) return 0;
  if (point < 0x800) return 1;
  return point < 0x1_0000 ? 2 : 3;
}

function followersOfLead(first: number): Followers | null {
  if (first < 0x80) return 0;
  if (first < 0xc0) return null;
  if (first < 0xe0) return 1;
  if (first < 0xf0) return 2;
  return first < 0xf8 ? 3 : null;
}
