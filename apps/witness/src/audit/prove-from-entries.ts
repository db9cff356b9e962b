import { leafHash, proveConsistency, proveInclusion, RunningTree, TILE_WIDTH, type HashTiles } from '@latchkey/tlog';
import type { EntryFile } from './entry-file.ts';

/** The inclusion proof of an entry, from the entries alone: for evidence, which is rare, so nothing is kept for it. */
export function inclusionFromEntries(
  entries: EntryFile,
  where: { readonly index: number; readonly size: number },
): Promise<Uint8Array[]> {
  return proveInclusion(where, tilesOf(entries));
}

/** The consistency proof between two sizes, from the entries alone. */
export function consistencyFromEntries(
  entries: EntryFile,
  sizes: { readonly oldSize: number; readonly newSize: number },
): Promise<Uint8Array[]> {
  return proveConsistency(sizes, tilesOf(entries));
}

function tilesOf(entries: EntryFile): HashTiles {
  return {
    async readTile(level, index, width) {
      const each = TILE_WIDTH ** level;
      const hashes = Array.from({ length: width }, (_, place) => {
        const from = (index * TILE_WIDTH + place) * each;
        const tree = new RunningTree();
        for (const entry of entries.read(from, from + each)) tree.append(leafHash(entry));
        return tree.rootHash();
      });
      return new Uint8Array(Buffer.concat(hashes));
    },
  };
}
