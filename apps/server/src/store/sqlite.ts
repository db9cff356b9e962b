/** Everything that knows which database engine this is. */
import { statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Kysely, SqliteDialect, sql, type RawBuilder, type SqliteDatabase } from 'kysely';
import type { Tables } from './schema.ts';

/**
 * A row of a table without row ids lies in its page up to a quarter of it, and takes a page of its own beyond: with the
 * engine's 4 KiB each arrival took two more, three times the disk and twice the time to list (bench/load).
 */
const PAGE_BYTES = 8_192;

/** About two seconds in which nothing else is written. */
const rewrittenUpToBytes = 268_435_456;

export type Db = Kysely<Tables>;

/** What migrations need to know of an engine. */
export interface SchemaWords {
  readonly bytes: 'blob' | 'bytea';
  /** Rows lie in the order of their keys, so that their place does not tell when they were written. */
  readonly clustered: RawBuilder<unknown> | null;
}

export const sqliteWords: SchemaWords = { bytes: 'blob', clustered: sql`without rowid` };

/** One connection. The writer's is the only one that writes. */
export interface Connection {
  readonly db: Db;
  begin(): void;
  /** What is read until the connection closes is one state of the data; writers go on beside it. */
  beginReading(): void;
  commit(): void;
  rollback(): void;
  savepoint(): void;
  release(): void;
  rollbackToSavepoint(): void;
  /** Gives freed pages and the WAL's old content back, so that what was deleted does not lie there. */
  truncateLog(): void;
  /**
   * Writes all rows anew in the order of their keys: the places of pages no longer tell in which order contents came.
   * Takes as long as copying the file, so it is left out where that is above `rewrittenUpToBytes`.
   */
  rewrite(): void;
  /** Writes a file that began with another size of pages anew, unless it is large or somebody else has it open. */
  widenPages(): void;
  /** One state of the data, whole and compact, as a new file. Writers go on beside it. */
  snapshotTo(file: string): void;
  close(): void;
}

export interface OpenOptions {
  readonly file: string;
  readonly mode: 'read' | 'write';
}

export function openSqlite({ file, mode }: OpenOptions): Connection {
  const database = new DatabaseSync(file, { readOnly: mode === 'read', timeout: 10_000 });
  // Of a new file, and of a copy; a file that is there keeps its own until `widenPages`.
  database.exec(`pragma page_size = ${PAGE_BYTES}`);
  if (mode === 'write') {
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on');
    // A long write batch grows the log; a reader that lags behind must not let it grow without end.
    database.exec('pragma journal_size_limit = 67108864');
  }
  database.exec('pragma foreign_keys = off; pragma trusted_schema = off; pragma temp_store = memory');
  return {
    db: new Kysely<Tables>({ dialect: new SqliteDialect({ database: asKyselyDatabase(database) }) }),
    begin: () => database.exec('begin immediate'),
    beginReading: () => database.exec('begin'),
    commit: () => database.exec('commit'),
    rollback: () => database.exec('rollback'),
    savepoint: () => database.exec('savepoint one'),
    release: () => database.exec('release one'),
    rollbackToSavepoint: () => database.exec('rollback to one; release one'),
    truncateLog: () => database.exec('pragma wal_checkpoint(truncate)'),
    rewrite() {
      if (statSync(file).size <= rewrittenUpToBytes) database.exec('vacuum');
    },
    widenPages() {
      const { page_size: pageBytes } = database.prepare('pragma page_size').get() as { page_size: number };
      if (pageBytes === PAGE_BYTES || statSync(file).size > rewrittenUpToBytes) return;
      try {
        // In the write-ahead mode no page changes its size.
        database.exec(`pragma journal_mode = delete; pragma page_size = ${PAGE_BYTES}; vacuum`);
      } catch (error) {
        if (!isEngineFailure(error)) throw error;
      } finally {
        database.exec('pragma journal_mode = wal');
      }
    },
    snapshotTo(copy) {
      database.prepare('vacuum into ?').run(copy);
    },
    close: () => database.close(),
  };
}

/** Whether the failure came from the database itself (full disk, damaged file) rather than from a mistake of ours. */
export function isEngineFailure(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}

/** Tables and columns that the file really has. */
export async function liveColumns(db: Db): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await sql<{ tbl: string; col: string }>`
    select m.name as tbl, c.name as col from sqlite_schema m join pragma_table_info(m.name) c
    where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.cid`.execute(db);
  const tables = new Map<string, string[]>();
  for (const row of rows) tables.set(row.tbl, [...(tables.get(row.tbl) ?? []), row.col]);
  return tables;
}

/** @returns what the engine finds wrong with the file; empty when nothing */
export async function integrityProblems(db: Db): Promise<readonly string[]> {
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check(20)`.execute(db);
  return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
}

/**
 * Held until the process ends, however it ends: two servers over one folder would not see each other's events.
 *
 * @returns null where another process holds it
 */
export function holdLock(file: string): { release(): void } | null {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('pragma journal_mode = delete; begin exclusive');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (isEngineFailure(error)) return null;
    throw error;
  }
}

// Lists of different lengths are different statements; this many are kept prepared.
const maxPrepared = 500;

function asKyselyDatabase(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, ReturnType<typeof asKyselyStatement>>();
  return {
    close: () => database.close(),
    prepare(text) {
      const known = prepared.get(text);
      if (known !== undefined) return known;
      const statement = asKyselyStatement(database.prepare(text));
      if (prepared.size >= maxPrepared) prepared.clear();
      prepared.set(text, statement);
      return statement;
    },
  };
}

type Parameter = Parameters<StatementSync['all']>[0] & (string | number | null | Uint8Array);

function asKyselyStatement(statement: StatementSync): ReturnType<SqliteDatabase['prepare']> {
  // The query builder passes only what the columns of schema.ts hold.
  const values = (parameters: readonly unknown[]): Parameter[] => parameters as Parameter[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
