import { fstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { HostError } from './errors.ts';
import type { FileSource } from './file-source.ts';
import { withHostErrors } from './host-error-of.ts';
import { StreamSource } from './stream-source.ts';

/**
 * A descriptor that this process was given, read once from front to back and closed at the end; 0 is standard input.
 * @throws HostError io_failed (there is none, or it is one of Node's own), file_is_directory
 */
export async function descriptorSource(fd: number): Promise<FileSource> {
  if (fd === 0) return new StreamSource('standard input', process.stdin);
  const path = `file descriptor ${fd}`;
  return withHostErrors({ action: 'read', path }, () => {
    const stats = fstatSync(fd);
    if (stats.isDirectory()) throw new HostError('file_is_directory', `${path}: it is a folder`);
    const holdsBytes = stats.isFile() || stats.isFIFO() || stats.isSocket() || stats.isCharacterDevice();
    if (!holdsBytes || (stats.isFIFO() && isOwnPipe(fd)))
      throw new HostError('io_failed', `${path}: nobody gave it to this program`);
    return new StreamSource(path, fd);
  });
}

/**
 * Node keeps pipes to itself between 3 and 30 or so; taking one of them over ends the process. A pipe that we write to
 * ourselves is such a one, and reading it would never end. Only Linux tells; elsewhere the person must know.
 */
function isOwnPipe(fd: number): boolean {
  const folder = '/proc/self/fd';
  try {
    if (isWritable(fd)) return true;
    const pipe = readlinkSync(`${folder}/${fd}`);
    return readdirSync(folder).some((name) => isSamePipe(`${folder}/${name}`, pipe) && isWritable(Number(name)));
  } catch {
    return false;
  }
}

function isSamePipe(entry: string, pipe: string): boolean {
  try {
    return readlinkSync(entry) === pipe;
  } catch {
    // The descriptor with which the folder was listed is gone by now.
    return false;
  }
}

/** Access mode of open(2): the lowest two bits, 0 is reading alone. */
function isWritable(fd: number): boolean {
  const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0';
  return (Number.parseInt(flags, 8) & 3) !== 0;
}
