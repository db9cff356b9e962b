/** The folder of somebody who installs our packages, and programs run in it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export const root: string = join(import.meta.dirname, '../..');
/** Everything lies in here; the test removes it. */
export const work: string = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-packed-')));
export const consumer: string = join(work, 'consumer');
export const oldNode: string | null = findOldNode();

interface RunOptions {
  readonly input?: Buffer;
  readonly timeoutMs?: number;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the consumer's folder, with the old Node first on the PATH where there is one. */
export function attempt(command: string, args: readonly string[], options: RunOptions = {}): Ran {
  // What `npm test` and the launcher set would lead npm and npx back into this repository.
  const clean = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|INIT_CWD$)/i.test(name));
  const registry = Object.entries(process.env).filter(([name]) =>
    /^npm_config_(registry|cache|userconfig)$/i.test(name),
  );
  const path = [...(oldNode === null ? [] : [dirname(oldNode)]), process.env['PATH'] ?? ''].join(delimiter);
  const done = spawnSync(command, args, {
    cwd: consumer,
    env: {
      ...Object.fromEntries([...clean, ...registry]),
      HOME: process.env['HOME'] ?? work,
      XDG_CACHE_HOME: work,
      PATH: path,
    },
    input: options.input ?? Buffer.alloc(0),
    timeout: options.timeoutMs ?? 60_000,
  });
  const stderr = `${done.stderr?.toString() ?? ''}${done.error?.message ?? ''}`;
  return { status: done.status, stdout: done.stdout?.toString() ?? '', stderr };
}

/** The same, and it must end well. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Ran {
  const ran = attempt(command, args, options);
  assert.equal(ran.status, 0, `${command} ${args.join(' ')}:\n${ran.stdout}\n${ran.stderr}`);
  return ran;
}

/** A Node below 24 that the system has outside this repository; null where it has none. */
function findOldNode(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const node = join(folder, 'node');
    if (!existsSync(node)) continue;
    const { stdout } = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
    if (Number(stdout.split('.')[0]) < 24) return node;
  }
  return null;
}

/** A program of the consumer under this very Node. */
export function runModule(name: string, text: string): string {
  writeFileSync(join(consumer, name), text);
  return run(process.execPath, [name]).stdout;
}
