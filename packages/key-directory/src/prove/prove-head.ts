import { proveConsistency, proveInclusion, type HashTiles, type Sha256 } from '@latchkey/tlog';
import type { HeadAnswer } from '../verify/head-answer.ts';

/** What a server has published last, with its tiles. */
export interface PublishedHead {
  readonly index: PublishedLog;
  readonly keys: PublishedLog;
  /** The index log's checkpoint with its cosignatures. */
  readonly indexCheckpoint: Uint8Array;
  /** The last entry of the index log. */
  readonly indexLeaf: Uint8Array;
}

export interface PublishedLog {
  readonly size: number;
  readonly tiles: HashTiles;
}

/** The sizes that a client has verified before; null at first contact. */
export interface KnownSizes {
  readonly index: number;
  readonly keys: number;
}

/**
 * What `verifyHead` takes.
 * @throws TlogError `tile_wrong`; `argument_invalid` for known sizes above the published ones
 */
export async function proveHead(
  published: PublishedHead,
  known: KnownSizes | null,
  sha256?: Sha256,
): Promise<HeadAnswer> {
  const { index, keys, indexCheckpoint, indexLeaf } = published;
  const since = async (log: PublishedLog, oldSize: number | undefined): Promise<Uint8Array[]> =>
    oldSize === undefined ? [] : proveConsistency({ oldSize, newSize: log.size }, log.tiles, sha256);
  return {
    indexCheckpoint,
    indexLeaf,
    indexInclusion: await proveInclusion({ index: index.size - 1, size: index.size }, index.tiles, sha256),
    indexConsistency: await since(index, known?.index),
    keysConsistency: await since(keys, known?.keys),
  };
}
