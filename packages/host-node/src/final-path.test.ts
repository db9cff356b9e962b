import assert from 'node:assert/strict';
import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileSink } from './file-sink.ts';

const somebodyElse = 65_534;
const notRoot = process.geteuid?.() === 0 ? false : 'only root can give a link away';
let folder = '';
let link = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-links-'));
  link = join(folder, 'link');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function write(path: string, replace: boolean): Promise<void> {
  const sink = await fileSink(path, { replace });
  await sink.write(Buffer.from('new'));
  await sink.commit();
}

describe('a link that leads to nothing', () => {
  it('is a name that is taken', async () => {
    symlinkSync('target', link);
    await assert.rejects(fileSink(link, { replace: false }), { code: 'output_exists' });
    assert.deepEqual(readdirSync(folder), ['link']);
  });

  it('is followed when told to replace', async () => {
    mkdirSync(join(folder, 'there'));
    symlinkSync('second', link);
    symlinkSync(join(folder, 'there/target'), join(folder, 'second'));
    await write(link, true);
    assert.equal(readFileSync(join(folder, 'there/target'), 'utf8'), 'new');
    assert.equal(readlinkSync(link), 'second');
  });

  it('is no folder', async () => {
    await assert.rejects(fileSink(join(folder, 'none/'), { replace: true }), { code: 'file_not_found' });
    symlinkSync('none/target', link);
    await assert.rejects(fileSink(link, { replace: true }), { code: 'file_not_found' });
  });
});

it('links that lead in a circle are refused', async () => {
  symlinkSync('link', link);
  await assert.rejects(fileSink(link, { replace: true }), { code: 'io_failed' });
});

it('`..` behind a linked folder is what the system says it is', async () => {
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  symlinkSync('a/b', join(folder, 'short'));
  symlinkSync('short/../target', link);
  await write(link, true);
  assert.deepEqual(readdirSync(join(folder, 'a')), ['b', 'target']);
});

describe('where anybody can put a link', { skip: notRoot }, () => {
  beforeEach(() => {
    mkdirSync(join(folder, 'own'));
    writeFileSync(join(folder, 'own/precious'), 'old');
  });

  it('one of somebody else is not followed, whatever it leads to', async () => {
    chmodSync(folder, 0o1777);
    for (const target of ['own/precious', 'own/nothing']) {
      symlinkSync(target, link);
      lchownSync(link, somebodyElse, somebodyElse);
      await assert.rejects(fileSink(link, { replace: true }), { code: 'file_not_writable' });
      rmSync(link);
    }
    assert.deepEqual(readdirSync(join(folder, 'own')), ['precious']);
    assert.equal(readFileSync(join(folder, 'own/precious'), 'utf8'), 'old');
  });

  it('one of our own is, and so is anybody’s elsewhere', async () => {
    chmodSync(folder, 0o1777);
    symlinkSync('own/precious', link);
    await write(link, true);
    for (const mode of [0o777, 0o1775, 0o755]) {
      chmodSync(folder, mode);
      lchownSync(link, somebodyElse, somebodyElse);
      writeFileSync(join(folder, 'own/precious'), 'old');
      await write(link, true);
      assert.equal(readFileSync(join(folder, 'own/precious'), 'utf8'), 'new');
    }
    assert.equal(lstatSync(link).isSymbolicLink(), true);
  });
});
