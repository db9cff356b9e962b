// `npm run check`: every check of the house, all of them even when one fails, each with its own name.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly mend: string;
}

const checks: readonly Check[] = [
  {
    name: 'format',
    command: bin('prettier'),
    args: ['--check', '.', '--log-level', 'warn', '--cache', '--cache-strategy', 'content'],
    mend: 'npm run format',
  },
  { name: 'types', command: bin('tsc'), args: ['-b'], mend: 'mend the types' },
  { name: 'lint', command: bin('oxlint'), args: ['--type-aware', '--deny-warnings'], mend: 'follow the rule named' },
  {
    name: 'screens',
    command: process.execPath,
    args: [
      'apps/web/node_modules/svelte-check/bin/svelte-check',
      '--workspace',
      'apps/web',
      '--tsconfig',
      './tsconfig.screens.json',
      '--output',
      'human',
      '--fail-on-warnings',
    ],
    mend: 'mend the types of the screens',
  },
  {
    name: 'screen lint',
    command: process.execPath,
    args: [
      'apps/web/node_modules/eslint/bin/eslint.js',
      '--config',
      'apps/web/eslint.config.js',
      '--max-warnings',
      '0',
      'apps/web/src',
    ],
    mend: 'follow the rule named',
  },
  {
    name: 'arrows',
    command: bin('depcruise'),
    args: ['--config', 'tools/rooms/dependency-cruiser.mjs', '--output-type', 'err-long', 'packages', 'apps'],
    mend: 'use the door that the message names',
  },
  { name: 'rooms', command: process.execPath, args: ['tools/rooms/check-rooms.ts'], mend: 'see the message' },
  {
    name: 'unused',
    command: bin('knip'),
    args: ['--no-progress', '--no-config-hints'],
    mend: 'delete what nobody uses',
  },
  { name: 'packages', command: process.execPath, args: ['tools/check/packages.ts'], mend: 'see the message' },
  { name: 'texts', command: process.execPath, args: ['tools/check/texts.ts'], mend: 'see the message' },
];

const wanted = process.argv.slice(2);
// The tools' own launchers look for `node` on the PATH: give them the one that runs this.
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` };
const failed: string[] = [];
const waiting = checks.filter((check) => wanted.length === 0 || wanted.includes(check.name));
// Most of them keep one core busy.
await Promise.all(Array.from({ length: availableParallelism() }, work));
if (failed.length > 0) {
  console.log(`check: ${failed.join(', ')} failed`);
  process.exitCode = 1;
}

async function work(): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) await run(check);
}

async function run(check: Check): Promise<void> {
  const started = performance.now();
  const { status, told } = await output(check);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status === 0) {
    console.log(`ok   ${check.name} (${seconds} s)`);
    return;
  }
  failed.push(check.name);
  console.log(`FAIL ${check.name} (${seconds} s): ${check.mend}\n${told}`);
}

/** Status null: it was ended by a signal, or could not be started. */
async function output({ command, args }: Check): Promise<{ status: number | null; told: string }> {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (told += text));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: null, told: error.message }));
    child.on('close', (status) => resolve({ status, told }));
  });
}
