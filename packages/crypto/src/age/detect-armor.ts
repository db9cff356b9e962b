import { ByteReader } from './byte-reader.ts';
import { concatBytes } from './bytes.ts';
import { decodeArmor, isArmorWhitespace } from './decode-armor.ts';
import { MAX_ARMOR_WHITESPACE_BYTES } from './limits.ts';

const DASH = 0x2d;

export interface BinarySource {
  readonly armored: boolean;
  /** The age file without armor. */
  readonly reader: ByteReader;
}

/** A binary age file begins with a letter, armor with a dash after whitespace (C2SP age, "ASCII armor"). */
export async function detectArmor(source: AsyncIterable<Uint8Array>): Promise<BinarySource> {
  const reader = new ByteReader(source);
  let start = new Uint8Array(0);
  while (start.every(isArmorWhitespace) && start.length <= MAX_ARMOR_WHITESPACE_BYTES) {
    const piece = await reader.next();
    if (piece === null) break;
    start = concatBytes(start, piece);
  }
  reader.unread(start);
  const armored = start.find((byte) => !isArmorWhitespace(byte)) === DASH;
  return { armored, reader: armored ? new ByteReader(decodeArmor(reader.rest())) : reader };
}
