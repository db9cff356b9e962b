// `npm start`: the server over its own data folder, outside this clone, with the web app, and a witness of its key log
// beside it, until it is told to stop.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { effectiveConfig } from './effective-config.ts';
import { builtWebApp } from './built-web-app.ts';
import { prepareWitness, startWitness } from './witness-beside.ts';

const server = join(import.meta.dirname, '../../apps/server/bin/latchkey-server');
const flags = process.argv.slice(2);
const children: ChildProcess[] = [];

/** Null where the operator named witnesses of their own, or asked for something else than starting. */
const config = effectiveConfig(server, flags);
const witness =
  config === null || config.hasCosigners ? null : await prepareWitness(`${config.data}-witness`, config.domain);

const env = {
  ...process.env,
  ...(witness === null ? {} : { LATCHKEY_SERVER_KEY_LOG: JSON.stringify(witness.keyLog) }),
  ...(config === null || config.hasWebApp ? {} : { LATCHKEY_SERVER_WEB_APP: await builtWebApp() }),
};
const child = spawn(server, ['start', ...flags], { stdio: ['inherit', 'pipe', 'inherit'], env });
children.push(child);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    for (const each of children) each.kill(signal);
  });
}
child.on('error', (cause) => {
  console.error(`start: ${server} could not be started: ${cause.message}`);
  process.exitCode = 1;
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
  for (const each of children) each.kill('SIGTERM');
});
child.stdout.pipe(process.stdout);
child.stdout.once('data', () => {
  if (witness === null || config === null) return;
  // Its list of logs is the server's, which has keys of its log once it runs.
  const started = startWitness(witness, { server, flags });
  if (started === null) return;
  children.push(started);
  console.log(`A witness on this machine signs its key log. Data: ${witness.folder}`);
});
