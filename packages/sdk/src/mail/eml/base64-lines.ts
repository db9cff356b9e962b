/** Base64 in lines of 76 characters, each with its CRLF (RFC 2045 section 6.8), as a stream. */

const ALPHABET: Uint8Array = Uint8Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  (character) => character.charCodeAt(0),
);
const LINE_BYTES = 57;
/** Lines that are encoded together. */
const BLOCK_BYTES: number = LINE_BYTES * 512;
const [CARRIAGE_RETURN, LINE_FEED, EQUALS] = [0x0d, 0x0a, 0x3d];

export async function* base64Lines(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const block = new Uint8Array(BLOCK_BYTES);
  let size = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const used = Math.min(piece.length - at, BLOCK_BYTES - size);
      block.set(piece.subarray(at, at + used), size);
      at += used;
      size += used;
      if (size < BLOCK_BYTES) continue;
      yield encodeLines(block);
      size = 0;
    }
  }
  if (size > 0) yield encodeLines(block.subarray(0, size));
}

function encodeLines(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const lines = Math.ceil(bytes.length / LINE_BYTES);
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4 + lines * 2);
  let to = 0;
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text[to++] = ALPHABET[bits >> 18] ?? 0;
    text[to++] = ALPHABET[(bits >> 12) & 63] ?? 0;
    text[to++] = left > 1 ? (ALPHABET[(bits >> 6) & 63] ?? 0) : EQUALS;
    text[to++] = left > 2 ? (ALPHABET[bits & 63] ?? 0) : EQUALS;
    if ((at + 3) % LINE_BYTES !== 0 && left > 3) continue;
    text[to++] = CARRIAGE_RETURN;
    text[to++] = LINE_FEED;
  }
  return text;
}
