/** Rule 7: the map root of every index leaf, against a replay of the key log. */
import {
  compareIndexLeaf,
  KeyDirectoryError,
  readIndexLeaf,
  type Replay,
  type ReadIndexLeaf,
} from '@latchkey/key-directory';
import type { TreeHead } from '@latchkey/key-directory/verify';
import { leafHash, RunningTree, TILE_WIDTH } from '@latchkey/tlog';
import { equalBytes } from '../../signing/equal-bytes.ts';
import type { Clock, StopSignal } from '../../ports.ts';
import { SdkError } from '../../errors.ts';
import { fetchedTiles, fetchEntries, MOST_INDEX_ENTRY_BYTES, type TileSource } from './fetch-tiles.ts';
import { FIRST_HEADS } from './tail-effort.ts';
import type { TailCopy, TailPlace } from './tail-place.ts';
import { TailRefused } from './tail-refused.ts';

/** One head whose roots were compared. */
export interface TailedHead {
  readonly position: number;
  readonly keysSize: number;
}

export interface HeadsToReplay {
  readonly index: TreeHead;
  /** The index log's last entry, as the head was shown with: it needs no fetching. */
  readonly lastLeaf: Uint8Array;
  readonly clock: Clock;
  readonly copy: TailCopy;
  readonly place: TailPlace;
  /** Stays with a process, so that only what is new is replayed. */
  readonly replay: Replay;
  readonly onHead?: ((head: TailedHead) => void) | undefined;
}

type IndexPlace = NonNullable<TailPlace['index']>;

/** A long replay gives way to others so often. */
const LEAVES_AT_ONCE = 4_096;

/** @returns the place behind the last index leaf. @throws TailRefused, SdkError `stopped`; what the wire throws */
export async function replayHeads(source: TileSource, toReplay: HeadsToReplay): Promise<TailPlace> {
  const { index: head, copy } = toReplay;
  let { place } = toReplay;
  let index = place.index ?? (await firstPlace(source, head.size));
  if (index.size > head.size) throw new TailRefused('keys_rolled_back');
  while (index.size < head.size) {
    const tree = new RunningTree(index);
    for (const leaf of await someHeads(source, toReplay, index.size)) {
      await judge(source, toReplay, { leaf, position: tree.size });
      tree.append(leafHash(leaf));
    }
    index = { first: index.first, size: tree.size, peaks: tree.peaks };
    if (index.size === head.size) break;
    place = { ...place, index };
    await copy.keep(place, { from: place.keys.size, leaves: [] });
  }
  if (!equalBytes(new RunningTree(index).rootHash(), head.rootHash)) throw new TailRefused('entries_not_of_head');
  return { ...place, index };
}

async function someHeads(
  source: TileSource,
  { index: { size }, lastLeaf }: HeadsToReplay,
  from: number,
): Promise<readonly Uint8Array[]> {
  if (from === size - 1) return [lastLeaf];
  return fetchEntries(source, { from, size, maxEntryBytes: MOST_INDEX_ENTRY_BYTES });
}

async function judge(
  source: TileSource,
  toReplay: HeadsToReplay,
  { leaf: bytes, position }: { readonly leaf: Uint8Array; readonly position: number },
): Promise<void> {
  const { place, replay, onHead } = toReplay;
  const at = { indexPosition: position, indexLeaf: bytes };
  const leaf = readLeaf(bytes, at);
  if (leaf.keys.size > place.keys.size) throw new TailRefused('keys_rolled_back', at);
  try {
    await readOn(replay, { ...toReplay, upTo: leaf.keys.size, signal: source.signal });
  } catch (cause) {
    if (cause instanceof KeyDirectoryError && (cause.code === 'genesis_twice' || cause.code === 'genesis_missing')) {
      throw new TailRefused(cause.code, { cause, ...at });
    }
    throw cause;
  }
  const refusal = compareIndexLeaf(replay, leaf);
  if (refusal !== null) throw new TailRefused(refusal.reason as TailRefused['reason'], at);
  onHead?.({ position, keysSize: leaf.keys.size });
}

function readLeaf(
  bytes: Uint8Array,
  at: { readonly indexPosition: number; readonly indexLeaf: Uint8Array },
): ReadIndexLeaf {
  try {
    return readIndexLeaf(bytes);
  } catch (cause) {
    if (cause instanceof KeyDirectoryError) throw new TailRefused('index_leaf_malformed', { cause, ...at });
    throw cause;
  }
}

async function readOn(
  replay: Replay,
  {
    copy,
    clock,
    upTo,
    signal,
  }: Pick<HeadsToReplay, 'copy' | 'clock'> & { readonly upTo: number; readonly signal: StopSignal | undefined },
): Promise<void> {
  if (replay.size >= upTo) return;
  for await (const leaf of copy.leaves(replay.size)) {
    replay.add(leaf);
    if (replay.size === upTo) return;
    if (replay.size % LEAVES_AT_ONCE === 0) {
      await clock.sleep(0);
      if (signal?.aborted === true) throw new SdkError('stopped', 'stopped');
    }
  }
  throw new TailRefused('entries_missing');
}

/**
 * Long before this device knew the log it has no reason to read: it begins with the last heads, at a full tile. Where
 * that is, the hash tiles say; that they did not lie is known when the head's root is reached.
 */
async function firstPlace(source: TileSource, size: number): Promise<IndexPlace> {
  const tiles = Math.max(0, Math.floor((size - FIRST_HEADS) / TILE_WIDTH));
  const tree = new RunningTree();
  const hashes = fetchedTiles(source);
  for (let at = 0; at < tiles; at += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, tiles - at);
    const bytes = await hashes.readTile(1, at / TILE_WIDTH, width);
    if (bytes.length !== width * 32) throw new TailRefused('entries_malformed');
    for (let each = 0; each < width; each += 1) tree.append(bytes.subarray(each * 32, (each + 1) * 32));
  }
  const first = tiles * TILE_WIDTH;
  return { first, size: first, peaks: tree.peaks };
}
