import { TlogError } from '../errors.ts';
import { TILE_WIDTH } from '../limits.ts';
import { HASH_BYTES } from '../merkle/hash.ts';

/** The stored hash tiles of a log. */
export interface HashTiles {
  /**
   * The first `width` hashes of a tile (C2SP tlog-tiles, "Merkle Tree"): `width` × 32 bytes, or more where only a wider
   * version of the tile is left. Rejects where the tile cannot be had.
   */
  readTile(level: number, index: number, width: number): Promise<Uint8Array>;
}

/** A tile as it is to be stored under `formatTilePath`. */
export interface HashTile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
  /** `width` × 32 bytes. */
  readonly bytes: Uint8Array;
}

/** How many hashes there are at a tile level in a tree of that size; the last tile has what is left of them. */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** Width of a tile in a tree of that size; 0 where the tree does not reach it. */
export function tileWidth(size: number, { level, index }: { readonly level: number; readonly index: number }): number {
  return Math.max(0, Math.min(TILE_WIDTH, hashesAtLevel(size, level) - index * TILE_WIDTH));
}

/**
 * The hashes of one tile.
 * @throws TlogError `tile_wrong` where the store gives another number of bytes
 */
export async function readHashes(
  tiles: HashTiles,
  { level, index, width }: { readonly level: number; readonly index: number; readonly width: number },
): Promise<Uint8Array[]> {
  const bytes = await tiles.readTile(level, index, width);
  if (bytes.length % HASH_BYTES !== 0 || bytes.length < width * HASH_BYTES || bytes.length > TILE_WIDTH * HASH_BYTES) {
    throw new TlogError('tile_wrong', `a tile of width ${width} has not ${width * HASH_BYTES} bytes`);
  }
  return Array.from({ length: width }, (_, place) => bytes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES));
}
