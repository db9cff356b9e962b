import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileSink } from './file-sink.ts';
import { fileSource } from './file-source.ts';

const somebodyElse = 65_534;
const notRoot = process.geteuid?.() === 0 ? false : 'only root can give a file away';
let folder = '';
let pipe = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-pipe-'));
  pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function readAll(path: string): Promise<Buffer> {
  const source = await fileSource(path);
  const pieces: Uint8Array[] = [];
  for await (const piece of source.stream()) pieces.push(piece.slice());
  await source.close();
  return Buffer.concat(pieces);
}

describe('reading a named pipe', () => {
  it('waits for the writer, and for its last byte', async () => {
    const reading = readAll(pipe);
    await delay(60);
    const writer = spawn('sh', ['-c', 'printf one; sleep 0.1; printf two'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const into = spawn('sh', ['-c', `cat > '${pipe}'`], { stdio: [writer.stdout, 'ignore', 'ignore'] });
    assert.equal((await reading).toString(), 'onetwo');
    await exitOf(into);
  });

  it('ends with nothing where the writer writes nothing', async () => {
    const reading = readAll(pipe);
    await delay(60);
    execFileSync('sh', ['-c', `: > '${pipe}'`]);
    assert.equal((await reading).length, 0);
  });

  it('can be closed before anything came', async () => {
    const source = await fileSource(pipe);
    await source.close();
    await source.close();
  });
});

describe('writing to a named pipe', () => {
  it('waits for the reader, who sees the end at commit', async () => {
    const sink = await fileSink(pipe, { replace: false });
    const writing = sink.write(Buffer.alloc(300_000, 7));
    await delay(60);
    const reading = readAll(pipe);
    await writing;
    await sink.write(Buffer.from('end'));
    await sink.commit();
    const got = await reading;
    assert.equal(got.length, 300_003);
    assert.equal(got.subarray(-3).toString(), 'end');
  });

  it('says so when the reader goes away', async () => {
    const sink = await fileSink(pipe, { replace: false });
    const source = await fileSource(pipe);
    const writing = sink.write(Buffer.alloc(1_000_000));
    await delay(60);
    await source.close();
    await assert.rejects(writing, { code: 'pipe_closed' });
    await sink.discard();
  });

  it('discarded, it waits for nobody, and a reader that is there sees an end', async () => {
    const waiting = await fileSink(pipe, { replace: false });
    const written = waiting.write(Buffer.from('x'));
    await waiting.discard();
    await assert.rejects(written, { code: 'io_failed' });
    const reading = readAll(pipe);
    await (await fileSink(pipe, { replace: false })).discard();
    assert.equal((await reading).length, 0);
  });

  it('is given up where the name becomes another file', async () => {
    const sink = await fileSink(pipe, { replace: true });
    writeFileSync(join(folder, 'other'), 'text');
    renameSync(join(folder, 'other'), pipe);
    await assert.rejects(sink.write(Buffer.from('x')), { code: 'io_failed' });
  });

  it('refuses one that somebody else put there, unless told to', { skip: notRoot }, async () => {
    chownSync(pipe, somebodyElse, somebodyElse);
    const source = await fileSource(pipe);
    const planted = await fileSink(pipe, { replace: false });
    await assert.rejects(planted.write(Buffer.from('secret')), { code: 'output_exists' });
    await planted.discard();
    const told = await fileSink(pipe, { replace: true });
    await told.write(Buffer.from('x'));
    await told.commit();
    await source.close();
  });
});

describe('a process that waits at a named pipe', () => {
  const waits: readonly (readonly [what: string, code: string])[] = [
    ['for a writer', `for await (const _ of (await fileSource(path)).stream()) void _;`],
    ['for a reader', `await (await fileSink(path, { replace: false })).write(Buffer.from('x'));`],
  ];
  for (const [what, code] of waits)
    it(`${what} ends when it calls process.exit`, async () => {
      const script = `
        import { fileSink } from ${JSON.stringify(new URL('file-sink.ts', import.meta.url).href)};
        import { fileSource } from ${JSON.stringify(new URL('file-source.ts', import.meta.url).href)};
        const path = process.argv[1];
        process.on('SIGTERM', () => process.exit(7));
        console.log('waiting');
        ${code}
        process.exit(1);`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, pipe], {
        stdio: ['ignore', 'pipe', 'inherit'],
        timeout: 20_000,
        killSignal: 'SIGKILL',
      });
      await once(child.stdout, 'data');
      await delay(200);
      child.kill('SIGTERM');
      assert.deepEqual(await exitOf(child), [7, null]);
    });
});

async function exitOf(child: ChildProcess): Promise<readonly unknown[]> {
  if (child.exitCode !== null) return [child.exitCode, child.signalCode];
  return once(child, 'exit');
}
