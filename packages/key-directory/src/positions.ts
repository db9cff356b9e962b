import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import type { Sha256 } from '@latchkey/tlog';
import { KeyDirectoryError } from './errors.ts';
import { MAX_POSITIONS } from './limits.ts';

/**
 * The value of a label in the index: SHA-256 of all its positions in the key log as 64-bit big-endian numbers.
 * @throws KeyDirectoryError `argument_invalid` unless the positions are strictly rising whole numbers, 1 to 65,536 of
 * them
 */
export function positionsHash(positions: readonly number[], sha256: Sha256 = nobleSha256): Uint8Array {
  if (!arePositions(positions) || positions.length === 0) {
    throw new KeyDirectoryError('argument_invalid', 'positions are strictly rising whole numbers');
  }
  const bytes = new Uint8Array(positions.length * 8);
  const view = new DataView(bytes.buffer);
  positions.forEach((position, at) => view.setBigUint64(at * 8, BigInt(position)));
  return sha256(bytes);
}

/** Whole numbers from 0, strictly rising, not too many: the one way to write a history. Empty is one too. */
export function arePositions(positions: readonly number[]): boolean {
  if (positions.length > MAX_POSITIONS) return false;
  return positions.every((position, at) => Number.isSafeInteger(position) && position > (positions[at - 1] ?? -1));
}
