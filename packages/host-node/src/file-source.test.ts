import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type FileSource, fileSource } from './file-source.ts';

const MIB = 1024 * 1024;
let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-source-'));
  path = join(folder, 'in');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function readAll(source: FileSource, afterEach: (size: number) => void = () => undefined): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of source.stream()) {
    pieces.push(piece.slice());
    size += piece.length;
    afterEach(size);
  }
  await source.close();
  return Buffer.concat(pieces);
}

function bytes(size: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i * 7) ^ (i >> 8)));
}

describe('a regular file', () => {
  for (const size of [1, 65_536, 65_537, MIB, 3 * MIB + 5])
    it(`streams ${size} bytes, as often as one likes`, async () => {
      writeFileSync(path, bytes(size));
      const source = await fileSource(path);
      assert.equal(source.sizeBytes, size);
      for await (const first of source.stream()) {
        assert.ok(first.length > 0);
        break;
      }
      assert.ok((await readAll(source)).equals(bytes(size)));
    });

  it('reads any range, shorter only at the end', async () => {
    writeFileSync(path, bytes(1000));
    const source = await fileSource(path);
    assert.deepEqual(Buffer.from((await source.readAt?.(10, 20)) ?? []), bytes(1000).subarray(10, 30));
    assert.deepEqual(Buffer.from((await source.readAt?.(990, 20)) ?? []), bytes(1000).subarray(990));
    assert.equal((await source.readAt?.(2000, 20))?.length, 0);
    await source.close();
    await source.close();
  });

  const changes: readonly (readonly [string, () => void])[] = [
    [
      'grew',
      () => {
        appendFileSync(path, 'x');
      },
    ],
    [
      'shrank',
      () => {
        truncateSync(path, 2 * MIB);
      },
    ],
    [
      'was rewritten',
      () => {
        utimesSync(path, 1, 1);
      },
    ],
  ];
  for (const [what, change] of changes)
    it(`says so when it ${what} while it was read`, async () => {
      writeFileSync(path, bytes(4 * MIB));
      const source = await fileSource(path);
      let changed = false;
      const reading = readAll(source, () => {
        if (!changed) change();
        changed = true;
      });
      await assert.rejects(reading, { code: 'source_changed' });
      await source.close();
    });
});

describe('what is no regular file', () => {
  it('has its own codes', async () => {
    await assert.rejects(fileSource(join(folder, 'no')), { code: 'file_not_found' });
    await assert.rejects(fileSource(folder), { code: 'file_is_directory' });
  });

  it('is read as a stream of unknown size', async () => {
    execFileSync('mkfifo', [path]);
    const source = await fileSource(path);
    assert.equal(source.sizeBytes, null);
    assert.equal(source.readAt, undefined);
    const writer = spawn('dd', ['if=/dev/zero', `of=${path}`, 'bs=64k', 'count=40'], { stdio: 'ignore' });
    assert.ok((await readAll(source)).equals(Buffer.alloc(40 * 65_536)));
    writer.kill();
  });

  it('reads what the kernel makes up, which says that it has no size', async () => {
    const source = await fileSource('/proc/self/status');
    assert.equal(source.sizeBytes, null);
    assert.match((await readAll(source)).toString(), /^Name:/);
  });

  it('is refused where no number can hold its size', async (t) => {
    // Disks have no such files, memory does.
    const huge = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/latchkey-') : folder;
    t.after(() => rmSync(huge, { recursive: true, force: true }));
    const sparse = join(huge, 'sparse');
    // Node itself takes no such number.
    if (spawnSync('truncate', ['--size', '9007199254740992', sparse]).status !== 0) {
      t.skip('no file system here has a file of 2^53 bytes');
      return;
    }
    await assert.rejects(fileSource(sparse), { code: 'file_too_large' });
    truncateSync(sparse, Number.MAX_SAFE_INTEGER);
    const source = await fileSource(sparse);
    assert.equal(source.sizeBytes, Number.MAX_SAFE_INTEGER);
    await source.close();
  });

  it('gives an empty file as nothing', async () => {
    writeFileSync(path, '');
    assert.equal((await readAll(await fileSource(path))).length, 0);
  });
});
