import { isCount } from '../decimal.ts';
import { TlogError } from '../errors.ts';
import { copyBytes, defaultSha256, type Sha256 } from '../merkle/hash.ts';
import { splitPoint } from '../merkle/range-root.ts';
import type { HashTiles } from './hash-tiles.ts';
import { TreeReader, type LeafRange } from './tree-reader.ts';

/**
 * PATH(index, D[size]) of RFC 6962 section 2.1.1, from stored tiles: what `verifyInclusion` takes. Tiles that lie give a
 * proof that does not verify.
 * @throws TlogError `tile_wrong`; `argument_invalid` unless index < size
 */
export function proveInclusion(
  { index, size }: { readonly index: number; readonly size: number },
  tiles: HashTiles,
  sha256: Sha256 = defaultSha256,
): Promise<Uint8Array[]> {
  return inclusionProver(size, tiles, sha256)(index);
}

/**
 * The same for many leaves of one tree: no tile is read, and none of its nodes hashed, twice. It keeps what it has read.
 */
export function inclusionProver(
  size: number,
  tiles: HashTiles,
  sha256: Sha256 = defaultSha256,
): (index: number) => Promise<Uint8Array[]> {
  const reader = new TreeReader(size, tiles, sha256);
  return (index) => hashesOf(inclusionRanges(index, size), reader);
}

function inclusionRanges(index: number, size: number): readonly LeafRange[] {
  if (!isCount(index) || !isCount(size) || index >= size) {
    throw new TlogError('argument_invalid', 'an index is below the size of its tree');
  }
  const siblings: LeafRange[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      siblings.push({ start: middle, end });
      end = middle;
    } else {
      siblings.push({ start, end: middle });
      start = middle;
    }
  }
  return siblings;
}

/**
 * PROOF(oldSize, D[newSize]) of RFC 6962 section 2.1.2, from stored tiles: what `verifyConsistency` takes. Empty where
 * the old tree is empty or the sizes are equal.
 * @throws TlogError `tile_wrong`; `argument_invalid` unless oldSize ≤ newSize
 */
export function proveConsistency(
  { oldSize, newSize }: { readonly oldSize: number; readonly newSize: number },
  tiles: HashTiles,
  sha256: Sha256 = defaultSha256,
): Promise<Uint8Array[]> {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize) {
    throw new TlogError('argument_invalid', 'the old size is not above the new one');
  }
  if (oldSize === 0) return Promise.resolve([]);
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = newSize;
  while (oldSize < end) {
    const middle = start + splitPoint(end - start);
    if (oldSize <= middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  // The verifier has the old root itself: it is sent only where it is a part of the old tree.
  if (start > 0) ranges.push({ start, end });
  return hashesOf(ranges, new TreeReader(newSize, tiles, sha256));
}

/** Found from the root down, sent from the leaf up. */
function hashesOf(ranges: readonly LeafRange[], reader: TreeReader): Promise<Uint8Array[]> {
  return Promise.all(ranges.toReversed().map(async (range) => copyBytes(await reader.rangeHash(range))));
}
