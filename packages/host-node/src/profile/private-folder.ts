/** A folder and files in it that nobody but their owner can read. */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { SdkError } from '@latchkey/sdk/by-hand';
import { HostError } from '../errors.ts';

const forOthers = 0o077;
/** Far more than any file of a profile has. */
const mostBytes = 16 * 1024 * 1024;

/** @returns false where there is none. @throws HostError `profile_unsafe`; system errors */
export function isPrivateFolder(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (!stats.isDirectory()) throw unsafe(path, 'it is no folder');
  requirePrivate(path, stats, 'chmod 700');
  return true;
}

/** Makes it with mode 0700 where there is none. @throws HostError `profile_unsafe`; system errors */
export function makePrivateFolder(path: string): void {
  if (isPrivateFolder(path)) return;
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  // A umask can only take away; an inherited ACL can show as bits of the group.
  if (first !== undefined) chmodSync(path, 0o700);
  isPrivateFolder(path);
}

/** Null where there is no such file. @throws HostError `profile_unsafe`; SdkError `profile_damaged`; system errors */
export function readPrivateFile(path: string): Uint8Array<ArrayBuffer> | null {
  const fd = openExisting(path, constants.O_RDONLY);
  if (fd === null) return null;
  try {
    const { size } = fstatSync(fd);
    if (size > mostBytes) throw new SdkError('profile_damaged', `${path}: it is far too large`);
    const bytes = new Uint8Array(size);
    let at = 0;
    while (at < size) {
      const read = readSync(fd, bytes, at, size - at, at);
      if (read === 0) break;
      at += read;
    }
    return bytes.subarray(0, at);
  } finally {
    closeSync(fd);
  }
}

/** A new file, on the disk when this returns. @throws system errors */
export function writeNewPrivateFile(path: string, bytes: Uint8Array): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    fchmodSync(fd, 0o600);
    writeAll(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Null where there is no such file; its links are not followed. @throws HostError `profile_unsafe`; system errors */
export function openExisting(path: string, flags: number): number | null {
  let fd: number;
  try {
    // Without O_NONBLOCK a named pipe would hold us up before it can be refused.
    fd = openSync(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (code === 'ELOOP') throw unsafe(path, 'it is a link');
    throw error;
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw unsafe(path, 'it is no plain file');
    requirePrivate(path, stats, 'chmod 600');
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Zero bytes over everything in it, and to the disk. What a journal, a snapshot or an SSD keeps is out of reach. */
export function overwrite(fd: number): void {
  const { size } = fstatSync(fd);
  writeAll(fd, new Uint8Array(size));
  fsyncSync(fd);
}

/** So that names, too, outlive a power cut. Some file systems cannot do it to a folder. */
export function syncFolder(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EPERM') throw error;
  } finally {
    closeSync(fd);
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at, at);
}

function requirePrivate(path: string, stats: Stats, mend: string): void {
  const me = process.geteuid?.();
  // Windows has neither owners nor modes of this kind; there the user's own folder is what protects it.
  if (me === undefined) return;
  if (stats.uid !== me) throw unsafe(path, 'it belongs to somebody else');
  if ((stats.mode & forOthers) !== 0) throw unsafe(path, `others may open it: ${mend} takes that away`);
}

function unsafe(path: string, reason: string): HostError {
  return new HostError('profile_unsafe', `${path}: ${reason}`);
}
