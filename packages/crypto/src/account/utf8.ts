/** UTF-8 of a well-formed text. This room has no TextEncoder; callers have refused lone surrogates. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 3);
  let size = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) bytes[size++] = point;
    else {
      const followers = point < 0x800 ? 1 : point < 0x1_0000 ? 2 : 3;
      bytes[size++] = ((0xff00 >> (followers + 1)) & 0xff) | (point >> (6 * followers));
      for (let left = followers - 1; left >= 0; left--) bytes[size++] = 0x80 | ((point >> (6 * left)) & 0x3f);
    }
  }
  const whole = bytes.slice(0, size);
  bytes.fill(0);
  return whole;
}
