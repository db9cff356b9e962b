/** Entries and hashes of a tiled log, from a server that may give anything (C2SP tlog-tiles). */
import { limits, ROUTES } from '@latchkey/protocol/wire';
import {
  decodeEntryBundle,
  formatTilePath,
  TILE_WIDTH,
  TlogError,
  type HashTiles,
  type TileName,
} from '@latchkey/tlog';
import type { StopSignal, Wire } from '../../ports.ts';
import { RefusedError, SdkError } from '../../errors.ts';
import { TailRefused } from './tail-refused.ts';

export interface TileSource {
  readonly wire: Wire;
  readonly log: 'keys' | 'index';
  readonly signal?: StopSignal;
}

const HASH_BYTES = 32;
const LENGTH_BYTES = 2;

export interface WantedEntries {
  /** The first entry that is wanted. */
  readonly from: number;
  /** Size of the log at its head: where the last bundle ends. */
  readonly size: number;
  readonly maxEntryBytes: number;
}

/**
 * The entries from `from` to the end of its bundle.
 *
 * @throws TailRefused `entries_missing`, `entries_malformed`; what the wire throws
 */
export async function fetchEntries(
  source: TileSource,
  { from, size, maxEntryBytes }: WantedEntries,
): Promise<readonly Uint8Array[]> {
  const index = Math.floor(from / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
  const bytes = await fetchTile(source, { level: 'entries', index, width }, width * (LENGTH_BYTES + maxEntryBytes));
  try {
    return decodeEntryBundle(bytes, { width, maxEntryBytes }).slice(from - index * TILE_WIDTH);
  } catch (cause) {
    if (cause instanceof TlogError) throw new TailRefused('entries_malformed', { cause });
    throw cause;
  }
}

/** Hash tiles of the log as it is at this size. Its reads throw as `fetchEntries`. */
export function fetchedTiles(source: TileSource): HashTiles {
  return {
    readTile: (level, index, width) => fetchTile(source, { level, index, width }, width * HASH_BYTES),
  };
}

async function fetchTile({ wire, log, signal }: TileSource, name: TileName, mostBytes: number): Promise<Uint8Array> {
  const tile = formatTilePath(name).slice('tile/'.length);
  try {
    const body = await wire.read(ROUTES.ktTile, { log, tile }, signal === undefined ? {} : { signal });
    if (body.totalBytes > mostBytes) throw new TailRefused('entries_malformed');
    const bytes = new Uint8Array(body.totalBytes);
    let at = 0;
    for await (const piece of body.stream()) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  } catch (cause) {
    // It has signed a head over them, and does not show them.
    if (cause instanceof RefusedError && cause.wire === 'not_found')
      throw new TailRefused('entries_missing', { cause });
    if (cause instanceof SdkError && cause.code === 'answer_malformed')
      throw new TailRefused('entries_malformed', { cause });
    throw cause;
  }
}

/** An index leaf with every signature that a checkpoint may carry. */
export const MOST_INDEX_ENTRY_BYTES: number = limits.MAX_LOG_ENTRY_CHARS;
