/**
 * A witness on the operator's own machine. It keeps the server from showing two histories by accident, and lets everything
 * that an outside witness needs run from the first day; against its operator it proves nothing, and clients say so.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

export interface Witness {
  readonly folder: string;
  readonly port: number;
  /** What the server is configured with. */
  readonly keyLog: { readonly witness: readonly [{ readonly url: string; readonly key: readonly string[] }] };
}

const program = join(import.meta.dirname, '../../apps/witness/bin/latchkey-witness');

/** Its key, made at the first start and kept in its folder, and a free port. */
export async function prepareWitness(folder: string, domain: string): Promise<Witness | null> {
  const kept = join(folder, 'verifier-keys.json');
  if (!existsSync(kept)) {
    const made = spawnSync(program, ['keygen', `${domain}/own-witness`, '--data', folder, '--json'], {
      encoding: 'utf8',
    });
    if (made.status !== 0) return withoutWitness(made.stderr);
    writeFileSync(kept, made.stdout);
  }
  const { keys } = JSON.parse(readFileSync(kept, 'utf8')) as { readonly keys: readonly string[] };
  const port = await freePort();
  return { folder, port, keyLog: { witness: [{ url: `http://127.0.0.1:${port}`, key: keys }] } };
}

/** Over the logs that the server names. */
export function startWitness(
  { folder, port }: Witness,
  { server, flags }: { readonly server: string; readonly flags: readonly string[] },
): ChildProcess | null {
  const asked = spawnSync(server, ['keys', ...flags], { encoding: 'utf8' });
  const lines = asked.stdout.split('\n').filter((line) => /^log\s/.test(line));
  if (asked.status !== 0 || lines.length === 0) return withoutWitness(asked.stderr);
  writeFileSync(join(folder, 'logs'), `${lines.join('\n')}\n`);
  // One line for each cosignature is for operators of public witnesses.
  return spawn(program, ['run', '--data', folder, '--port', String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function withoutWitness(why: string): null {
  console.error(`start: there is no witness beside the server: ${why.trim()}`);
  return null;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
