import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { ByteSource } from '@latchkey/sdk/by-hand';
import { HostError } from './errors.ts';
import { withHostErrors } from './host-error-of.ts';
import { RegularFileSource } from './regular-file-source.ts';
import { StreamSource } from './stream-source.ts';

export interface FileSource extends ByteSource {
  /** May be called twice. */
  close(): Promise<void>;
}

/** Opening a named pipe returns at once instead of waiting for a writer, and a terminal does not become ours. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * A file, or standard input where `path` is `-`. Devices and named pipes are read once, from front to back; no thread
 * ever waits in one.
 * @throws HostError file_not_found, file_not_readable, file_is_directory, file_too_large, io_failed; while reading
 *   also source_changed
 */
export async function fileSource(path: string): Promise<FileSource> {
  if (path === '-') return new StreamSource('standard input', process.stdin);
  return withHostErrors({ action: 'read', path }, () => {
    const fd = openSync(path, OPEN_FLAGS);
    try {
      return sourceOf(path, fd);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  });
}

/** What was opened, not what its name said before: the name may mean something else by now. */
function sourceOf(path: string, fd: number): FileSource {
  const stats = fstatSync(fd, { bigint: true });
  if (stats.isDirectory()) throw new HostError('file_is_directory', `${path}: it is a folder`);
  // What the kernel makes up on reading, as in /proc, says that it is regular and empty.
  if (!stats.isFile() || stats.size === 0n) return new StreamSource(path, fd);
  if (stats.size > BigInt(Number.MAX_SAFE_INTEGER))
    throw new HostError('file_too_large', `${path}: it is larger than 8 PiB, holes included`);
  return new RegularFileSource(path, { fd, stats });
}
