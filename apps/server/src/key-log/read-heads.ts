import type { HeadState, LogName } from '../store/schema.ts';
import type { Db } from '../store/sqlite.ts';

export interface StoredHead {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

/** Null: the log is empty, or nothing of it was published yet. */
export interface LogHeads {
  readonly signed: StoredHead | null;
  readonly published: StoredHead | null;
}

export async function readHeads(db: Db): Promise<Readonly<Record<LogName, LogHeads>>> {
  const rows = await db.selectFrom('log_head').selectAll().execute();
  const head = (log: LogName, state: HeadState): StoredHead | null => {
    const row = rows.find((each) => each.log === log && each.state === state);
    return row === undefined ? null : { size: row.size, root: row.root, note: row.note };
  };
  const heads = (log: LogName): LogHeads => ({ signed: head(log, 'signed'), published: head(log, 'published') });
  return { keys: heads('keys'), index: heads('index') };
}

/** How many leaves were accepted; their positions have no gaps. */
export async function countLeaves(db: Db): Promise<number> {
  const { newest } = await db
    .selectFrom('key_leaf')
    .select((select) => select.fn.max('position').as('newest'))
    .executeTakeFirstOrThrow();
  return newest === null ? 0 : newest + 1;
}

export async function leafAt(db: Db, position: number): Promise<Uint8Array> {
  const { leaf } = await db
    .selectFrom('key_leaf')
    .select('leaf')
    .where('position', '=', position)
    .executeTakeFirstOrThrow();
  return leaf;
}
