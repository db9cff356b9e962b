import { close, fsync, linkSync, openSync, renameSync, rmSync, write } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { ByteSink } from '@latchkey/sdk/by-hand';
import { type AsideFile, createAsideFile, forgetAsideFile } from './aside-files.ts';
import { finalPathOf } from './final-path.ts';
import { withHostErrors } from './host-error-of.ts';

const writeFrom = promisify(write);
const closeFd = promisify(close);
const syncFd = promisify(fsync);

/** A regular file that shows under its name only when it is whole, and on the disk. */
export class AsideFileSink implements ByteSink {
  readonly path: string;
  readonly #finalPath: string;
  readonly #replace: boolean;
  readonly #aside: AsideFile;
  #position = 0;
  #open = true;
  #ended = false;

  /** System errors come through. A link is followed: what it points to is replaced, not the link. */
  static create(path: string, replace: boolean): AsideFileSink {
    const finalPath = finalPathOf(path);
    return new AsideFileSink(path, { finalPath, replace, aside: createAsideFile(dirname(finalPath)) });
  }

  private constructor(path: string, options: { finalPath: string; replace: boolean; aside: AsideFile }) {
    this.path = path;
    this.#finalPath = options.finalPath;
    this.#replace = options.replace;
    this.#aside = options.aside;
  }

  /** Where the file is written, for threads that write by themselves; they call `skip` when done. */
  get fd(): number {
    return this.#aside.fd;
  }

  get position(): number {
    return this.#position;
  }

  skip(lengthBytes: number): void {
    this.#position += lengthBytes;
  }

  write(bytes: Uint8Array): Promise<void> {
    return withHostErrors({ action: 'write', path: this.path }, async () => {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await writeFrom(this.fd, bytes, at, bytes.length - at, this.#position);
        at += bytesWritten;
        this.#position += bytesWritten;
      }
    });
  }

  commit(): Promise<void> {
    return withHostErrors({ action: 'write', path: this.path }, async () => {
      await syncFd(this.fd);
      await this.#close();
      if (this.#replace) renameSync(this.#aside.path, this.#finalPath);
      else nameOnce(this.#aside.path, this.#finalPath);
      this.#ended = true;
      forgetAsideFile(this.#aside.path);
      await syncFolder(dirname(this.#finalPath));
    });
  }

  async discard(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#close();
    rmSync(this.#aside.path, { force: true });
    forgetAsideFile(this.#aside.path);
  }

  async #close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await closeFd(this.#aside.fd);
  }
}

/** Unlike a rename, a second name is refused where somebody has made a file of that name meanwhile. */
function nameOnce(asidePath: string, finalPath: string): void {
  try {
    linkSync(asidePath, finalPath);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EMLINK') throw error;
    // A file system without hard links (FAT): reserve the name, then take it over.
    closeNow(openSync(finalPath, 'wx', 0o600));
    renameSync(asidePath, finalPath);
    return;
  }
  rmSync(asidePath, { force: true });
}

function closeNow(fd: number): void {
  close(fd, () => undefined);
}

/** So that the name, too, outlives a power cut. Some file systems cannot do it, nor who may not read the folder. */
async function syncFolder(folder: string): Promise<void> {
  let fd: number;
  try {
    fd = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    await syncFd(fd).catch(() => undefined);
  } finally {
    await closeFd(fd);
  }
}
