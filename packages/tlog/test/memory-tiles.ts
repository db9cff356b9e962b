import { formatTilePath } from '../src/tiles/tile-path.ts';
import type { HashTile, HashTiles } from '../src/tiles/hash-tiles.ts';

/** Tiles by path, as a web server would have them; a missing partial tile is answered with the full one. */
export class MemoryTiles implements HashTiles {
  readonly files = new Map<string, Uint8Array>();

  keep(tiles: readonly HashTile[]): void {
    for (const { bytes, ...name } of tiles) this.files.set(formatTilePath(name), bytes);
  }

  readTile(level: number, index: number, width: number): Promise<Uint8Array> {
    for (let wider = width; wider <= 256; wider += 1) {
      const bytes = this.files.get(formatTilePath({ level, index, width: wider }));
      if (bytes !== undefined) return Promise.resolve(bytes);
    }
    return Promise.reject(new Error(`no tile ${level}/${index} of width ${width}`));
  }
}
