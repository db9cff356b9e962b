import { constants, createWriteStream, openSync, statSync } from 'node:fs';
import type { ByteSink } from '@latchkey/sdk/by-hand';
import { AsideFileSink } from './aside-file-sink.ts';
import { HostError } from './errors.ts';
import { isLink } from './final-path.ts';
import { withHostErrors } from './host-error-of.ts';
import { openNamedPipe } from './named-pipe.ts';
import { PipeSink } from './pipe-sink.ts';
import { RegularFileSource } from './regular-file-source.ts';

export interface FileSinkOptions {
  /** False refuses a name that is taken, now and again at commit, and a named pipe that somebody else made. */
  readonly replace: boolean;
}

/**
 * A file, or standard output where `path` is `-`. A regular file is written aside with mode 0600 and gets its name
 * at commit; devices and named pipes are written straight away, a pipe once somebody reads it. A file that is open as
 * a source is never replaced.
 * @throws HostError file_not_found (the folder), file_not_writable, file_is_directory, output_exists,
 *   output_is_input, io_failed; while writing also disk_full, pipe_closed
 */
export async function fileSink(path: string, { replace }: FileSinkOptions): Promise<ByteSink> {
  if (path === '-') return new PipeSink('standard output', process.stdout);
  return withHostErrors({ action: 'write', path }, () => {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return nowhereYet(path, replace);
    if (stats.isDirectory()) throw new HostError('file_is_directory', `${path}: it is a folder`);
    if (RegularFileSource.isBeingRead(stats))
      throw new HostError('output_is_input', `${path}: it is the file that is read`);
    if (stats.isFIFO())
      return new PipeSink(
        path,
        openNamedPipe(path, (ownerId) => replace || isOurs(ownerId)),
      );
    if (!stats.isFile()) return new PipeSink(path, createWriteStream('', { fd: openSync(path, DEVICE_FLAGS) }));
    if (!replace) throw new HostError('output_exists', `${path}: it exists already`);
    return AsideFileSink.create(path, replace);
  });
}

/** Never makes the file: what was a device when it was looked at must be one still. */
const DEVICE_FLAGS = constants.O_WRONLY | constants.O_NOCTTY;

function nowhereYet(path: string, replace: boolean): ByteSink {
  if (path.endsWith('/')) throw new HostError('file_not_found', `${path}: there is no such folder`);
  if (!replace && isLink(path)) throw new HostError('output_exists', `${path}: it is a link that leads to nothing`);
  return AsideFileSink.create(path, replace);
}

/** In a folder that all can write to, anybody can put a pipe under the name that an output will have. */
function isOurs(ownerId: number): boolean {
  return process.geteuid === undefined || ownerId === process.geteuid();
}
