import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { HostError } from './errors.ts';
import { isSystemError } from './host-error-of.ts';

const MOST_LINKS = 40;
const STICKY = 0o1000;
const WRITABLE_BY_ALL = 0o002;

/**
 * Where a file gets its name: `path` itself, or what the link there leads to, be there something or not. Links among
 * the folders before it are the system's to follow.
 * @throws HostError file_not_writable: a link that somebody else could have planted. System errors come through.
 */
export function finalPathOf(path: string): string {
  let at = path;
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const owner = linkOwnerAt(at);
    if (owner === null) return at;
    const folder = dirname(at);
    if (!mayFollow(owner, folder))
      throw new HostError('file_not_writable', `${path}: it is a link of somebody else, where anybody can put one`);
    const target = readlinkSync(at);
    // Not normalised: `..` behind a linked folder is what the system says it is.
    at = isAbsolute(target) ? target : `${folder}/${target}`;
  }
  throw new HostError('io_failed', `${path}: its links lead nowhere`);
}

export function isLink(path: string): boolean {
  return linkOwnerAt(path) !== null;
}

function linkOwnerAt(path: string): number | null {
  try {
    const stats = lstatSync(path);
    return stats.isSymbolicLink() ? stats.uid : null;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

/** The rule of Linux for opening (`fs.protected_symlinks`), which does not hold for a rename. */
function mayFollow(owner: number, folder: string): boolean {
  const { mode, uid } = statSync(folder);
  const anybodyPutsLinks = (mode & STICKY) !== 0 && (mode & WRITABLE_BY_ALL) !== 0;
  return !anybodyPutsLinks || owner === process.geteuid?.() || owner === uid;
}
