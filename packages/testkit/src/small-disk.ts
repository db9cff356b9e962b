import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own that is really full when it is. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes whatever is left. */
  fill(): void;
  free(): void;
}

const INSIDE = 'LATCHKEY_SMALL_DISK';

/**
 * Runs the program again where a small tmpfs is mounted, and gives it there; where it is called first it gives null, when
 * that run has ended well. Needs a kernel that lets everybody make namespaces.
 *
 * @throws where the second run fails, or there is no such kernel
 */
export function onSmallDisk(program: string, sizeMib: number): SmallDisk | null {
  const folder = process.env[INSIDE];
  if (folder !== undefined) return diskAt(folder);
  const made = mkdtempSync(join(tmpdir(), 'latchkey-small-disk-'));
  try {
    const script = 'mount -t tmpfs -o size="$1"m none "$2" && shift 2 && exec "$@"';
    const args = ['-rm', 'sh', '-c', script, 'sh', String(sizeMib), made, process.execPath, program];
    const { status } = spawnSync('unshare', args, { stdio: 'inherit', env: { ...process.env, [INSIDE]: made } });
    if (status !== 0) throw new Error(`the run on a small disk failed (${status})`);
    return null;
  } finally {
    rmSync(made, { recursive: true });
  }
}

function diskAt(folder: string): SmallDisk {
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill() {
      // Ever smaller pieces, until not one more byte finds room.
      for (let piece = 2 ** 20, at = 0; piece >= 1; at++) {
        try {
          writeFileSync(`${ballast}-${at}`, new Uint8Array(piece), { flag: 'wx' });
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          piece = Math.floor(piece / 4);
        }
      }
    },
    free() {
      spawnSync('sh', ['-c', `rm -f ${ballast}-*`]);
    },
  };
}
