import { CryptoError } from '../errors.ts';

/**
 * For arguments that this side made itself (keys, nonces, seeds): a wrong length is a bug, never an answer.
 *
 * @throws CryptoError `argument_invalid`
 */
export function requireLength(name: string, bytes: Uint8Array, lengthBytes: number): void {
  if (bytes.length !== lengthBytes) {
    throw new CryptoError('argument_invalid', `${name} must be ${lengthBytes} bytes, got ${bytes.length}`);
  }
}

/** @throws CryptoError `argument_invalid` */
export function requireRange(name: string, value: number, range: readonly [lowest: number, highest: number]): void {
  if (!Number.isSafeInteger(value) || value < range[0] || value > range[1]) {
    throw new CryptoError('argument_invalid', `${name} must be a whole number from ${range[0]} to ${range[1]}`);
  }
}
