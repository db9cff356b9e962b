/** An age file as text (C2SP age, "ASCII armor"). */
import { ARMOR_BEGIN, ARMOR_COLUMNS, ARMOR_END, ARMOR_LINE_BYTES } from './armor-lines.ts';
import { encodeBase64, encodeBase64Padded } from './base64.ts';
import { asciiBytes, concatBytes } from './bytes.ts';

const LINE_FEED = 0x0a;
const NEW_LINE = asciiBytes('\n');

/** Lines of 64 columns, each ended by a line feed. Constant memory. */
export async function* encodeArmor(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  yield concatBytes(ARMOR_BEGIN, NEW_LINE);
  let left: Uint8Array = new Uint8Array(0);
  for await (const piece of source) {
    const bytes = concatBytes(left, piece);
    const full = bytes.length - (bytes.length % ARMOR_LINE_BYTES);
    if (full > 0) yield fullLines(bytes.subarray(0, full));
    left = bytes.subarray(full);
  }
  const lastLine = left.length > 0 ? concatBytes(encodeBase64Padded(left), NEW_LINE) : left;
  yield concatBytes(lastLine, ARMOR_END, NEW_LINE);
}

function fullLines(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = encodeBase64(bytes);
  const lineCount = text.length / ARMOR_COLUMNS;
  const lines = new Uint8Array(text.length + lineCount).fill(LINE_FEED);
  for (let line = 0; line < lineCount; line++)
    lines.set(text.subarray(line * ARMOR_COLUMNS, (line + 1) * ARMOR_COLUMNS), line * (ARMOR_COLUMNS + 1));
  return lines;
}
