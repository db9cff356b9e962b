/** Seals and opens one file with every program, always ours and the other one after each other. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { randomFillSync } from 'node:crypto';
import { join } from 'node:path';
import { median } from '../median.ts';
import { type Command, type Taken, timeChild } from '../timed-child.ts';
import type { Contender, Field } from './contenders.ts';

export interface Comparison {
  readonly work: 'seal' | 'open';
  readonly beside: string;
  readonly remark: string;
  readonly pairs: number;
  /** Median of their time divided by ours: above 1 means that we are faster. */
  readonly ratio: number;
  readonly ratios: readonly number[];
  readonly ours: Figures;
  readonly theirs: Figures;
}

/** Medians. */
export interface Figures {
  readonly mibPerSecond: number;
  readonly mibPerProcessorSecond: number | null;
  readonly peakMib: number | null;
}

export interface FilePlan {
  readonly folder: string;
  readonly sizeBytes: number;
  readonly pairs: number;
  /** Pairs with programs that take more than eight times as long. */
  readonly slowPairs: number;
  readonly say: (line: string) => void;
}

const SLOW = new Set(['typage', 'openpgp.js']);
const MIB = 1024 * 1024;

export function compareFiles({ ours, others }: Field, plan: FilePlan): Comparison[] {
  const plain = join(plan.folder, 'plain');
  writeRandomFile(plain, plan.sizeBytes);
  const comparisons: Comparison[] = [];
  // Caches of code and of memory pages are warm for everybody.
  run(ours.seal(plain, join(plan.folder, 'ours')), join(plan.folder, 'ours'), false);
  for (const other of others) {
    comparisons.push(compare('seal', [ours, other], plan));
    if (other.open !== null) comparisons.push(compare('open', [ours, other], plan));
  }
  for (const name of ['plain', 'ours']) rmSync(join(plan.folder, name));
  return comparisons;
}

function compare(work: 'seal' | 'open', [ours, other]: readonly [Contender, Contender], plan: FilePlan): Comparison {
  const { folder, sizeBytes } = plan;
  const pairs = SLOW.has(other.name) ? plan.slowPairs : plan.pairs;
  const [plain, sealedByOurs, sealedByOther] = [join(folder, 'plain'), join(folder, 'ours'), join(folder, 'theirs')];
  const output = join(folder, 'output');
  if (work === 'open') run(other.seal(plain, sealedByOther), sealedByOther, false);
  const commandOf = (contender: Contender, sealed: string): Command => {
    const command = work === 'seal' ? contender.seal(plain, output) : contender.open?.(sealed, output);
    if (command === undefined) throw new Error(`${contender.name} cannot open`);
    return command;
  };
  const taken: { ours: Taken; theirs: Taken }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    // Who goes first changes from pair to pair.
    const first = pair % 2 === 0 ? run(commandOf(ours, sealedByOurs), output, true) : null;
    const theirs = run(commandOf(other, sealedByOther), output, true);
    taken.push({ ours: first ?? run(commandOf(ours, sealedByOurs), output, true), theirs });
  }
  rmSync(sealedByOther, { force: true });
  const ratios = taken.map((pair) => pair.theirs.wallMs / pair.ours.wallMs);
  const figures = (who: 'ours' | 'theirs'): Figures =>
    figuresOf(
      taken.map((pair) => pair[who]),
      sizeBytes,
    );
  const comparison: Comparison = {
    work,
    beside: other.name,
    remark: other.remark,
    pairs,
    ratio: median(ratios),
    ratios,
    ours: figures('ours'),
    theirs: figures('theirs'),
  };
  plan.say(describe(comparison));
  return comparison;
}

/** Throws its output away afterwards, where told so: every run writes a new file. */
function run(command: Command, output: string, removeOutput: boolean): Taken {
  rmSync(output, { force: true });
  const taken = timeChild(command);
  if (removeOutput) rmSync(output);
  return taken;
}

function figuresOf(taken: readonly Taken[], sizeBytes: number): Figures {
  const cpu = taken.flatMap(({ cpuMs }) => (cpuMs === null ? [] : [cpuMs]));
  const peak = taken.flatMap(({ peakMib }) => (peakMib === null ? [] : [peakMib]));
  const rate = (ms: number): number => sizeBytes / MIB / (ms / 1000);
  return {
    mibPerSecond: rate(median(taken.map(({ wallMs }) => wallMs))),
    mibPerProcessorSecond: cpu.length === 0 ? null : rate(median(cpu)),
    peakMib: peak.length === 0 ? null : median(peak),
  };
}

function describe({ work, beside, ratio, ours, theirs, pairs }: Comparison): string {
  const show = ({ mibPerSecond, mibPerProcessorSecond, peakMib }: Figures): string =>
    `${mibPerSecond.toFixed(0)} MiB/s, ${mibPerProcessorSecond?.toFixed(0) ?? '?'} per CPU-s, ${peakMib?.toFixed(0) ?? '?'} MiB`;
  return `${work.padEnd(5)} beside ${beside.padEnd(11)} ${ratio.toFixed(2).padStart(6)}×   (ours ${show(ours)}; theirs ${show(theirs)}; ${pairs} pairs)`;
}

function writeRandomFile(path: string, sizeBytes: number): void {
  const block = randomFillSync(new Uint8Array(16 * MIB));
  const fd = openSync(path, 'w');
  for (let at = 0; at < sizeBytes; at += block.length) writeSync(fd, block, 0, Math.min(block.length, sizeBytes - at));
  closeSync(fd);
}
