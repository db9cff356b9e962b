import { AsyncLocalStorage } from 'node:async_hooks';
import { closeSync, constants, ftruncateSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import { HostError } from '../errors.ts';
import { withHostErrors } from '../host-error-of.ts';
import { isBusy, isDamaged, withSqliteErrors } from '../sqlite-errors.ts';

export interface ProfileLockOptions {
  /** How long another process is waited for. */
  readonly patienceMs?: number;
  /** Before the lock is taken: the folder must be there. */
  readonly prepare: () => void;
}

const usualPatienceMs = 60_000;
const firstPauseMs = 5;
const longestPauseMs = 100;

/** Work that nobody waits for any more still has its lock: without this, its database could be collected and closed. */
const heldOpen = new Set<DatabaseSync>();

/**
 * A lock between processes: an open transaction on an empty SQLite database. The system gives it back when the
 * process ends, however it ends, so that there is nothing stale to recover and no process number to believe.
 *
 * Within this process the work of different callers goes one after the other; work inside work goes on at once.
 */
export class ProfileLock {
  readonly #path: string;
  readonly #options: ProfileLockOptions;
  readonly #inside = new AsyncLocalStorage<{ isHeld: boolean }>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, options: ProfileLockOptions) {
    this.#path = path;
    this.#options = options;
  }

  /** @throws HostError `profile_busy`; what `prepare` and `work` throw; system errors */
  hold<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside.getStore()?.isHeld === true) return work();
    const run = this.#last.then(() => this.#locked(work));
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    const context = { action: 'write', path: this.#path } as const;
    const database = await withHostErrors(context, () => {
      this.#options.prepare();
      return withSqliteErrors(this.#path, () => this.#take());
    });
    const held = { isHeld: true };
    heldOpen.add(database);
    try {
      return await this.#inside.run(held, work);
    } finally {
      // What the work left running must not believe that it still has the lock.
      held.isHeld = false;
      heldOpen.delete(database);
      database.close();
    }
  }

  async #take(): Promise<DatabaseSync> {
    const { patienceMs = usualPatienceMs } = this.#options;
    const giveUpMs = performance.now() + patienceMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      const database = await tryLock(this.#path);
      if (database !== null) return database;
      if (performance.now() >= giveUpMs) {
        throw new HostError('profile_busy', 'another latchkey has been writing to this profile for too long');
      }
      // Uneven pauses, so that of several that wait none is always the last.
      await sleep(pauseMs * (0.5 + Math.random()));
    }
  }
}

/** Null where another process has it. */
async function tryLock(path: string): Promise<DatabaseSync | null> {
  // Loaded where it is needed: many commands need no profile.
  const { DatabaseSync } = await import('node:sqlite');
  // SQLite would make it readable for others, were it not for the folder.
  closeSync(openSync(path, constants.O_CREAT | constants.O_RDWR | constants.O_NOFOLLOW, 0o600));
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('begin immediate');
    return database;
  } catch (error) {
    database.close();
    if (isDamaged(error)) emptyOut(path);
    else if (!isBusy(error)) throw error;
    return null;
  }
}

/** Nothing belongs in it. Cut, not replaced: two processes that do it at once still have one file. */
function emptyOut(path: string): void {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    ftruncateSync(fd);
  } finally {
    closeSync(fd);
  }
}
