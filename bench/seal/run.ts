/**
 * `npm run bench -- seal [--size 1GiB] [--pairs 7] [--soak] [--json] [--no-save]`
 * Sealing, opening, memory and wrapping, beside other programs (bench/seal/README.md).
 */
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../machine.ts';
import { parseCount } from '../parse-count.ts';
import { parseSize } from '../parse-size.ts';
import { canSeeProcessorTime } from '../timed-child.ts';
import { gatherField } from './contenders.ts';
import { type Bar, drawChart } from '../draw-chart.ts';
import { type Comparison, compareFiles } from './measure-files.ts';
import { measureMemory, type MemoryFigure } from './measure-memory.ts';
import { compareWraps, type WrapComparison } from './measure-wrap.ts';
import { MEMORY_TARGET_MIB, TARGETS } from './targets.ts';

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '1GiB' },
    pairs: { type: 'string', default: '7' },
    recipients: { type: 'string', default: '1000' },
    soak: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const sizeBytes = parseSize(options.size);
const pairs = parseCount('pairs', options.pairs);
const recipients = parseCount('recipients', options.recipients);
const machine = describeMachine();
say(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.loadBefore}`);
if (machine.loadBefore > 0.5) say('Others are at work on this machine: expect noise, compare within a row only');
if (!canSeeProcessorTime) say('GNU time is not installed: no processor time, no memory');

const onTmpfs = hasRoom('/dev/shm', sizeBytes * 4);
const folder = mkdtempSync(join(onTmpfs ? '/dev/shm' : tmpdir(), 'latchkey-bench-'));
const diskFolder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
let report;
try {
  const field = gatherField(folder);
  try {
    for (const { name, why } of field.missing) say(`${name} is skipped: ${why}`);
    const files = compareFiles(field, { folder, sizeBytes, pairs, slowPairs: Math.max(1, Math.floor(pairs / 3)), say });
    const sizesMib = [1, 16, 128, 1024, ...(options.soak ? [10_240] : [])];
    const memory = measureMemory(field.ours, { folder: diskFolder, sizesMib, say });
    const wraps = compareWraps({ recipients, pairs: Math.max(3, pairs), say });
    const { missing } = field;
    report = { date: new Date().toISOString(), machine, sizeBytes, onTmpfs, files, memory, wraps, missing };
  } finally {
    field.end();
  }
} finally {
  for (const path of [folder, diskFolder]) rmSync(path, { recursive: true, force: true });
}

const bars = barsOf(report.files, report.wraps);
for (const { label, value, target } of bars)
  if (target !== null && value < target) say(`Missed: ${label} ${value.toFixed(2)}×, asked for ${target}×`);
judgeMemory(report.memory);
if (options.save) {
  const results = join(import.meta.dirname, '../results');
  mkdirSync(results, { recursive: true });
  const base = join(results, `seal-${report.date.slice(0, 10)}`);
  writeFileSync(`${base}.json`, `${JSON.stringify(report, null, 2)}\n`);
  const note = `${options.size} ${onTmpfs ? 'on tmpfs' : 'on disk'}, ${machine.cores} cores, ${machine.cpu}, load ${machine.loadBefore} before; above 1× latchkey is faster; | is the target`;
  writeFileSync(`${base}.svg`, drawChart({ title: 'Time of the other program divided by ours', note, bars }));
}
if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);

function barsOf(files: readonly Comparison[], wraps: readonly WrapComparison[]): Bar[] {
  const bar = (work: string, beside: string, value: number): Bar => ({
    label: `${work}, ${beside}`,
    value,
    target: TARGETS[`${work} ${beside}`] ?? null,
  });
  return [
    ...files.map(({ work, beside, ratio }) => bar(work, beside, ratio)),
    ...wraps.map(({ beside, ratio }) => bar('wrap', beside, ratio)),
  ];
}

function judgeMemory(figures: readonly MemoryFigure[]): void {
  for (const { work, sizeMib, peakMib } of figures)
    if (peakMib > MEMORY_TARGET_MIB) say(`Missed: ${work} of ${sizeMib} MiB took ${peakMib.toFixed(0)} MiB`);
}

function hasRoom(path: string, bytes: number): boolean {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize > bytes;
  } catch {
    return false;
  }
}
