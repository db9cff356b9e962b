import { join } from 'node:path';
import { median } from '../median.ts';
import { timeChild } from '../timed-child.ts';
import type { Bench } from './bench.ts';
import type { ReplayTimes } from './peers/replay.ts';

export interface ReplayFigures {
  readonly leaves: number;
  /** One root at the end: whoever rebuilds the map, as an auditor and a server do when they start. Medians. */
  readonly whole: ReplayTimes;
  /** Both roots after each 1,000 leaves: every index leaf of a busy log is checked. Medians. */
  readonly withRoots: ReplayTimes;
  /** The whole process; null without GNU time. */
  readonly peakMib: number | null;
}

const LEAVES_A_ROOT = 1_000;
const ROUNDS = 3;

export function measureReplay(bench: Bench, leaves: number): ReplayFigures {
  const peaks: number[] = [];
  const run = (leavesARoot: number): ReplayTimes => {
    const rounds = Array.from({ length: ROUNDS }, () => {
      const program = join(import.meta.dirname, 'peers/replay.ts');
      const { stdout, peakMib } = timeChild({ argv: [process.execPath, program, String(leaves), String(leavesARoot)] });
      if (peakMib !== null) peaks.push(peakMib);
      return JSON.parse(stdout) as ReplayTimes;
    });
    return {
      leavesPerSecond: median(rounds.map((each) => each.leavesPerSecond)),
      leavesPerProcessorSecond: median(rounds.map((each) => each.leavesPerProcessorSecond)),
    };
  };
  const [whole, withRoots] = [run(leaves), run(LEAVES_A_ROOT)];
  const figures = { leaves, whole, withRoots, peakMib: peaks.length === 0 ? null : Math.max(...peaks) };
  const words = ({ leavesPerSecond, leavesPerProcessorSecond }: ReplayTimes): string =>
    `${leavesPerSecond.toFixed(0)} a second (${leavesPerProcessorSecond.toFixed(0)} by processor time)`;
  bench.say(`${leaves} leaves replayed: ${words(whole)}, with a root each ${LEAVES_A_ROOT} ${words(withRoots)}`);
  bench.say(`  peak ${figures.peakMib?.toFixed(0) ?? 'unknown'} MiB`);
  return figures;
}
