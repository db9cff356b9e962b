/** Runs a program and says what it took. GNU time gives processor time and memory; without it there is only the clock. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const GNU_TIME = '/usr/bin/time';

export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** File for standard input. */
  readonly stdin?: string;
  /** File for standard output; not kept otherwise. */
  readonly stdout?: string;
}

export interface Taken {
  readonly wallMs: number;
  /** User and system, all threads; null without GNU time. */
  readonly cpuMs: number | null;
  readonly peakMib: number | null;
  readonly stdout: string;
}

export const canSeeProcessorTime: boolean = existsSync(GNU_TIME);

export function timeChild({ argv, env = {}, stdin, stdout }: Command): Taken {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const report = join(folder, 'time');
  const [input, output] = [
    stdin === undefined ? null : openSync(stdin, 'r'),
    stdout === undefined ? null : openSync(stdout, 'w'),
  ];
  try {
    const timed = canSeeProcessorTime ? [GNU_TIME, '-o', report, '-f', '%U %S %M', ...argv] : [...argv];
    const [program = '', ...args] = timed;
    const start = performance.now();
    const child = spawnSync(program, args, {
      env: { ...process.env, ...env },
      stdio: [input ?? 'ignore', output ?? 'pipe', 'pipe'],
    });
    const wallMs = performance.now() - start;
    if (child.status !== 0) throw new Error(`${argv.join(' ')} failed: ${child.stderr.toString().slice(0, 2000)}`);
    const stdoutText = output === null ? child.stdout.toString() : '';
    if (!canSeeProcessorTime) return { wallMs, cpuMs: null, peakMib: null, stdout: stdoutText };
    const [user = 0, system = 0, peakKib = 0] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
    return { wallMs, cpuMs: (user + system) * 1000, peakMib: peakKib / 1024, stdout: stdoutText };
  } finally {
    for (const fd of [input, output]) if (fd !== null) closeSync(fd);
    rmSync(folder, { recursive: true });
  }
}

/** True where the program starts at all. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}
