import { TlogError } from '../errors.ts';
import { nodeHash, type Sha256 } from './hash.ts';

/** The largest power of two that is smaller than `count`; for `count` of 2 at least (RFC 6962 section 2.1: k). */
export function splitPoint(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

/**
 * The Merkle Tree Hash over hashes that stand side by side (RFC 6962 section 2.1, with hashes in place of leaves). The
 * last one may stand for fewer leaves than the others, which stand for one power of two each.
 */
export function rangeRoot(hashes: readonly Uint8Array[], sha256: Sha256): Uint8Array {
  const [only] = hashes;
  if (only === undefined) throw new TlogError('argument_invalid', 'a range has at least one hash');
  if (hashes.length === 1) return only;
  // Level by level, the odd one out goes up as it is: the same tree as by splitting from above.
  let level = hashes;
  while (level.length > 1) level = parents(level, sha256);
  return level[0] ?? only;
}

/** One level up: the hashes of two side by side, and of an odd number the last as it is. */
export function parents(level: readonly Uint8Array[], sha256: Sha256): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let place = 0; place < level.length; place += 2) {
    const left = level[place];
    const right = level[place + 1];
    if (left !== undefined) above.push(right === undefined ? left : nodeHash(left, right, sha256));
  }
  return above;
}
