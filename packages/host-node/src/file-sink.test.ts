import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileSink } from './file-sink.ts';
import { fileSource } from './file-source.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-sink-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const hello = Buffer.from('hello');

describe('a file that is written aside', () => {
  it('shows at commit, whole and for its owner alone', async () => {
    const sink = await fileSink(join(folder, 'out'), { replace: false });
    await sink.write(hello);
    await sink.write(hello);
    assert.equal(existsSync(join(folder, 'out')), false);
    await sink.commit();
    assert.equal(readFileSync(join(folder, 'out'), 'utf8'), 'hellohello');
    assert.equal(statSync(join(folder, 'out')).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['out']);
  });

  it('leaves nothing when it is discarded, also twice and after the commit', async () => {
    const sink = await fileSink(join(folder, 'out'), { replace: false });
    await sink.write(hello);
    await sink.discard();
    await sink.discard();
    assert.deepEqual(readdirSync(folder), []);
    const kept = await fileSink(join(folder, 'out'), { replace: false });
    await kept.commit();
    await kept.discard();
    assert.deepEqual(readdirSync(folder), ['out']);
  });

  it('refuses a name that is taken', async () => {
    writeFileSync(join(folder, 'out'), 'old');
    await assert.rejects(fileSink(join(folder, 'out'), { replace: false }), { code: 'output_exists' });
    assert.deepEqual(readdirSync(folder), ['out']);
  });

  it('refuses a name that was taken while it was written', async () => {
    const sink = await fileSink(join(folder, 'out'), { replace: false });
    await sink.write(hello);
    writeFileSync(join(folder, 'out'), 'old');
    await assert.rejects(sink.commit(), { code: 'output_exists' });
    await sink.discard();
    assert.equal(readFileSync(join(folder, 'out'), 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder), ['out']);
  });

  it('replaces when told to, and follows a link', async () => {
    writeFileSync(join(folder, 'real'), 'old');
    symlinkSync('real', join(folder, 'link'));
    const sink = await fileSink(join(folder, 'link'), { replace: true });
    await sink.write(hello);
    assert.equal(readFileSync(join(folder, 'real'), 'utf8'), 'old');
    await sink.commit();
    assert.equal(readFileSync(join(folder, 'real'), 'utf8'), 'hello');
    assert.deepEqual(readdirSync(folder), ['link', 'real']);
  });

  it('never replaces what is being read, under whatever name', async () => {
    writeFileSync(join(folder, 'in'), 'text');
    linkSync(join(folder, 'in'), join(folder, 'other'));
    const source = await fileSource(join(folder, 'in'));
    for (const name of ['in', 'other'])
      await assert.rejects(fileSink(join(folder, name), { replace: true }), { code: 'output_is_input' });
    await source.close();
    await (await fileSink(join(folder, 'in'), { replace: true })).discard();
  });

  it('tells missing folders, folders and devices apart', async () => {
    mkdirSync(join(folder, 'd'));
    await assert.rejects(fileSink(join(folder, 'd'), { replace: true }), { code: 'file_is_directory' });
    await assert.rejects(fileSink(join(folder, 'no', 'out'), { replace: true }), { code: 'file_not_found' });
    const sink = await fileSink('/dev/null', { replace: false });
    await sink.write(hello);
    await sink.commit();
    assert.equal(statSync('/dev/null').isCharacterDevice(), true);
  });

  it('says that the disk is full', async () => {
    const sink = await fileSink('/dev/full', { replace: false });
    await assert.rejects(
      sink.write(hello).then(() => sink.commit()),
      { code: 'disk_full' },
    );
    await sink.discard();
  });
});

describe('a process that ends in the middle', () => {
  const sinkUrl = new URL('file-sink.ts', import.meta.url).href;
  const script = `
    import { fileSink } from ${JSON.stringify(sinkUrl)};
    const sink = await fileSink(process.argv[1], { replace: false });
    await sink.write(Buffer.from('half'));
    console.log('written');
    if (process.argv[2] === 'exit') process.exit(3);
    setInterval(() => {}, 1000);`;

  async function endsWith(how: NodeJS.Signals | 'exit'): Promise<readonly unknown[]> {
    const args = ['--input-type=module', '-e', script, join(folder, 'out'), how];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    if (how !== 'exit') child.kill(how);
    return ended;
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    it(`leaves nothing after ${signal}, and ends by it`, async () => {
      assert.deepEqual(await endsWith(signal), [null, signal]);
      assert.deepEqual(readdirSync(folder), []);
    });

  it('leaves nothing after process.exit', async () => {
    assert.deepEqual(await endsWith('exit'), [3, null]);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('leaves the file aside after SIGKILL, never one under the final name', async () => {
    await endsWith('SIGKILL');
    const [left, ...others] = readdirSync(folder);
    assert.match(left ?? '', /^\.latchkey-[0-9a-f]{16}\.part$/);
    assert.deepEqual(others, []);
    assert.equal(statSync(join(folder, left ?? '')).mode & 0o777, 0o600);
  });
});

it('a socket is refused at once: nobody can open one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-socket-'));
  const server = createServer();
  try {
    server.listen(join(folder, 'socket'));
    await once(server, 'listening');
    await assert.rejects(fileSink(join(folder, 'socket'), { replace: false }), { code: 'io_failed' });
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});

it('a folder that may be written but not read takes a file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-folder-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const script = `
    import { fileSink } from ${JSON.stringify(new URL('file-sink.ts', import.meta.url).href)};
    const sink = await fileSink(process.argv[1], { replace: false });
    // Root may read any folder: be somebody else from here on.
    if (process.geteuid() === 0) process.seteuid(65534);
    await sink.write(Buffer.from('x'));
    await sink.commit();`;
  chmodSync(folder, 0o333);
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, join(folder, 'out')], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  assert.deepEqual(await once(child, 'close'), [0, null], told);
  chmodSync(folder, 0o700);
  assert.equal(readFileSync(join(folder, 'out'), 'utf8'), 'x');
});
