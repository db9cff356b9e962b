// Start-up of the command beside an empty Node: what a loop over many small files pays each time.
// Rounds alternate between the two, and the ratio is taken within a round: the machine may be busy with other things.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from '../machine.ts';
import { median } from '../median.ts';
import { isInstalled } from '../timed-child.ts';

const rounds = 5;
const runsPerRound = 5;
const targetRatio = 1.5;

interface Timing {
  readonly wallMs: number;
  readonly cpuMs: number;
}

interface Row {
  readonly name: string;
  readonly wallRatio: number;
  readonly cpuRatio: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

if (!isInstalled('hyperfine')) {
  console.error('bench/start: hyperfine is not installed');
  process.exit(2);
}

const latchkey = join(import.meta.dirname, '../../apps/cli/bin/latchkey');
const folder = mkdtempSync(join(tmpdir(), 'latchkey-start-'));
try {
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') };
  const inFolder = (name: string): string => join(folder, name);
  const made = spawnSync(latchkey, ['keygen', '-o', inFolder('key')], { env, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  writeFileSync(inFolder('recipient'), made.stdout);
  writeFileSync(inFolder('plain'), 'a short note\n');
  const seal = ['seal', '-R', inFolder('recipient'), '-fo', inFolder('sealed'), inFolder('plain')];
  if (spawnSync(latchkey, seal, { env }).status !== 0) throw new Error('seal failed');

  const base = [process.execPath, '-e', '0'];
  const commands: readonly (readonly [name: string, argv: readonly string[]])[] = [
    ['latchkey --version', [latchkey, '--version']],
    ['latchkey --help', [latchkey, '--help']],
    ['latchkey keygen', [latchkey, 'keygen', '-q']],
    ['latchkey seal (13 bytes)', [latchkey, ...seal]],
    ['latchkey open (13 bytes)', [latchkey, 'open', '-i', inFolder('key'), inFolder('sealed')]],
  ];
  const machine = describeMachine();
  const rows = commands.map(([name, argv]) => measure(name, [base, argv], env));

  console.log(`node ${machine.node}, ${machine.cores} cores (${machine.cpu}), load before ${machine.loadBefore}`);
  console.log(`Beside \`node -e 0\`: median of ${rounds} ratios, each of the medians of ${runsPerRound} runs.\n`);
  console.log('| command | time, ratio | processor time, ratio | time | processor time |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const { name, wallRatio, cpuRatio, wallMs, cpuMs } of rows) {
    console.log(
      `| \`${name}\` | ${wallRatio.toFixed(2)} | ${cpuRatio.toFixed(2)} | ${wallMs.toFixed(0)} ms | ${cpuMs.toFixed(0)} ms |`,
    );
  }
  const start = rows[0]?.wallRatio ?? Number.NaN;
  console.log(
    `\nTarget: start-up at most ${targetRatio}. ${start <= targetRatio ? 'Met' : 'Missed'}: ${start.toFixed(2)}.`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

function measure(name: string, pair: readonly (readonly string[])[], env: NodeJS.ProcessEnv): Row {
  const taken = Array.from({ length: rounds }, () => hyperfine(pair, env));
  const of = (pick: (base: Timing, ours: Timing) => number): number =>
    median(taken.map(([base, ours]) => (base === undefined || ours === undefined ? Number.NaN : pick(base, ours))));
  return {
    name,
    wallRatio: of((base, ours) => ours.wallMs / base.wallMs),
    cpuRatio: of((base, ours) => ours.cpuMs / base.cpuMs),
    wallMs: of((_, ours) => ours.wallMs),
    cpuMs: of((_, ours) => ours.cpuMs),
  };
}

/** One round of all commands, without a shell between. */
function hyperfine(commands: readonly (readonly string[])[], env: NodeJS.ProcessEnv): readonly Timing[] {
  const report = join(folder, 'report.json');
  const lines = commands.map((argv) => argv.map((word) => `'${word}'`).join(' '));
  const args = ['-N', '--warmup', '1', '--runs', String(runsPerRound), '--style', 'none', '--export-json', report];
  const done = spawnSync('hyperfine', [...args, ...lines], { env, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${lines.join(' or ')}: ${done.stderr}`);
  const { results } = JSON.parse(readFileSync(report, 'utf8')) as {
    results: { median: number; user: number; system: number }[];
  };
  return results.map((result) => ({ wallMs: result.median * 1000, cpuMs: (result.user + result.system) * 1000 }));
}
