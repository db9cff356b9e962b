import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeWhole, type WriteStep } from './write-whole.ts';

const steps: readonly WriteStep[] = ['opened', 'written', 'synced', 'renamed', 'folder-synced'];

test('the steps come in their order, and a failure at any of them leaves the old content or the new', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-write-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'file');
  const seen: WriteStep[] = [];
  await writeWhole(path, Buffer.from('old'), (step) => void seen.push(step));
  assert.deepEqual(seen, steps);
  for (const failing of steps) {
    await writeWhole(path, Buffer.from('old'));
    const failed = writeWhole(path, Buffer.from('new'), (step) => {
      if (step === failing) throw new Error('the disk is gone');
    });
    await assert.rejects(failed, /the disk is gone/);
    const isRenamed = steps.indexOf(failing) >= steps.indexOf('renamed');
    assert.equal(readFileSync(path, 'utf8'), isRenamed ? 'new' : 'old', failing);
  }
});
