/** The greatest memory of our process, over sizes that differ by ten thousand. */
import { closeSync, ftruncateSync, openSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { timeChild } from '../timed-child.ts';
import type { Contender } from './contenders.ts';

export interface MemoryFigure {
  readonly work: 'seal' | 'open' | 'seal to a pipe';
  readonly sizeMib: number;
  readonly peakMib: number;
}

export interface MemoryPlan {
  readonly folder: string;
  readonly sizesMib: readonly number[];
  readonly say: (line: string) => void;
}

export function measureMemory(ours: Contender, { folder, sizesMib, say }: MemoryPlan): MemoryFigure[] {
  const [plain, sealed, opened] = [join(folder, 'plain'), join(folder, 'sealed'), join(folder, 'opened')];
  const figures: MemoryFigure[] = [];
  const note = (work: MemoryFigure['work'], sizeMib: number, peakMib: number | null): void => {
    if (peakMib === null) return;
    figures.push({ work, sizeMib, peakMib });
    say(`memory ${work.padEnd(14)} ${String(sizeMib).padStart(6)} MiB: ${peakMib.toFixed(0)} MiB`);
  };
  for (const sizeMib of sizesMib) {
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < sizeMib * 2.1 * 2 ** 20) {
      say(`memory: ${sizeMib} MiB is skipped, there is no room for it`);
      continue;
    }
    // A file of holes: what is read is zeros, and they take no room.
    const fd = openSync(plain, 'w');
    ftruncateSync(fd, sizeMib * 2 ** 20);
    closeSync(fd);
    note('seal', sizeMib, timeChild(ours.seal(plain, sealed)).peakMib);
    if (ours.open !== null) note('open', sizeMib, timeChild(ours.open(sealed, opened)).peakMib);
    note('seal to a pipe', sizeMib, timeChild({ ...ours.seal('-', '-'), stdin: plain, stdout: '/dev/null' }).peakMib);
    for (const path of [plain, sealed, opened]) rmSync(path, { force: true });
  }
  return figures;
}
