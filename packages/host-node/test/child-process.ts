/** Another process of ours, for what happens between processes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface TestChild {
  readonly process: ChildProcess;
  /** Settles with the first line that the child prints. */
  readonly firstLine: Promise<string>;
  /** Settles with what ended it: an exit code or a signal. @throws Error with what it wrote to standard error */
  readonly ended: Promise<number | string | null>;
}

/** The address of a source file of this room, as a child imports it. */
export function sourceUrl(path: string): string {
  return new URL(`../src/${path}`, import.meta.url).href;
}

/** Runs a module from its text; it may call `gc`. */
export function startChild(text: string): TestChild {
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  let out = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const firstLine = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
      if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')));
    });
  });
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => {
    if (code !== 0 && signal === null) throw new Error(`the child failed: ${errors}`);
    return signal ?? code ?? null;
  });
  return { process: child, firstLine, ended };
}
