import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-descriptor-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a descriptor that was given', () => {
  /** Reads descriptor `fd` in a process of its own, as a shell gives it. */
  async function inShell(redirection: string, fd: number): Promise<{ code: unknown; out: string }> {
    const script = `
      import { descriptorSource } from ${JSON.stringify(new URL('descriptor-source.ts', import.meta.url).href)};
      try {
        const source = await descriptorSource(${fd});
        for await (const piece of source.stream()) process.stdout.write(piece);
        await source.close();
        await source.close();
      } catch (error) {
        console.log(error.code);
      }`;
    const line = `exec "$0" --input-type=module -e "$1" ${redirection}`;
    const child = spawn('bash', ['-c', line, process.execPath, script], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'inherit'],
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
    child.stdin.end('from input');
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    const [code]: unknown[] = await once(child, 'close');
    return { code, out };
  }

  it('is read to its end, be it a file, a pipe or standard input', async () => {
    writeFileSync(join(folder, 'in'), 'from file');
    assert.deepEqual(await inShell('33< in', 33), { code: 0, out: 'from file' });
    assert.deepEqual(await inShell('33< <(printf one; sleep 0.1; printf two)', 33), { code: 0, out: 'onetwo' });
    assert.deepEqual(await inShell('', 0), { code: 0, out: 'from input' });
  });

  it('is refused where it is a folder, or nobody gave it', async () => {
    assert.deepEqual(await inShell('33< .', 33), { code: 0, out: 'file_is_directory\n' });
    assert.deepEqual(await inShell('', 200), { code: 0, out: 'io_failed\n' });
  });

  // Elsewhere the system does not tell, and the numbers differ.
  it(
    'is refused where it is one of Node’s own',
    { skip: process.platform !== 'linux' && 'Linux alone tells' },
    async () => {
      for (const fd of [3, 5, 6]) assert.deepEqual(await inShell('', fd), { code: 0, out: 'io_failed\n' });
    },
  );
});
