import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Mutant, Verdict } from './mutant.ts';

const child = (name: string): string => join(import.meta.dirname, 'child', name);

export interface TestRun {
  readonly root: string;
  readonly tests: readonly string[];
  readonly timeoutMs: number;
  readonly mutant?: Mutant;
}

interface Ended {
  readonly code: number | null;
  readonly timedOut: boolean;
  readonly output: string;
  readonly durationMs: number;
}

const running = new Set<ChildProcess>();

/** Ends what is still running, with everything that the tests started. */
export function stopRunning(): void {
  for (const process of running) killGroup(process);
}

function killGroup(process: ChildProcess): void {
  if (process.pid === undefined) return;
  try {
    // A group of its own (`detached`): tests start outside programs, and an endless loop hears no signal but this.
    globalThis.process.kill(-process.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

async function runTests({ root, tests, timeoutMs, mutant }: TestRun): Promise<Ended> {
  const startedMs = performance.now();
  const { LATCHKEY_MUTANT: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const fault = mutant && {
    url: pathToFileURL(join(root, mutant.file)).href,
    start: mutant.start,
    end: mutant.end,
    was: mutant.was,
    now: mutant.now,
  };
  const started = spawn(
    process.execPath,
    [
      `--import=${pathToFileURL(child('replace-source.ts')).href}`,
      `--test-reporter=${child('stop-at-first-failure.ts')}`,
      '--test-reporter-destination=stdout',
      child('load-tests.ts'),
      ...tests.map((test) => join(root, test)),
    ],
    {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: fault === undefined ? env : { ...env, LATCHKEY_MUTANT: JSON.stringify(fault) },
    },
  );
  running.add(started);
  const pieces: string[] = [];
  for (const stream of [started.stdout, started.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => pieces.push(text));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(started);
  }, timeoutMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    started.on('error', reject);
    started.on('close', resolve);
  });
  clearTimeout(timer);
  running.delete(started);
  return { code, timedOut, output: pieces.join(''), durationMs: performance.now() - startedMs };
}

/** The tests without any fault. @throws Error where they fail, take too long, or are none. */
export async function runBaseline(run: TestRun): Promise<number> {
  const { code, timedOut, output, durationMs } = await runTests(run);
  const passed = Number(/^passed (\d+)$/m.exec(output)?.[1] ?? 0);
  if (timedOut) throw new Error(`the tests without a fault take more than ${run.timeoutMs} ms`);
  if (code !== 0) throw new Error(`the tests fail without a fault:\n${output.trim()}`);
  if (passed === 0) throw new Error('the test files hold no test that passes');
  return durationMs;
}

interface MutantRun extends Omit<TestRun, 'tests'> {
  /** Each in a process of its own, until one notices: most mutants fall to the test beside their file. */
  readonly rounds: readonly (readonly string[])[];
  readonly mutant: Mutant;
}

/** @throws Error where the source changed meanwhile. */
export async function runMutant({ rounds, ...run }: MutantRun): Promise<{ verdict: Verdict; durationMs: number }> {
  let totalMs = 0;
  for (const tests of rounds) {
    const { code, timedOut, durationMs } = await runTests({ ...run, tests });
    totalMs += durationMs;
    if (code === 97) throw new Error(`${run.mutant.file} was changed while the mutants ran`);
    if (timedOut) return { verdict: 'timed-out', durationMs: totalMs };
    if (code !== 0) return { verdict: 'killed', durationMs: totalMs };
  }
  return { verdict: 'survived', durationMs: totalMs };
}
