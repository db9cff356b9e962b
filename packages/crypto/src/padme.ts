/**
 * Lengths that tell little (docs/spec/02-records.md, "Padding"). Padmé rounds a length of L bytes, with
 * E = floor(log2 L), up to a multiple of 2^(E − floor(log2 E) − 1): at most 12 % more, and only O(log log) bits leak.
 */
import { requireRange } from './engine/require-length.ts';

/** Lengths stay exact as numbers: 4 PiB. */
const LONGEST_BYTES: number = 2 ** 52;
const BODY_FLOOR_BYTES = 4096;
const RECORD_STEPS_BYTES: readonly number[] = [256, 1024, 4096, 16384];

/** @throws CryptoError `argument_invalid` unless `lengthBytes` is a whole number from 0 to 2^52 */
export function padmeBytes(lengthBytes: number): number {
  requireRange('length', lengthBytes, [0, LONGEST_BYTES]);
  if (lengthBytes < 2) return lengthBytes;
  const exponent = bitLength(lengthBytes) - 1;
  const step = 2 ** (exponent - bitLength(exponent));
  return Math.ceil(lengthBytes / step) * step;
}

/** Padded length of the body of a message or file: at least 4 KiB, then Padmé. */
export function paddedBodyBytes(lengthBytes: number): number {
  return Math.max(padmeBytes(lengthBytes), BODY_FLOOR_BYTES);
}

/** Padded length of a record, its length prefix included: 256, 1 Ki, 4 Ki, 16 Ki, then Padmé. */
export function paddedRecordBytes(lengthBytes: number): number {
  return RECORD_STEPS_BYTES.find((step) => step >= lengthBytes) ?? padmeBytes(lengthBytes);
}

/** Number of binary digits. Math.log2 would round up just below a power of two. */
function bitLength(value: number): number {
  return value < 2 ** 32 ? 32 - Math.clz32(value) : 64 - Math.clz32(Math.floor(value / 2 ** 32));
}
