import { DatabaseSync } from 'node:sqlite';

/**
 * One process at a time over one state: two would each sign what the other does not know. The lock is the kernel's,
 * by way of SQLite, so that a killed process leaves none behind.
 *
 * @returns null where another process holds it
 */
export function holdLock(file: string): { release(): void } | null {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('pragma journal_mode = delete; begin exclusive');
    return {
      release() {
        if (database.isOpen) database.close();
      },
    };
  } catch (error) {
    database.close();
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR') return null;
    throw error;
  }
}
