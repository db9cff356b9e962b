/**
 * Strict reading of Bech32 (BIP 173) of any length, as age writes recipients: lower case, one spelling per value. The
 * text of a hybrid recipient has 1,959 characters and is read for every header, so it is walked once, without lists
 * of its characters.
 */

const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const CHECKSUM_CHARS = 6;
const GROUP_BITS = 5;
/** Larger than any group, so that a foreign character shows in one comparison. */
const FOREIGN = 0x20;

const VALUES: Uint8Array = (() => {
  const values = new Uint8Array(128).fill(FOREIGN);
  for (let value = 0; value < ALPHABET.length; value++) values[ALPHABET.charCodeAt(value)] = value;
  return values;
})();

/** What the five bits that leave the checksum's register put back into it. */
const FEEDBACK: Uint32Array = Uint32Array.from({ length: 32 }, (_, leaving) =>
  GENERATORS.reduce((sum, generator, bit) => (((leaving >> bit) & 1) === 0 ? sum : sum ^ generator), 0),
);

/** The bytes after `prefix` and its separator; null where the text is not their one spelling. */
export function decodeBech32(prefix: string, text: string): Uint8Array | null {
  const from = prefix.length + 1;
  const to = text.length - CHECKSUM_CHARS;
  if (to < from || !text.startsWith(`${prefix}1`)) return null;
  const bytes = new Uint8Array(((to - from) * GROUP_BITS) >> 3);
  let checksum = checksumOfPrefix(prefix);
  let bits = 0;
  let bitCount = 0;
  let written = 0;
  for (let at = from; at < text.length; at++) {
    const value = VALUES[text.charCodeAt(at)] ?? FOREIGN;
    if (value === FOREIGN) return null;
    checksum = nextChecksum(checksum, value);
    if (at >= to) continue;
    bits = ((bits << GROUP_BITS) | value) & 0xfff;
    bitCount += GROUP_BITS;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes[written++] = bits >> bitCount;
  }
  // What is left over of the last group is less than a group, and zero.
  const isWhole = bitCount < GROUP_BITS && (bits & ((1 << bitCount) - 1)) === 0;
  return checksum === 1 && isWhole ? bytes : null;
}

function checksumOfPrefix(prefix: string): number {
  let checksum = 1;
  for (let at = 0; at < prefix.length; at++) checksum = nextChecksum(checksum, prefix.charCodeAt(at) >> GROUP_BITS);
  checksum = nextChecksum(checksum, 0);
  for (let at = 0; at < prefix.length; at++) checksum = nextChecksum(checksum, prefix.charCodeAt(at) & 0x1f);
  return checksum;
}

function nextChecksum(checksum: number, value: number): number {
  return ((checksum & 0x1ffffff) << GROUP_BITS) ^ value ^ (FEEDBACK[checksum >> 25] ?? 0);
}
