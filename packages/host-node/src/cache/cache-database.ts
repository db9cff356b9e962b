import { closeSync, constants, openSync, rmSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { DamagedCacheError } from './damaged-cache-error.ts';

/** The form of the tables. A file of another one is thrown away: everything in it can be fetched again. */
const FORM = 1;
const waitForOthersMs = 10_000;

export interface CacheStatements {
  readonly log: StatementSync;
  readonly putLog: StatementSync;
  readonly putRecord: StatementSync;
  readonly read: StatementSync;
  readonly forgetLog: StatementSync;
  readonly forgetRecords: StatementSync;
}

export interface CacheDatabase {
  readonly statements: CacheStatements;
  /** All or nothing. */
  readonly transact: (work: () => void) => void;
  close(): void;
}

/** @throws DamagedCacheError; errors of SQLite and the system */
export async function openCacheDatabase(path: string): Promise<CacheDatabase> {
  const database = await openFile(path);
  try {
    // A power cut may take the last writes with it, never half of one: they are fetched again.
    database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma trusted_schema = off');
    takeForm(database);
    const statements = prepared(database);
    return { statements, transact: (work) => transact(database, work), close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A second connection whose view does not move. */
export async function openCacheSnapshot(path: string): Promise<{ readonly all: StatementSync; close(): void }> {
  const database = await openFile(path);
  try {
    database.exec('begin');
    const all = database.prepare(
      'select record, version, epoch, sealed, sum from record where space = ? order by record',
    );
    return { all, close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The log first: a database that is opened in between never finds the log of another one. */
export function removeCacheDatabase(path: string): void {
  for (const end of ['-wal', '-shm', '']) rmSync(path + end, { force: true });
}

async function openFile(path: string): Promise<DatabaseSync> {
  // Loaded where it is needed: many commands need no cache.
  const { DatabaseSync } = await import('node:sqlite');
  // SQLite gives its files beside this one the same mode.
  closeSync(openSync(path, constants.O_CREAT | constants.O_RDWR | constants.O_NOFOLLOW, 0o600));
  return new DatabaseSync(path, { timeout: waitForOthersMs });
}

function takeForm(database: DatabaseSync): void {
  const formOf = (): unknown => database.prepare('pragma user_version').get()?.['user_version'];
  if (formOf() === FORM) return;
  transact(database, () => {
    const form = formOf();
    if (form === FORM) return;
    if (form !== 0) throw new DamagedCacheError('tables of another form');
    database.exec(TABLES);
    database.exec(`pragma user_version = ${FORM}`);
  });
}

const TABLES = `
  create table log (
    space blob primary key, size integer not null, peaks blob not null, awaited integer not null, sum integer not null
  ) strict;
  create table record (
    space blob not null, record blob not null, version integer not null, epoch integer not null, sealed blob not null,
    sum integer not null, primary key (space, record)
  ) strict;
`;

function prepared(database: DatabaseSync): CacheStatements {
  return {
    log: database.prepare('select size, peaks, awaited, sum from log where space = ?'),
    putLog: database.prepare(
      `insert into log (space, size, peaks, awaited, sum) values (?, ?, ?, ?, ?)
       on conflict do update set size = excluded.size, peaks = excluded.peaks, awaited = excluded.awaited,
         sum = excluded.sum
       where excluded.size >= log.size`,
    ),
    putRecord: database.prepare(
      `insert into record (space, record, version, epoch, sealed, sum) values (?, ?, ?, ?, ?, ?)
       on conflict do update set version = excluded.version, epoch = excluded.epoch, sealed = excluded.sealed,
         sum = excluded.sum
       where excluded.version >= record.version`,
    ),
    read: database.prepare('select record, version, epoch, sealed, sum from record where space = ? and record = ?'),
    forgetLog: database.prepare('delete from log where space = ?'),
    forgetRecords: database.prepare('delete from record where space = ?'),
  };
}

function transact(database: DatabaseSync, work: () => void): void {
  database.exec('begin immediate');
  try {
    work();
    database.exec('commit');
  } catch (error) {
    // Some failures have ended the transaction themselves.
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}
