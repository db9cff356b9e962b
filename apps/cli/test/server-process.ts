import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const bin = join(import.meta.dirname, '../../server/bin/latchkey-server');

export interface ServerProcess {
  /** `http://localhost:PORT` */
  readonly origin: string;
  readonly data: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The real server as its own process on loopback, over a folder of its own; it ends with the test. */
export async function serverProcess(t: TestContext, options: readonly string[] = []): Promise<ServerProcess> {
  const data = mkdtempSync(join(tmpdir(), 'latchkey-server-'));
  const child = spawn(bin, ['start', '--data', data, '--port', '0', '--log-level', 'silent', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  t.after(async () => {
    await stop();
    rmSync(data, { recursive: true, force: true });
  });
  let told = '';
  child.stdout.setEncoding('utf8');
  const origin = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (piece: string) => {
      told += piece;
      const found = /reach it as (http:\/\/localhost:\d+)/.exec(told)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`the server ended: ${told}`)));
  });
  return { origin, data, pid: child.pid ?? 0, stop };
}
