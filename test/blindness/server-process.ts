/** The real server as a process of its own, whose memory can be read. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { formatRecipient, generateIdentity, recipientOf } from '../../packages/crypto/src/index.ts';
import { nodeEngine } from '../../packages/crypto/src/engine-node/index.ts';

const program = join(import.meta.dirname, '../../apps/server/bin/latchkey-server');

export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** Everything that it has written to its outputs. */
  readonly log: () => Buffer;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly data: string;
  /** What clients call it: the proxy. */
  readonly origin: string;
  /** A module that the process loads before the server, and each of its threads too. */
  readonly preload?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of the built web app. */
  readonly webApp?: string;
}

export async function startServerProcess({
  data,
  origin,
  preload,
  webApp,
  env = {},
}: StartOptions): Promise<ServerProcess> {
  const args = ['start', '--data', data, '--port', '0', '--origin', origin, '--log-level', 'debug'];
  // The identity to it is on nobody's disk.
  const abuse = formatRecipient(await recipientOf(nodeEngine, generateIdentity(nodeEngine)));
  args.push('--abuse-recipient', abuse);
  if (webApp !== undefined) args.push('--web-app', webApp);
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin', ...env, ...(preload === undefined ? {} : { NODE_OPTIONS: `--import ${preload}` }) },
  });
  const written: Buffer[] = [];
  child.stderr.on('data', (piece: Buffer) => written.push(piece));
  const ended = once(child, 'exit');
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (piece: Buffer) => {
      written.push(piece);
      const [, found] = /on http:\/\/127\.0\.0\.1:(\d+)\//.exec(Buffer.concat(written).toString('utf8')) ?? [];
      if (found !== undefined) resolve(Number(found));
    });
    child.once('exit', () => reject(new Error(`the server ended: ${Buffer.concat(written).toString('utf8')}`)));
  });
  return {
    pid: child.pid ?? 0,
    port,
    log: () => Buffer.concat(written),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
