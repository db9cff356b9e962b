/**
 * Whether a text is the one spelling of a hybrid recipient of age: Bech32 (BIP 173) in lower case, ML-KEM-768 (1,184 bytes)
 * and X25519 (32). Statements are read by the thousand, and the library's reading takes most of that time.
 */

const START = 'age1pq1';
const DATA_CHARS = 1_946;
const CHECKSUM_CHARS = 6;
/** 1,216 bytes are 9,728 bits, and 1,946 groups have two more: they are 0. */
const UNUSED_BITS = 0b11;
const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const FOREIGN = 0xff;

const VALUES: Uint8Array = (() => {
  const values = new Uint8Array(128).fill(FOREIGN);
  for (let value = 0; value < ALPHABET.length; value += 1) values[ALPHABET.charCodeAt(value)] = value;
  return values;
})();

/** What the five bits that leave the checksum's register put back into it. */
const FEEDBACK: Uint32Array = Uint32Array.from({ length: 32 }, (_, leaving) =>
  GENERATORS.reduce((sum, generator, bit) => (((leaving >> bit) & 1) === 0 ? sum : sum ^ generator), 0),
);

/** Of the prefix `age1pq`, as BIP 173 expands it: the upper bits of each character, 0, the lower bits. */
const BEGUN: number = (() => {
  const codes = Array.from('age1pq', (char) => char.charCodeAt(0));
  const expanded = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
  return expanded.reduce(next, 1);
})();

export function isHybridRecipient(text: string): boolean {
  if (text.length !== START.length + DATA_CHARS + CHECKSUM_CHARS || !text.startsWith(START)) return false;
  let checksum = BEGUN;
  for (let at = START.length; at < text.length; at += 1) {
    const value = VALUES[text.charCodeAt(at)] ?? FOREIGN;
    if (value === FOREIGN) return false;
    checksum = next(checksum, value);
  }
  const last = VALUES[text.charCodeAt(START.length + DATA_CHARS - 1)] ?? FOREIGN;
  return checksum === 1 && (last & UNUSED_BITS) === 0;
}

function next(checksum: number, value: number): number {
  return ((checksum & 0x1ffffff) << 5) ^ value ^ (FEEDBACK[checksum >> 25] ?? 0);
}
