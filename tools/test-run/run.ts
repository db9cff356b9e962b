// `npm test [-- FILE-PART …]`: the checks, then every test file, then what was skipped and why.
// With LATCHKEY_NO_SKIPS=1 (`.ci/run`) a skipped test fails the run.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { tally } from './tally.ts';

const root = join(import.meta.dirname, '../..');
const wanted = process.argv.slice(2);

const files = globSync(['packages/**/*.test.ts', 'apps/**/*.test.ts', 'tools/**/*.test.ts', 'test/**/*.test.ts'], {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|fixtures|\.build|\.tsbuild)(\/|$)/.test(path),
})
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .toSorted();
if (files.length === 0) {
  console.error(`No test file's name contains ${wanted.join(' or ')}.`);
  process.exit(2);
}

if (wanted.length === 0) {
  const checks = spawnSync(process.execPath, [join(root, 'tools/check/check.ts')], { cwd: root, stdio: 'inherit' });
  if (checks.status !== 0) process.exit(1);
}

// What one process has compiled and stripped of types serves the next: half a second of the processor for each file.
process.env['NODE_COMPILE_CACHE'] = join(root, 'node_modules/.cache/latchkey-test-run');

const stream = run({ files: files.map((file) => join(root, file)), cwd: root, concurrency: 2, timeout: 300_000 });
const counts = tally(stream, (file) => relative(root, file));
stream.compose(spec).pipe(process.stdout);
stream.on('end', () => {
  // After the reporter's own closing lines.
  setImmediate(() => {
    const { passed, failed, skipped, seconds } = counts;
    const slowest = [...seconds].toSorted(([, a], [, b]) => b - a).slice(0, 20);
    console.log('the slowest files, in seconds:');
    for (const [file, time] of slowest) console.log(`${String(Math.round(time)).padStart(6)} ${file}`);
    for (const skip of skipped) console.log(`skipped: ${skip.file}: ${skip.name} (${skip.reason})`);
    console.log(`skipped: ${skipped.length}${skipped.length === 0 ? '' : ' (why stands above)'}`);
    console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
    const refused = process.env['LATCHKEY_NO_SKIPS'] === '1' && skipped.length > 0;
    if (refused) console.error('LATCHKEY_NO_SKIPS=1: every test must run here.');
    process.exitCode = failed > 0 || refused || passed === 0 ? 1 : 0;
  });
});
