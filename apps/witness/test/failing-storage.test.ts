// A disk that fails, with and without having written, and a clock that jumps: what is signed stays true.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { cosignatureTime, parseCosignatures, witnessCheckpointPath } from '@latchkey/tlog';
import { ALLOWED_BACK_SECONDS } from '../src/clock-guard.ts';
import { openService, type Service } from '../src/service.ts';
import { decodeHead } from '../src/state/head.ts';
import { originHash } from '../src/state/head-store.ts';
import type { WriteStep } from '../src/state/write-whole.ts';
import { entry, TestLog } from './test-log.ts';
import { make } from './witness-process.ts';

const steps: readonly WriteStep[] = ['opened', 'written', 'synced', 'renamed', 'folder-synced'];

interface Opened {
  readonly log: TestLog;
  readonly other: TestLog;
  readonly data: string;
  readonly at: { failing: WriteStep | null; nowSeconds: number };
  open(): Service;
}

async function prepare(t: TestContext): Promise<Opened> {
  const log = new TestLog('log.example/disk');
  await log.add(...['a', 'b', 'c'].map(entry));
  const other = await log.fork(3);
  await log.add(...['d', 'e', 'f'].map(entry));
  await other.add(...['x', 'y', 'z'].map(entry));
  const { data } = make(t, 'witness', [log.line]);
  const at: Opened['at'] = { failing: null, nowSeconds: 1_000_000 };
  const open = (): Service => {
    const service = openService({
      dataDir: data,
      role: 'witness',
      logsFile: null,
      nowSeconds: () => at.nowSeconds,
      tell: () => {},
      atWriteStep(step) {
        if (step === at.failing) throw new Error('the disk is full');
      },
    });
    t.after(() => service.close());
    return service;
  };
  return { log, other, data, at, open };
}

for (const failing of steps) {
  test(`a disk that fails at "${failing}" gets no signature, and afterwards only one branch gets one`, async (t) => {
    const { log, other, data, at, open } = await prepare(t);
    const { cosigner } = open();
    assert.equal((await cosigner.addCheckpoint(await log.request(0, 3))).status, 200);
    at.failing = failing;
    await assert.rejects(cosigner.addCheckpoint(await log.request(3, 5)), /the disk is full/);
    at.failing = null;
    const head = decodeHead(readFileSync(join(data, 'witness/heads', originHash(log.origin))));
    const isWritten = steps.indexOf(failing) >= steps.indexOf('renamed');
    assert.equal(head.checkpoint.size, isWritten ? 5 : 3);
    // The process has to believe the disk, not its memory of what it tried.
    const statuses = [];
    for (const each of [other, log]) statuses.push((await cosigner.addCheckpoint(await each.request(3, 5))).status);
    assert.deepEqual(statuses, isWritten ? [409, 409] : [200, 409]);
    if (isWritten) assert.equal((await cosigner.addCheckpoint(await log.request(5, 5))).status, 200);
  });
}

test('requests that cross are answered one after the other, and only one of two branches wins', async (t) => {
  const { log, other, open } = await prepare(t);
  const { cosigner } = open();
  await cosigner.addCheckpoint(await log.request(0, 3));
  const requests = await Promise.all([log.request(3, 6), other.request(3, 6), log.request(3, 4), other.request(3, 4)]);
  const answers = await Promise.all(requests.map((request) => cosigner.addCheckpoint(request)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 409, 409, 409],
  );
});

test('times in cosignatures never go back, over a start neither', async (t) => {
  const { log, at, open } = await prepare(t);
  const timeOf = async (service: Service, from: number, to: number): Promise<number | null> => {
    const { status, body } = await service.cosigner.addCheckpoint(await log.request(from, to));
    const [line] = status === 200 ? parseCosignatures(Buffer.from(body)) : [];
    return line === undefined ? null : cosignatureTime(line);
  };
  const first = open();
  assert.equal(await timeOf(first, 0, 3), 1_000_000);
  at.nowSeconds -= ALLOWED_BACK_SECONDS;
  assert.equal(await timeOf(first, 3, 4), 1_000_000);
  at.nowSeconds = 500_000;
  assert.equal(await timeOf(first, 4, 5), null);
  first.close();
  const second = open();
  assert.equal(await timeOf(second, 4, 5), null);
  const { status } = await second.cosigner.addCheckpoint(await log.request(4, 5));
  assert.equal(status, 503);
  at.nowSeconds = 1_000_007;
  assert.equal(await timeOf(second, 4, 5), 1_000_007);
});

test('junk lines under a checkpoint are not kept', async (t) => {
  const { log, open } = await prepare(t);
  const { cosigner } = open();
  const { formatAddCheckpoint } = await import('@latchkey/tlog');
  const junk = Array.from({ length: 20 }, (_, n) => ({
    keyName: `junk${n}`,
    keyId: n,
    signature: new Uint8Array(900),
  }));
  const checkpoint = await log.head(3, junk);
  assert.equal((await cosigner.addCheckpoint(formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint }))).status, 200);
  const shown = await cosigner.newest(witnessCheckpointPath(log.origin));
  assert.ok(!Buffer.from(shown ?? []).includes('junk'));
});
