import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { nodeChunkCipher } from './node-chunk-cipher.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-threads-'));
const payloadKey = new Uint8Array(32);
after(() => rmSync(folder, { recursive: true }));

describe('threads', () => {
  const script = `
    import { openSync, writeFileSync } from 'node:fs';
    import { nodeChunkCipher } from ${JSON.stringify(new URL('node-chunk-cipher.ts', import.meta.url).href)};
    const folder = process.argv[1];
    writeFileSync(folder + '/a', 'text');
    const cipher = nodeChunkCipher({ threads: 3, threadsFromBytes: 0 });
    const payloadKey = new Uint8Array(32);
    const files = { sourceFd: openSync(folder + '/a', 'r'), sinkFd: openSync(folder + '/b', 'w') };
    const job = { direction: 'seal', payloadKey, ...files, sourceOffset: 0, sinkOffset: 0, sourceBytes: 4 };
    const seal = (firstChunk) => cipher.sealRun({ payloadKey, firstChunk, final: false, bytes: new Uint8Array(65536) });
    console.log(await cipher.moveFile(job), (await Promise.all([seal(0), seal(1), seal(2)])).length);`;

  it('are waited for while there is work, and do not hold the process when there is none', () => {
    const args = ['--input-type=module', '-e', script, folder];
    const child = spawnSync(process.execPath, args, { timeout: 60_000, encoding: 'utf8' });
    assert.deepEqual([child.stdout, child.stderr, child.status], ['moved 3\n', '', 0]);
  });

  it('hash what is given up and give its memory back', async () => {
    const cipher = nodeChunkCipher({ threads: 2, threadsFromBytes: 0 });
    const whole = Uint8Array.from(randomBytes(1_000_000));
    const copy = Uint8Array.from(whole);
    const expected = Uint8Array.from(createHash('sha256').update(whole).digest());
    const aside = await cipher.hash?.(whole);
    assert.deepEqual([aside?.hash, aside?.bytes], [expected, copy]);
    // It went to the thread and came back, without a copy left here.
    assert.equal(whole.length, 0);
    const view = copy.subarray(10, 20);
    const here = await cipher.hash?.(view);
    assert.equal(here?.bytes, view);
    assert.deepEqual(Buffer.from(here?.hash ?? []), createHash('sha256').update(view).digest());
    await cipher.close();
  });

  it('that end in the middle are told from damage', async () => {
    const cipher = nodeChunkCipher({ threads: 2, threadsFromBytes: 0 });
    const run = cipher.sealRun({ payloadKey, firstChunk: 0, final: true, bytes: new Uint8Array(10) });
    const refused = assert.rejects(Promise.resolve(run), { code: 'engine_thread_failed' });
    await cipher.close();
    await refused;
  });
});
