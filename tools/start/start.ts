// `npm start`: brings up what exists so far. There is no server yet, so it says what works and how to use it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const latchkey = join(root, 'apps/cli/bin/latchkey');

// The command answers, or this page would promise something that does not run.
execFileSync(latchkey, ['--version'], { stdio: ['ignore', 'pipe', 'inherit'] });

console.log(`Latchkey ${version}: mail, files and sharing that only their owners can open.

What exists so far: sealing and opening files in the terminal. The server and the web app come next, so there is
no address to open yet.

  npx latchkey keygen -o my.key                  make a post-quantum identity; prints its recipient (age1pq1…)
  npx latchkey seal -r age1pq1… -o FILE.age FILE seal a file for that recipient
  npx latchkey open -i my.key -o FILE FILE.age   open it again
  npx latchkey doctor                            versions, ciphers and their self-tests
  npx latchkey --help                            everything else

The guide is docs/guide/terminal.md.`);
