/** Wrapping one file key to many recipients, without making or reading their keys. */
import { join } from 'node:path';
import { median } from '../median.ts';
import { timeChild } from '../timed-child.ts';

export interface WrapComparison {
  readonly beside: 'typage' | 'openpgp.js';
  readonly remark: string;
  readonly recipients: number;
  readonly pairs: number;
  /** Median of their time divided by ours. */
  readonly ratio: number;
  readonly oursMs: number;
  readonly theirsMs: number;
}

const OTHERS = [
  { library: 'typage', beside: 'typage', remark: 'the same hybrid recipients' },
  { library: 'openpgp', beside: 'openpgp.js', remark: 'curve25519: not post-quantum' },
] as const;

export function compareWraps(plan: {
  readonly recipients: number;
  readonly pairs: number;
  readonly say: (line: string) => void;
}): WrapComparison[] {
  const { recipients, pairs, say } = plan;
  const run = (library: string): number =>
    Number(
      timeChild({ argv: [process.execPath, join(import.meta.dirname, 'peers/wrap.ts'), library, String(recipients)] })
        .stdout,
    );
  return OTHERS.map(({ library, beside, remark }) => {
    const taken = Array.from({ length: pairs }, () => ({ ours: run('latchkey'), theirs: run(library) }));
    const comparison = {
      beside,
      remark,
      recipients,
      pairs,
      ratio: median(taken.map(({ ours, theirs }) => theirs / ours)),
      oursMs: median(taken.map(({ ours }) => ours)),
      theirsMs: median(taken.map(({ theirs }) => theirs)),
    };
    const { ratio, oursMs, theirsMs } = comparison;
    say(
      `wrap  beside ${beside.padEnd(11)} ${ratio.toFixed(2).padStart(6)}×   (${recipients} recipients: ours ${oursMs.toFixed(0)} ms; theirs ${theirsMs.toFixed(0)} ms, ${remark})`,
    );
    return comparison;
  });
}
