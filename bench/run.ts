// `npm run bench -- NAME [options]`: one of the benches beside this file.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const benches = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(import.meta.dirname, entry.name, 'run.ts')))
  .map((entry) => entry.name);
const [name, ...options] = process.argv.slice(2);
if (name === undefined || !benches.includes(name)) {
  console.error(`npm run bench -- NAME [options], where NAME is one of: ${benches.join(', ')}`);
  process.exit(2);
}
const done = spawnSync(process.execPath, [join(import.meta.dirname, name, 'run.ts'), ...options], { stdio: 'inherit' });
process.exitCode = done.status ?? 1;
