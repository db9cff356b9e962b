// `npm run soak [-- FILE-PART …] [--share 0.05] [--no-save]`: the runs that take too long for every day, one after the
// other. Each is a file called *.soak.ts. A share of 1 is the full run; what ran is kept in bench/results.
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../../bench/machine.ts';

interface Soaked {
  readonly file: string;
  readonly outcome: 'passed' | 'failed';
  readonly seconds: number;
  readonly figures: readonly unknown[];
}

const FIGURES = 'soak-figures ';
const root = join(import.meta.dirname, '../..');
const { values, positionals: wanted } = parseArgs({
  options: { share: { type: 'string', default: '1' }, save: { type: 'boolean', default: true } },
  allowNegative: true,
  allowPositionals: true,
});
const share = /^(1|1\.0*|0?\.\d{1,9})$/.test(values.share) ? Number(values.share) : 0;
if (share === 0) stop('--share is a number above 0 and at most 1');
const files = globSync(
  [
    'packages/*/{src,test}/**/*.soak.ts',
    'apps/*/{src,test}/**/*.soak.ts',
    'bench/**/*.soak.ts',
    '{test,tools}/**/*.soak.ts',
  ],
  {
    cwd: root,
  },
).filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
if (files.length === 0) stop('no file matches');

// It takes hours: whatever else the machine does goes first.
setPriority(10);
const machine = describeMachine();
const results: Soaked[] = [];
for (const file of files.toSorted()) {
  console.log(`soak: ${file}`);
  const result = await soak(file);
  results.push(result);
  if (result.outcome === 'failed') process.exitCode = 1;
  for (const figures of result.figures) console.log(`  ${JSON.stringify(figures)}`);
  console.log(`  ${result.outcome} after ${result.seconds} s`);
}
if (values.save) {
  const folder = join(root, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const date = new Date().toISOString();
  const path = join(folder, `soak-${date.slice(0, 10)}.json`);
  // What ran earlier that day stays; each says what share it was.
  const ran = results.map((result) => ({ ...result, share }));
  const earlier = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as { files: Soaked[]; share: number })
    : null;
  const others = (earlier?.files ?? []).filter(({ file }) => !results.some((each) => each.file === file));
  const files = [...others.map((each) => ({ share: earlier?.share, ...each })), ...ran];
  writeFileSync(path, `${JSON.stringify({ date, machine, share, files }, null, 2)}\n`);
}

/** A file that is a program or holds tests: either way it ends with 0 where all went well. */
async function soak(file: string): Promise<Soaked> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, file)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LATCHKEY_SOAK_SHARE: String(share) },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const code = await new Promise((resolve) => child.on('close', resolve));
  const figures: unknown[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith(FIGURES)) figures.push(JSON.parse(line.slice(FIGURES.length)));
    else if (line !== '' && code !== 0) console.log(line);
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  return { file: file.replaceAll('\\', '/'), outcome: code === 0 ? 'passed' : 'failed', seconds, figures };
}

function stop(message: string): never {
  console.error(`soak: ${message}`);
  process.exit(2);
}
