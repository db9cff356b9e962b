import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { bin, makeKey, sandbox, type Sandbox } from './sandbox.ts';

const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 143],
] as const;

/** Until the command listens for signals, and a little longer, so that it has begun to wait. */
async function untilItListens(child: ChildProcess): Promise<void> {
  // Node itself catches the others from the start. Linux says which are caught; elsewhere time has to do.
  const hangUp = 1n;
  const caught = (): boolean => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return (BigInt(`0x${/^SigCgt:\s+([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`) & hangUp) !== 0n;
  };
  if (process.platform !== 'linux') await delay(3000);
  else while (!caught()) await delay(20);
  await delay(150);
}

/** What the command waits for that never comes. `pipe` is a named pipe at which nobody is, `taken` one that nobody empties. */
const waits: readonly (readonly [what: string, args: readonly string[]])[] = [
  ['a writer of a named pipe', ['seal', '-R', 'my.recipient', '-o', 'out', 'pipe']],
  ['a reader of a named pipe', ['seal', '-R', 'my.recipient', '-o', 'pipe', 'plain']],
  ['a reader to empty a named pipe', ['seal', '-R', 'my.recipient', '-o', 'taken', 'plain']],
  ['a passphrase from a named pipe', ['seal', '--passphrase-file', 'pipe', '-o', 'out', 'plain']],
  ['a passphrase from standard input', ['seal', '--passphrase-fd', '0', '-o', 'out', 'plain']],
  ['standard input', ['open', '-i', 'my.key', '-o', 'out']],
];

function prepare(t: TestContext): Sandbox {
  const box = sandbox(t);
  makeKey(box);
  box.write('plain', Buffer.alloc(300_000));
  assert.equal(box.sh('mkfifo pipe taken').status, 0);
  const idle = spawn('sh', ['-c', 'exec sleep 60 < taken'], { cwd: box.folder, stdio: 'ignore' });
  t.after(() => idle.kill('SIGKILL'));
  return box;
}

describe('a signal while the command waits', () => {
  for (const [what, args] of waits)
    it(`for ${what} ends it at once, with its exit code and nothing left`, async (t) => {
      const box = prepare(t);
      const before = box.files();
      for (const [signal, status] of signals) {
        const child = spawn(join(bin, 'latchkey'), args, { cwd: box.folder, env: box.env, stdio: 'pipe' });
        let told = '';
        child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
        await untilItListens(child);
        child.kill(signal);
        const guard = setTimeout(() => child.kill('SIGKILL'), 10_000);
        const [code, by]: unknown[] = await once(child, 'exit');
        clearTimeout(guard);
        assert.deepEqual([code, by], [status, null], `${signal}: ${told}`);
        assert.deepEqual(box.files(), before);
      }
    });
});

describe('a signal while the command works', () => {
  for (const [signal, status] of signals) {
    it(`${signal} ends it with ${status} and nothing left, also while it waits for input`, async (t) => {
      const box = sandbox(t);
      makeKey(box);
      const before = box.files();
      const child = spawn(join(bin, 'latchkey'), ['seal', '-R', 'my.recipient', '-o', 'out'], {
        cwd: box.folder,
        env: box.env,
      });
      child.stdin.on('error', () => undefined);
      child.stdin.write(Buffer.alloc(200_000));
      while (box.files().length === before.length) await delay(20);
      child.kill(signal);
      const [code] = (await once(child, 'exit')) as [number | null];
      assert.equal(code, status);
      assert.deepEqual(box.files(), before);
    });
  }
});
