// npm run mutate [-- --room tlog --file note --list --json --jobs 2]: see README.md beside this file.
import { availableParallelism, setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { KeptVerdicts } from './kept-verdicts.ts';
import { listWork, mutateTargets } from './mutate-targets.ts';
import { failuresOf, formatMutant, formatReport, formatScore, scoreOf, scoresOf } from './report.ts';
import { readReviewed } from './reviewed.ts';
import { stopRunning } from './run-tests.ts';
import { readTargets } from './targets.ts';

const { values } = parseArgs({
  options: {
    room: { type: 'string' },
    target: { type: 'string' },
    file: { type: 'string' },
    list: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(Math.min(availableParallelism(), 2)) },
    floor: { type: 'string', default: '90' },
    root: { type: 'string', default: join(import.meta.dirname, '../..') },
    targets: { type: 'string', default: 'tools/mutate/targets.json' },
    reviewed: { type: 'string', default: 'tools/mutate/reviewed.json' },
    kept: { type: 'string', default: '.build/mutate/verdicts.jsonl' },
  },
});

const { root, room, file: filePart } = values;
const jobs = wholeNumber('jobs', values.jobs);
const floorPercent = wholeNumber('floor', values.floor);

const all = readTargets(root, values.targets);
const inRoom = all.filter((target) => room === undefined || target.room === room);
if (inRoom.length === 0)
  stop(`no target in room ${room}; there are ${[...new Set(all.map((target) => target.room))].join(', ')}`);
const targets = inRoom.filter((target) => values.target === undefined || target.name === values.target);
if (targets.length === 0) stop(`no target ${values.target}; there are ${inRoom.map(({ name }) => name).join(', ')}`);

if (values.list) {
  const mutants = listWork({ root, targets, ...(filePart !== undefined && { filePart }) }).flatMap(
    (work) => work.mutants,
  );
  console.log(values.json ? JSON.stringify(mutants, null, 2) : mutants.map(formatMutant).join('\n'));
  console.error(`${mutants.length} mutants`);
} else {
  await run();
}

async function run(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stopRunning();
      process.exit(1);
    });
  }
  // Thousands of short processes: whatever else the machine does goes first.
  setPriority(15);
  let done = 0;
  const result = await mutateTargets({
    root,
    targets,
    reviewed: readReviewed(root, values.reviewed),
    jobs,
    kept: new KeptVerdicts(join(root, values.kept), { fresh: values.fresh }),
    ...(filePart !== undefined && { filePart }),
    onOutcome: ({ mutant, verdict }) => {
      done += 1;
      if (verdict === 'survived') console.error(`survived: ${formatMutant(mutant)}`);
      else if (done % 50 === 0) console.error(`${done} mutants …`);
    },
    onTarget: (ended) => console.error(`${formatScore(scoreOf(ended))}, ${ended.keptCount} known from before`),
  });
  const failures = failuresOf(result, floorPercent);
  console.log(
    values.json
      ? JSON.stringify({ floorPercent, scores: scoresOf(result), failures, ...result }, null, 2)
      : formatReport(result, floorPercent),
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9][0-9]{0,2}$/.test(text)) stop(`--${name} is a whole number from 1 to 999, not ${text}`);
  return Number(text);
}

function stop(message: string): never {
  console.error(`mutate: ${message}`);
  process.exit(2);
}
