import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Mutant, Verdict } from './mutant.ts';

const child = (name: string): string => join(import.meta.dirname, 'child', name);

export interface TestRun {
  readonly root: string;
  readonly tests: readonly string[];
  /** Of the processor: on a busy machine tests wait, and a wait is no endless loop. */
  readonly timeoutMs: number;
  readonly mutant?: Mutant;
}

/** More than any test needs; a fault that makes a loop grow would else take the memory of the machine. */
const heapMiB = 512;
const residentMiB = 1024;
const lookMs = 100;
/** Who waits for ever uses no processor. */
const waitsPerTimeout = 3;
/** A tick of /proc: USER_HZ, which is 100 on every Linux. */
const tickMs = 10;
/** Of what the tests print only the end is kept: a fault can make them print without end. */
const keptOutputChars = 65_536;

interface Ended {
  readonly code: number | null;
  readonly timedOut: boolean;
  readonly overgrown: boolean;
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
      `--max-old-space-size=${heapMiB}`,
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
  let output = '';
  for (const stream of [started.stdout, started.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-keptOutputChars)));
  let timedOut = false;
  let overgrown = false;
  const watch = setInterval(() => {
    overgrown ||= residentMiBOf(started) > residentMiB;
    timedOut ||= processorMsOf(started) > timeoutMs || performance.now() - startedMs > waitsPerTimeout * timeoutMs;
    if (overgrown || timedOut) killGroup(started);
  }, lookMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    started.on('error', reject);
    started.on('close', resolve);
  });
  clearInterval(watch);
  running.delete(started);
  return { code, timedOut, overgrown, output, durationMs: performance.now() - startedMs };
}

/** What the process itself holds; 0 where the system does not tell (only Linux does), and the heap limit is all. */
function residentMiBOf({ pid }: ChildProcess): number {
  try {
    const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(resident ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Of all its threads, and of what it started and has waited for; 0 where the system does not tell. */
function processorMsOf({ pid }: ChildProcess): number {
  try {
    // The name of the program, in brackets, may have anything in it.
    const [, fields = ''] = /^\d+ \(.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    // utime, stime, cutime, cstime are fields 14 to 17 (proc(5)); these begin with the third.
    const ticks = fields.split(' ').slice(11, 15);
    return ticks.reduce((sum, each) => sum + Number(each), 0) * tickMs;
  } catch {
    return 0;
  }
}

/** The tests without any fault. @throws Error where they fail, take too long, or are none. */
export async function runBaseline(run: TestRun): Promise<number> {
  const { code, timedOut, overgrown, output, durationMs } = await runTests(run);
  const passed = Number(/^passed (\d+)$/m.exec(output)?.[1] ?? 0);
  if (timedOut) throw new Error(`the tests without a fault take more than ${run.timeoutMs} ms`);
  if (overgrown) throw new Error(`the tests without a fault take more than ${residentMiB} MiB of memory`);
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
    const { code, timedOut, overgrown, durationMs } = await runTests({ ...run, tests });
    totalMs += durationMs;
    if (code === 97) throw new Error(`${run.mutant.file} was changed while the mutants ran`);
    if (timedOut) return { verdict: 'timed-out', durationMs: totalMs };
    if (overgrown) return { verdict: 'overgrown', durationMs: totalMs };
    if (code !== 0) return { verdict: 'killed', durationMs: totalMs };
  }
  return { verdict: 'survived', durationMs: totalMs };
}
