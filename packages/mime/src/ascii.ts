/** Bytes of text without the platform's encoder, which pure rooms do not have. */

/** The caller vouches that `text` is ASCII. */
export function asciiBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Each byte becomes the character of the same number. */
export function textOfBytes(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 4096) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 4096)));
  return pieces.join('');
}

/** UTF-8; the caller vouches that `text` is well-formed. */
export function utf8Bytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 3);
  let size = 0;
  const put = (byte: number): void => {
    bytes[size] = byte;
    size += 1;
  };
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) {
      put(point);
      continue;
    }
    if (point < 0x800) put(0xc0 | (point >> 6));
    else {
      if (point < 0x1_0000) put(0xe0 | (point >> 12));
      else {
        put(0xf0 | (point >> 18));
        put(0x80 | ((point >> 12) & 0x3f));
      }
      put(0x80 | ((point >> 6) & 0x3f));
    }
    put(0x80 | (point & 0x3f));
  }
  return bytes.slice(0, size);
}
