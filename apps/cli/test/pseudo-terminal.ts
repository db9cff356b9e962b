import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { outsideProgram } from '@latchkey/testkit';
import type { Sandbox } from './sandbox.ts';

export interface TerminalStep {
  readonly expect: string;
  readonly send: string;
}

export interface TerminalOutcome {
  readonly status: number;
  /** Everything the terminal was sent, escape sequences included. */
  readonly screen: string;
  readonly stepsLeft: number;
}

/** Why there is no pseudo-terminal here, or false: for the `skip` option of a test. */
export const terminalMissing: string | false = outsideProgram('python3') === null ? 'python3 is not installed' : false;

/** Runs a line for `sh` on a pseudo-terminal in the sandbox, as a person would, and types what `steps` say. */
export function onTerminal(box: Sandbox, line: string, steps: readonly TerminalStep[]): TerminalOutcome {
  const done = spawnSync('python3', [join(import.meta.dirname, 'pseudo-terminal.py')], {
    cwd: box.folder,
    env: { ...box.env, TERM: 'xterm' },
    input: JSON.stringify({ line, steps, timeoutSeconds: 30 }),
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`pseudo-terminal.py failed: ${done.stderr}`);
  return JSON.parse(done.stdout) as TerminalOutcome;
}
