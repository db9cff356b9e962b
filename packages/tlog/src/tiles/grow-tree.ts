import { concatBytes } from '@noble/hashes/utils.js';
import { isCount } from '../decimal.ts';
import { TlogError } from '../errors.ts';
import { TILE_WIDTH } from '../limits.ts';
import { copyBytes, defaultSha256, EMPTY_ROOT, isHash, type Sha256 } from '../merkle/hash.ts';
import { rangeRoot } from '../merkle/range-root.ts';
import { hashesAtLevel, readHashes, type HashTile, type HashTiles } from './hash-tiles.ts';

export interface Growth {
  readonly size: number;
  readonly rootHash: Uint8Array;
  /** Every tile that is new or wider than before, full and partial; to be stored before the checkpoint is. */
  readonly tiles: readonly HashTile[];
}

/**
 * A tree after more leaves: the tiles to store and the new root. Reads the partial tiles of the old size only, one a
 * level. They are believed: whoever stores tiles where others can write compares `treeRoot` with a signed head first.
 * @throws TlogError `tile_wrong`; `argument_invalid` for a size or a hash that is none
 */
export async function growTree(options: {
  readonly oldSize: number;
  readonly tiles: HashTiles;
  readonly leafHashes: readonly Uint8Array[];
  readonly sha256?: Sha256;
}): Promise<Growth> {
  const { oldSize, leafHashes, sha256 = defaultSha256 } = options;
  const size = oldSize + leafHashes.length;
  if (!isCount(oldSize) || !isCount(size) || !leafHashes.every(isHash)) {
    throw new TlogError('argument_invalid', 'a tree grows from a size by hashes of 32 bytes');
  }
  const grown: HashTile[] = [];
  /** The hashes of the last tile of each level, from level 0 up. */
  const edge: Uint8Array[][] = [];
  let added: readonly Uint8Array[] = leafHashes;
  for (let level = 0; hashesAtLevel(size, level) > 0; level += 1) {
    const before = hashesAtLevel(oldSize, level);
    let index = Math.floor(before / TILE_WIDTH);
    const kept = before % TILE_WIDTH;
    const hashes = kept === 0 ? [] : await readHashes(options.tiles, { level, index, width: kept });
    let changed = false;
    const full: Uint8Array[] = [];
    let current = hashes;
    for (const hash of added) {
      current.push(hash);
      changed = true;
      if (current.length === TILE_WIDTH) {
        grown.push({ level, index, width: TILE_WIDTH, bytes: concatBytes(...current) });
        full.push(rangeRoot(current, sha256));
        current = [];
        index += 1;
        changed = false;
      }
    }
    if (changed) grown.push({ level, index, width: current.length, bytes: concatBytes(...current) });
    edge.push(current);
    added = full;
  }
  return { size, rootHash: edgeRoot(edge, sha256), tiles: grown };
}

/**
 * The root of a stored tree. Reads the partial tiles of that size only, one a level.
 * @throws TlogError `tile_wrong`; `argument_invalid` for a size that is none
 */
export async function treeRoot(size: number, tiles: HashTiles, sha256?: Sha256): Promise<Uint8Array> {
  const { rootHash } = await growTree({
    oldSize: size,
    tiles,
    leafHashes: [],
    ...(sha256 === undefined ? {} : { sha256 }),
  });
  return rootHash;
}

/** What a level has left over stands to the right of nothing but what the levels below have left over. */
function edgeRoot(edge: readonly (readonly Uint8Array[])[], sha256: Sha256): Uint8Array {
  let below: Uint8Array | null = null;
  for (const hashes of edge) {
    const range: Uint8Array[] = below === null ? [...hashes] : [...hashes, below];
    if (range.length > 0) below = rangeRoot(range, sha256);
  }
  return copyBytes(below ?? EMPTY_ROOT);
}
