/**
 * Lengths that tell little (docs/spec/04-records.md, "Padding"). Padmé rounds a length of L bytes, with
 * E = floor(log2 L), up to a multiple of 2^(E − floor(log2 E) − 1): at most 12 % more, and only O(log log) bits leak.
 */
import { requireRange } from './engine/require-length.ts';

/** Lengths stay exact as numbers: 4 PiB. */
const LONGEST_BYTES: number = 2 ** 52;
const BODY_FLOOR_BYTES = 4096;
const RECORD_STEPS_BYTES: readonly number[] = [256, 1024, 4096, 16384];

/**
 * Padmé: `lengthBytes` rounded up so that at most 12 % are added; 0 and 1 stay.
 *
 * @throws CryptoError `argument_invalid` unless `lengthBytes` is a whole number from 0 to 2^52
 */
export function padmeBytes(lengthBytes: number): number {
  requireRange('length', lengthBytes, [0, LONGEST_BYTES]);
  const exponent = binaryDigits(lengthBytes) - 1;
  // For 0 and 1 a half: they come out as they are.
  const step = 2 ** (exponent - binaryDigits(exponent));
  return Math.ceil(lengthBytes / step) * step;
}

/**
 * Padded length of the body of a message or file: at least 4 KiB, then Padmé.
 *
 * @throws CryptoError `argument_invalid` unless `lengthBytes` is a whole number from 0 to 2^52
 */
export function paddedBodyBytes(lengthBytes: number): number {
  return Math.max(padmeBytes(lengthBytes), BODY_FLOOR_BYTES);
}

/**
 * Padded length of a record, its length prefix included: 256, 1 Ki, 4 Ki, 16 Ki, then Padmé.
 *
 * @throws CryptoError `argument_invalid` unless `lengthBytes` is a whole number from 0 to 2^52
 */
export function paddedRecordBytes(lengthBytes: number): number {
  requireRange('length', lengthBytes, [0, LONGEST_BYTES]);
  return RECORD_STEPS_BYTES.find((step) => step >= lengthBytes) ?? padmeBytes(lengthBytes);
}

/** Math.log2 would round up just below a power of two. */
function binaryDigits(value: number): number {
  return value.toString(2).length;
}
