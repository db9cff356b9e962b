// `npm start`: runs the server over its own data folder, outside this clone, until it is told to stop.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const server = join(import.meta.dirname, '../../apps/server/bin/latchkey-server');
const child = spawn(server, ['start', ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.on('error', (cause) => {
  console.error(`start: ${server} could not be started: ${cause.message}`);
  process.exitCode = 1;
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
