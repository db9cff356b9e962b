import type { HashTiles } from '@latchkey/tlog';
import type { LogName } from '../store/schema.ts';
import type { Db } from '../store/sqlite.ts';

/** The tiles of a log as they lie in the database: the widest version of each. Each is read once. */
export function storedTiles(db: Db, log: LogName): HashTiles {
  const read = new Map<string, Promise<Uint8Array>>();
  return {
    readTile(level, tile) {
      const name = `${level}/${tile}`;
      const known = read.get(name) ?? readTile(db, { log, level, tile });
      read.set(name, known);
      return known;
    },
  };
}

async function readTile(
  db: Db,
  { log, level, tile }: { readonly log: LogName; readonly level: number; readonly tile: number },
): Promise<Uint8Array> {
  const row = await db
    .selectFrom('log_tile')
    .select('hashes')
    .where('log', '=', log)
    .where('level', '=', level)
    .where('tile', '=', tile)
    .executeTakeFirst();
  if (row === undefined) throw new Error(`the ${log} log has no tile ${level}/${tile}`);
  return row.hashes;
}
