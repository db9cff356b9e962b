import { encodeEntryBundle, parseTilePath, TILE_WIDTH, TlogError, type TileName } from '@latchkey/tlog';
import type { LogName } from '../store/schema.ts';
import type { Db } from '../store/sqlite.ts';
import { readHeads } from './read-heads.ts';

const hashBytes = 32;

/**
 * The resource of a log that a path of C2SP tlog-tiles names, in the tree of the newest signed head: whoever is asked to
 * cosign it has to read it before it is published.
 *
 * @returns null where there is none
 */
export async function readTile(db: Db, log: LogName, path: string): Promise<Uint8Array | null> {
  const name = parsedOrNull(path);
  if (name === null) return null;
  const { level, index, width } = name;
  const { signed } = (await readHeads(db))[log];
  const hashes = Math.floor((signed?.size ?? 0) / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  if (index * TILE_WIDTH + width > hashes) return null;
  if (level === 'entries') return readEntries(db, log, { index, width });
  const row = await db
    .selectFrom('log_tile')
    .select('hashes')
    .where('log', '=', log)
    .where('level', '=', level)
    .where('tile', '=', index)
    .executeTakeFirstOrThrow();
  return row.hashes.subarray(0, width * hashBytes);
}

async function readEntries(db: Db, log: LogName, tile: Pick<TileName, 'index' | 'width'>): Promise<Uint8Array> {
  const first = tile.index * TILE_WIDTH;
  const rows = await db
    .selectFrom(log === 'keys' ? 'key_leaf' : 'index_leaf')
    .select('leaf')
    .where('position', '>=', first)
    .where('position', '<', first + tile.width)
    .orderBy('position')
    .execute();
  return encodeEntryBundle(rows.map(({ leaf }) => leaf));
}

function parsedOrNull(path: string): TileName | null {
  try {
    return parseTilePath(path);
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}
