// `npm run soak`: the runs that take too long for every day, one after the other. Each is a file called *.soak.ts.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const wanted = process.argv.slice(2);
const files = globSync(['packages/*/{src,test}/**/*.soak.ts', 'apps/*/{src,test}/**/*.soak.ts', 'bench/**/*.soak.ts'], {
  cwd: root,
}).filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
if (files.length === 0) {
  console.error('soak: no file matches');
  process.exit(2);
}
for (const file of files.toSorted()) {
  console.log(`soak: ${file}`);
  const done = spawnSync(process.execPath, ['--test', '--test-timeout=7200000', join(root, file)], {
    cwd: root,
    stdio: 'inherit',
  });
  if (done.status !== 0) process.exitCode = 1;
}
