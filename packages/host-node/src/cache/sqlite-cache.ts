import { join } from 'node:path';
import { SdkError } from '@latchkey/sdk/by-hand';
import type { CachedLog, CachedRecord, RecordCache } from '@latchkey/sdk/ports';
import { withHostErrors } from '../host-error-of.ts';
import { makePrivateFolder } from '../profile/private-folder.ts';
import { isDamaged, withSqliteErrors } from '../sqlite-errors.ts';
import { type CacheDatabase, openCacheDatabase, openCacheSnapshot, removeCacheDatabase } from './cache-database.ts';
import { logOfRow, recordOfRow, sumOfLog, sumOfRecord } from './cached-row.ts';
import { DamagedCacheError } from './damaged-cache-error.ts';

export interface SqliteCache extends RecordCache {
  /** Snapshots that are being read end with an error. */
  close(): Promise<void>;
}

/**
 * Sealed records in `cache.sqlite` of the profile folder, for any number of processes at once. Nothing is touched
 * before the first call. A file that is damaged is thrown away, and is then empty: `log` says null.
 *
 * @throws HostError `profile_unsafe`, `file_not_writable`, `disk_full`, `io_failed`
 */
export function sqliteCache(home: string): SqliteCache {
  return new FileCache(home);
}

class FileCache implements SqliteCache {
  readonly #home: string;
  readonly #path: string;
  readonly #snapshots = new Set<{ close(): void }>();
  #database: Promise<CacheDatabase> | null = null;

  constructor(home: string) {
    this.#home = home;
    this.#path = join(home, 'cache.sqlite');
  }

  log(space: Uint8Array): Promise<CachedLog | null> {
    return this.#do(({ statements }) => {
      const row = statements.log.get(space);
      return row === undefined ? null : logOfRow(space, row);
    });
  }

  apply(
    space: Uint8Array,
    news: { readonly records: readonly CachedRecord[]; readonly log: CachedLog },
  ): Promise<void> {
    return this.#do(({ statements, transact }) => {
      transact(() => {
        for (const each of news.records) {
          const { record, version, epoch, sealed } = each;
          statements.putRecord.run(space, record, version, epoch, sealed, sumOfRecord(space, each));
        }
        const { size, peaks, awaited } = news.log;
        statements.putLog.run(space, size, peaks, awaited, sumOfLog(space, news.log));
      });
    });
  }

  read(space: Uint8Array, record: Uint8Array): Promise<CachedRecord | null> {
    return this.#do(({ statements }) => {
      const row = statements.read.get(space, record);
      return row === undefined ? null : recordOfRow(space, row);
    });
  }

  async *all(space: Uint8Array): AsyncGenerator<CachedRecord> {
    // Opened by the usual way first, which makes the file, or makes it anew.
    const snapshot = await this.#do(() => openCacheSnapshot(this.#path));
    this.#snapshots.add(snapshot);
    try {
      for (const row of snapshot.all.iterate(space)) yield recordOfRow(space, row);
    } catch (error) {
      if (!isBroken(error)) throw error;
      await this.#throwAway();
      throw new SdkError('profile_damaged', 'the cache of records was damaged; it is empty now and will be fetched');
    } finally {
      this.#snapshots.delete(snapshot);
      snapshot.close();
    }
  }

  forget(space: Uint8Array): Promise<void> {
    return this.#do(({ statements, transact }) => {
      transact(() => {
        statements.forgetRecords.run(space);
        statements.forgetLog.run(space);
      });
    });
  }

  forgetAll(): Promise<void> {
    return withHostErrors({ action: 'write', path: this.#path }, () => this.#throwAway());
  }

  async close(): Promise<void> {
    for (const snapshot of this.#snapshots) snapshot.close();
    this.#snapshots.clear();
    await this.#closeDatabase();
  }

  /** Again over an empty file where the one that is there is broken. */
  async #do<T>(work: (database: CacheDatabase) => T | Promise<T>): Promise<T> {
    return withHostErrors({ action: 'write', path: this.#path }, () =>
      withSqliteErrors(this.#path, async () => {
        try {
          return await work(await this.#open());
        } catch (error) {
          if (!isBroken(error)) throw error;
          await this.#throwAway();
          return work(await this.#open());
        }
      }),
    );
  }

  #open(): Promise<CacheDatabase> {
    if (this.#database === null) {
      makePrivateFolder(this.#home);
      this.#database = openCacheDatabase(this.#path);
      this.#database.catch(() => (this.#database = null));
    }
    return this.#database;
  }

  async #throwAway(): Promise<void> {
    await this.#closeDatabase();
    removeCacheDatabase(this.#path);
  }

  async #closeDatabase(): Promise<void> {
    const opened = this.#database;
    this.#database = null;
    const database = await opened?.catch(() => null);
    database?.close();
  }
}

function isBroken(error: unknown): boolean {
  return error instanceof DamagedCacheError || isDamaged(error);
}
