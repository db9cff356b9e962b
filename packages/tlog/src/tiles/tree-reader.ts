import { TlogError } from '../errors.ts';
import { TILE_WIDTH } from '../limits.ts';
import type { Sha256 } from '../merkle/hash.ts';
import { parents, rangeRoot } from '../merkle/range-root.ts';
import { readHashes, tileWidth, type HashTiles } from './hash-tiles.ts';

/** Leaves from `start` to before `end`. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

const TILE_HEIGHT = 8;

/** Hashes of ranges of one tree from its tiles; each tile is read once, and each of its nodes is hashed once. */
export class TreeReader {
  readonly #size: number;
  readonly #tiles: HashTiles;
  readonly #sha256: Sha256;
  /** Of each tile its hashes, and above them those of two, four, … side by side, as far as they were asked for. */
  readonly #read = new Map<string, Promise<Uint8Array[][]>>();

  constructor(size: number, tiles: HashTiles, sha256: Sha256) {
    this.#size = size;
    this.#tiles = tiles;
    this.#sha256 = sha256;
  }

  /**
   * MTH(D[start:end]) of RFC 6962 for a range that its recursion reaches: `start` is a multiple of a power of two that
   * is not smaller than the range.
   */
  async rangeHash({ start, end }: LeafRange): Promise<Uint8Array> {
    const parts: Promise<Uint8Array>[] = [];
    let place = start;
    for (let rest = end - start; rest > 0;) {
      let height = 0;
      while (2 ** (height + 1) <= rest) height += 1;
      parts.push(this.#subtree(height, place));
      place += 2 ** height;
      rest -= 2 ** height;
    }
    const roots = await Promise.all(parts);
    // Each part is larger than all that follow together: the tree leans left, so it is folded from the right.
    return roots.reduceRight((right, left) => rangeRoot([left, right], this.#sha256));
  }

  /** The root over 2^height leaves from `start`, a multiple of that. */
  async #subtree(height: number, start: number): Promise<Uint8Array> {
    const level = Math.floor(height / TILE_HEIGHT);
    const first = start / TILE_WIDTH ** level;
    const count = 2 ** (height % TILE_HEIGHT);
    const levels = await this.#tile(level, Math.floor(first / TILE_WIDTH));
    const above = height % TILE_HEIGHT;
    while (levels.length <= above) levels.push(parents(levels.at(-1) ?? [], this.#sha256));
    const hash = levels[above]?.[(first % TILE_WIDTH) / count];
    if (hash === undefined) throw new TlogError('tile_wrong', 'a tile ends before the tree does');
    return hash;
  }

  #tile(level: number, index: number): Promise<Uint8Array[][]> {
    const key = `${level}/${index}`;
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const width = tileWidth(this.#size, { level, index });
    const levels = readHashes(this.#tiles, { level, index, width }).then((hashes) => [hashes]);
    this.#read.set(key, levels);
    return levels;
  }
}
