// `npm run check`: every check of the house, all of them even when one fails, each with its own name.
import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

const checks: readonly { name: string; command: string; args: readonly string[]; mend: string }[] = [
  { name: 'format', command: bin('prettier'), args: ['--check', '.', '--log-level', 'warn'], mend: 'npm run format' },
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
for (const check of checks) {
  if (wanted.length > 0 && !wanted.includes(check.name)) continue;
  const started = performance.now();
  const done = spawnSync(check.command, check.args, { cwd: root, encoding: 'utf8', env });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (done.status === 0) {
    console.log(`ok   ${check.name} (${seconds} s)`);
  } else {
    failed.push(check.name);
    console.log(
      `FAIL ${check.name} (${seconds} s): ${check.mend}\n${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`,
    );
  }
}
if (failed.length > 0) {
  console.log(`check: ${failed.join(', ')} failed`);
  process.exitCode = 1;
}
