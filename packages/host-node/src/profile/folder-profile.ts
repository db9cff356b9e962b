import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile, ProfileFile } from '@latchkey/sdk/ports';
import { withHostErrors } from '../host-error-of.ts';
import {
  isPrivateFolder,
  makePrivateFolder,
  openExisting,
  overwrite,
  readPrivateFile,
  syncFolder,
  writeNewPrivateFile,
} from './private-folder.ts';
import { ProfileLock } from './profile-lock.ts';

export interface FolderProfileOptions {
  /** How long another process is waited for. Default: a minute. */
  readonly patienceMs?: number;
}

/** Aside names: what is being written, and what is being taken away. With the process that made them. */
const asideName = /^\.(account|unlocked|pending|seen|hours)\.([1-9][0-9]*)\.[0-9a-f]{16}\.(new|old)$/;

/**
 * The profile as a folder (docs/spec/05-account.md, "Profile folder"). Nothing is touched before the first call.
 *
 * @throws HostError `profile_unsafe`, `profile_busy`, `file_not_readable`, `file_not_writable`, `disk_full`, `io_failed`
 */
export function folderProfile(home: string, options: FolderProfileOptions = {}): Profile {
  return new FolderProfile(home, options);
}

class FolderProfile implements Profile {
  readonly #home: string;
  readonly #lock: ProfileLock;

  constructor(home: string, options: FolderProfileOptions) {
    this.#home = home;
    this.#lock = new ProfileLock(join(home, 'lock'), { ...options, prepare: () => makePrivateFolder(home) });
  }

  read(file: ProfileFile): Promise<Uint8Array | null> {
    const path = join(this.#home, file);
    return withHostErrors({ action: 'read', path }, () => (isPrivateFolder(this.#home) ? readPrivateFile(path) : null));
  }

  write(file: ProfileFile, bytes: Uint8Array): Promise<void> {
    const path = join(this.#home, file);
    return withHostErrors({ action: 'write', path }, () => {
      makePrivateFolder(this.#home);
      const aside = this.#asideOf(file, 'new');
      const before = openExisting(path, constants.O_RDWR);
      try {
        try {
          writeNewPrivateFile(aside, bytes);
          renameSync(aside, path);
        } catch (error) {
          rmSync(aside, { force: true });
          throw error;
        }
        syncFolder(this.#home);
        if (before !== null && isSecret(file)) overwriteWhereAlone(before);
      } finally {
        if (before !== null) closeSync(before);
      }
    });
  }

  remove(file: ProfileFile): Promise<void> {
    const path = join(this.#home, file);
    return withHostErrors({ action: 'write', path }, () => {
      if (!isPrivateFolder(this.#home)) return;
      const fd = openExisting(path, constants.O_RDWR);
      if (fd === null) return;
      const aside = this.#asideOf(file, 'old');
      try {
        // The name goes first and in one step: nobody ever reads a file of zeros.
        renameSync(path, aside);
        if (isSecret(file) && fstatSync(fd).nlink === 1) overwrite(fd);
      } finally {
        closeSync(fd);
      }
      rmSync(aside, { force: true });
      syncFolder(this.#home);
    });
  }

  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#lock.hold(async () => {
      this.#removeLeftovers();
      return work();
    });
  }

  #asideOf(file: ProfileFile, end: 'new' | 'old'): string {
    return join(this.#home, `.${file}.${process.pid}.${randomBytes(8).toString('hex')}.${end}`);
  }

  /** Of processes that were killed while they wrote. They may hold secrets. */
  #removeLeftovers(): void {
    for (const name of readdirSync(this.#home)) {
      const [, file, owner] = asideName.exec(name) ?? [];
      // One of our own number is older than we are: here nothing can run between a write's beginning and its end.
      if (file === undefined || (Number(owner) !== process.pid && isAlive(Number(owner)))) continue;
      const path = join(this.#home, name);
      const fd = openExisting(path, constants.O_RDWR);
      if (fd === null) continue;
      try {
        if (fstatSync(fd).nlink === 1) overwrite(fd);
      } finally {
        closeSync(fd);
      }
      rmSync(path, { force: true });
    }
  }
}

function isSecret(file: ProfileFile): boolean {
  return file !== 'seen' && file !== 'hours';
}

/** A second name is somebody's copy, made with hard links: its content is not ours to destroy. */
function overwriteWhereAlone(fd: number): void {
  if (fstatSync(fd).nlink === 0) overwrite(fd);
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
