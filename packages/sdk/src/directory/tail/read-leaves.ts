/** The key log, leaf by leaf, up to a head. */
import { decodeLeaf, KeyDirectoryError, LEAF_BYTES, type KeyLeaf } from '@latchkey/key-directory';
import { leafHash, RunningTree, TILE_WIDTH } from '@latchkey/tlog';
import { equalBytes } from '../../signing/equal-bytes.ts';
import { fetchEntries, type TileSource } from './fetch-tiles.ts';
import { MOST_OWN_LEAVES, type TailCopy, type TailPlace } from './tail-place.ts';
import { TailRefused } from './tail-refused.ts';

/** One leaf as it comes. */
export interface TailedLeaf {
  readonly position: number;
  readonly flag: KeyLeaf['flag'];
  /** Under the own index. */
  readonly isOwn: boolean;
}

export interface LeavesToRead {
  readonly head: { readonly size: number; readonly rootHash: Uint8Array };
  /** 32 bytes. */
  readonly ownIndex: Uint8Array;
  readonly copy: TailCopy;
  readonly place: TailPlace;
  readonly onLeaf?: ((leaf: TailedLeaf) => void) | undefined;
  /** After each piece that was kept. */
  readonly onPlace: (place: TailPlace) => void;
}

/** Bundles asked for at once, and kept together. */
const TOGETHER = 8;

/**
 * Goes on from the place to the head. What came is kept as it comes, so that a later call goes on from there; that it
 * is the log's is known at the end.
 *
 * @returns the place at the head. @throws TailRefused; what the wire throws
 */
export async function readLeaves(source: TileSource, toRead: LeavesToRead): Promise<TailPlace> {
  const { head, copy } = toRead;
  let { place } = toRead;
  if (place.keys.size > head.size) throw new TailRefused('keys_rolled_back');
  const tree = new RunningTree(place.keys);
  while (tree.size < head.size) {
    const from = tree.size;
    const leaves = await fetchSome(source, { from, size: head.size });
    const own = [...place.own];
    for (const leaf of leaves) {
      const { flag, index } = readLeaf(leaf);
      const isOwn = equalBytes(index, toRead.ownIndex);
      if (isOwn && own.length < MOST_OWN_LEAVES) own.push(tree.size);
      toRead.onLeaf?.({ position: tree.size, flag, isOwn });
      tree.append(leafHash(leaf));
    }
    place = { ...place, own, keys: { size: tree.size, peaks: tree.peaks } };
    await copy.keep(place, { from, leaves: place.isKept ? leaves : [] });
    toRead.onPlace(place);
  }
  if (!equalBytes(tree.rootHash(), head.rootHash)) throw new TailRefused('entries_not_of_head');
  return place;
}

async function fetchSome(
  source: TileSource,
  { from, size }: { readonly from: number; readonly size: number },
): Promise<readonly Uint8Array[]> {
  const starts: number[] = [];
  for (let at = from; at < size && starts.length < TOGETHER; at = (Math.floor(at / TILE_WIDTH) + 1) * TILE_WIDTH) {
    starts.push(at);
  }
  const wanted = { size, maxEntryBytes: LEAF_BYTES };
  return (await Promise.all(starts.map((at) => fetchEntries(source, { from: at, ...wanted })))).flat();
}

function readLeaf(bytes: Uint8Array): KeyLeaf {
  try {
    return decodeLeaf(bytes);
  } catch (cause) {
    if (cause instanceof KeyDirectoryError) throw new TailRefused('leaf_malformed', { cause });
    throw cause;
  }
}
