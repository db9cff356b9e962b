/**
 * `npm run bench -- keys [--leaves 10000,100000,1000000] [--only NAME]… [--rounds 10] [--json] [--no-save]`
 * The key log at several sizes (bench/keys/README.md).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openClientHost } from '../../packages/host-node/src/index.ts';
import { drawGrowth, type GrowthLine } from '../draw-growth.ts';
import { describeMachine, type Machine } from '../machine.ts';
import { parseCount } from '../parse-count.ts';
import type { Bench } from './bench.ts';
import { measureProofs, type ProofFigures } from './measure-proofs.ts';
import { measureRecipients, type RecipientFigures } from './measure-recipients.ts';
import { measureReplay, type ReplayFigures } from './measure-replay.ts';
import { measureUpdates, type UpdateFigures } from './measure-updates.ts';
import { startServerProcess } from './server-process.ts';
import { TARGETS } from './targets.ts';

const NAMES = ['proofs', 'replay', 'updates', 'recipients'] as const;
const RECIPIENTS = 1_000;
/** Enough for recipients, one of whom asks, and for updates of two kinds. */
const ACCOUNTS = 1_250;

const { values: options } = parseArgs({
  options: {
    leaves: { type: 'string', default: '10000,100000,1000000' },
    only: { type: 'string', multiple: true, default: [...NAMES] },
    rounds: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

interface Report {
  readonly date: string;
  readonly machine: Machine;
  readonly proofs: ProofFigures[];
  readonly replay: ReplayFigures[];
  readonly updates: UpdateFigures[];
  readonly recipients: RecipientFigures[];
}

const sizes = options.leaves.split(',').map((text) => parseCount('leaves', text, 1_000));
const rounds = parseCount('rounds', options.rounds);
const unknown = options.only.filter((name) => !NAMES.some((known) => known === name));
if (unknown.length > 0) throw new Error(`--only takes ${NAMES.join(', ')}`);
const isWanted = (name: (typeof NAMES)[number]): boolean => options.only.includes(name);
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const machine = describeMachine();
say(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.loadBefore}`);
if (machine.loadBefore > 0.5) say('Others are at work on this machine: look at processor times before the clock');
const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
const bench: Bench = { rounds, folder, say };
const report: Report = { date: new Date().toISOString(), machine, proofs: [], replay: [], updates: [], recipients: [] };
try {
  for (const leaves of sizes) {
    if (isWanted('proofs')) report.proofs.push(await measureProofs(bench, leaves));
    if (isWanted('replay')) report.replay.push(measureReplay(bench, leaves));
  }
  if (isWanted('updates') || isWanted('recipients')) await withServer();
} finally {
  rmSync(folder, { recursive: true });
}

/** One server whose log grows from size to size. */
async function withServer(): Promise<void> {
  const host = await openClientHost({ home: join(folder, 'home') });
  const server = await startServerProcess();
  try {
    let filled = 0;
    for (const leaves of sizes.toSorted((a, b) => a - b)) {
      await server.ask('fill', { leaves: leaves - filled });
      filled = leaves;
      const { addresses, own } = await server.ask('accounts', { count: ACCOUNTS });
      const recipients = addresses.filter((address) => address !== own.address).slice(0, RECIPIENTS);
      const plan = { leaves, origin: server.origin, session: own.session, own, recipients };
      if (isWanted('recipients')) report.recipients.push(await measureRecipients(bench, host, plan));
      if (isWanted('updates')) report.updates.push(await measureUpdates(bench, server, leaves));
    }
  } finally {
    await server.stop();
    await host.close();
  }
}

for (const { label, points, target, unit, most } of linesOf(report)) {
  const last = points.at(-1);
  if (target === null || last === undefined) continue;
  const isMet = most ? last.value <= target : last.value >= target;
  const value = Number(last.value.toPrecision(4));
  say(
    `${isMet ? 'Met' : 'Missed'}: ${label} ${value} ${unit}, asked for ${most ? 'at most' : 'at least'} ${target} ${unit}`,
  );
}
if (options.save) {
  const results = join(import.meta.dirname, '../results');
  mkdirSync(results, { recursive: true });
  const part = options.only.length === NAMES.length ? '' : `${options.only.join('-')}-`;
  const base = join(results, `keys-${part}${report.date.slice(0, 10)}`);
  writeFileSync(`${base}.json`, `${JSON.stringify(report, null, 2)}\n`);
  const note = `${machine.cores} cores, ${machine.cpu}, load ${machine.loadBefore} before; leaves with random indexes; dashed: asked for`;
  writeFileSync(
    `${base}.svg`,
    drawGrowth({ title: 'The key log as it grows', note, counts: 'leaves', lines: linesOf(report) }),
  );
}
if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);

interface JudgedLine extends GrowthLine {
  /** Whether the target is the most that it may be. */
  readonly most: boolean;
}

function linesOf({ proofs, replay, updates, recipients }: Report): JudgedLine[] {
  const line = <T extends { readonly leaves: number }>(
    rows: readonly T[],
    { value, ...words }: Omit<JudgedLine, 'points'> & { readonly value: (row: T) => number | null },
  ): JudgedLine => ({
    ...words,
    points: rows.flatMap((row) => {
      const found = value(row);
      return found === null ? [] : [{ at: row.leaves, value: found }];
    }),
  });
  const most = (target: number | null, unit: string) => ({ target, unit, most: true });
  const least = (target: number | null, unit: string) => ({ target, unit, most: false });
  const lines = [
    line(proofs, {
      label: 'Proof, first time',
      ...most(TARGETS.firstTimeBytes, 'B'),
      value: (row) => row.firstTimeBytes,
    }),
    line(proofs, {
      label: 'Known contact under a head',
      ...most(TARGETS.knownBytes, 'B'),
      value: (row) => row.knownLookupBytes,
    }),
    line(proofs, {
      label: 'A new head and one known contact',
      ...most(null, 'B'),
      value: (row) => row.knownBytes,
    }),
    line(proofs, {
      label: 'Verification in Node',
      ...most(TARGETS.firstTimeMs, 'ms'),
      value: (row) => row.node.wall.firstTimeMs,
    }),
    line(proofs, {
      label: 'the same, processor',
      ...most(TARGETS.firstTimeMs, 'ms'),
      value: (row) => row.node.processor.firstTimeMs,
    }),
    line(proofs, {
      label: 'Verification in Chromium',
      ...most(TARGETS.firstTimeChromiumMs, 'ms'),
      value: (row) => row.chromium?.firstTimeMs ?? null,
    }),
    line(proofs, {
      label: 'Known contact under a head, in Node',
      ...most(TARGETS.knownMs, 'ms'),
      value: (row) => row.node.wall.knownLookupMs,
    }),
    line(proofs, {
      label: 'the same, processor',
      ...most(TARGETS.knownMs, 'ms'),
      value: (row) => row.node.processor.knownLookupMs,
    }),
    line(proofs, {
      label: 'A new head and one known contact, processor',
      ...most(null, 'ms'),
      value: (row) => row.node.processor.knownMs,
    }),
    line(proofs, {
      label: 'A new head and one known contact, Chromium',
      ...most(null, 'ms'),
      value: (row) => row.chromium?.knownMs ?? null,
    }),
    line(replay, {
      label: 'Replay',
      ...least(TARGETS.replayedPerSecond, '/s'),
      value: (row) => row.whole.leavesPerSecond,
    }),
    line(replay, {
      label: 'the same, by processor time',
      ...least(TARGETS.replayedPerSecond, '/s'),
      value: (row) => row.whole.leavesPerProcessorSecond,
    }),
    line(replay, {
      label: 'Replay, roots each 1,000 leaves, processor',
      ...least(null, '/s'),
      value: (row) => row.withRoots.leavesPerProcessorSecond,
    }),
    line(replay, { label: 'Replay, peak memory', ...most(TARGETS.replayPeakMib, 'MiB'), value: (row) => row.peakMib }),
    line(updates, {
      label: 'Updates to a published head',
      ...least(TARGETS.updatesPerSecond, '/s'),
      value: (row) => row.toPublishedHead,
    }),
    line(updates, { label: 'Updates by HTTP', ...least(null, '/s'), value: (row) => row.byHttp }),
    line(recipients, {
      label: '1,000 new recipients',
      ...most(TARGETS.thousandRecipientsMs, 'ms'),
      value: (row) => row.ms,
    }),
    line(recipients, {
      label: 'the same, processor of the client',
      ...most(TARGETS.thousandRecipientsMs, 'ms'),
      value: (row) => row.processorMs,
    }),
  ];
  return lines.filter(({ points }) => points.length > 0);
}
