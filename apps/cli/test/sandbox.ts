import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, type TestContext } from 'node:test';

/** A folder of its own, in which the real command is run as from a person's shell. */
export interface Sandbox {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  run(args: readonly string[], options?: RunOptions): Ran;
  /** A line for bash with `latchkey` on the PATH; a failing part of a pipe fails the line. */
  sh(line: string): Ran;
  write(name: string, content: string | Uint8Array): void;
  read(name: string): Buffer;
  text(name: string): string;
  files(): readonly string[];
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly out: string;
  readonly err: string;
}

export const room: string = join(import.meta.dirname, '..');
export const bin: string = join(room, 'bin');

/** One cache for all sandboxes of a test file: what the cache holds is tested in launcher.test.ts. */
const caches = mkdtempSync(join(tmpdir(), 'latchkey-cache-'));
after(() => rmSync(caches, { recursive: true, force: true }));

export function sandbox(t: TestContext): Sandbox {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-cli-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const env: NodeJS.ProcessEnv = {
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: folder,
    XDG_CACHE_HOME: caches,
    LC_ALL: 'C.UTF-8',
  };
  const run = (program: string, args: readonly string[], options: RunOptions = {}): Ran => {
    const done = spawnSync(program, args, {
      cwd: folder,
      env: { ...env, ...options.env },
      input: options.input ?? '',
      maxBuffer: 256 * 1024 * 1024,
      timeout: 300_000,
    });
    if (done.error !== undefined) throw done.error;
    return { status: done.status, stdout: done.stdout, out: done.stdout.toString(), err: done.stderr.toString() };
  };
  return {
    folder,
    env,
    run: (args, options) => run(join(bin, 'latchkey'), args, options),
    sh: (line) => run('bash', ['-c', `set -o pipefail; ${line}`]),
    write: (name, content) => writeFileSync(join(folder, name), content),
    read: (name) => readFileSync(join(folder, name)),
    text: (name) => readFileSync(join(folder, name), 'utf8'),
    files: () => readdirSync(folder).toSorted(),
  };
}

/** An identity `my.key` and its recipient `my.recipient`, made by the command. */
export function makeKey(box: Sandbox, name = 'my'): string {
  const made = box.sh(`latchkey keygen -o ${name}.key > ${name}.recipient`);
  if (made.status !== 0) throw new Error(made.err);
  return box.text(`${name}.recipient`).trim();
}
