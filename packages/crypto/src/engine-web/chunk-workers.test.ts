import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../age/chunk-cipher.ts';
import { type ChunkReply, type ChunkRequest, serveChunkRuns, type WorkerScope } from './chunk-worker.ts';
import { chunkWorkers } from './chunk-workers.ts';

/** A worker's two ends in one thread: what is posted is cloned and transferred as between real ones. */
class WorkerInThisThread extends EventTarget {
  terminated = false;
  readonly #serves: boolean;
  readonly #scope = new EventTarget();

  constructor(serves: boolean) {
    super();
    this.#serves = serves;
    const scope = Object.assign(this.#scope, {
      postMessage: (reply: ChunkReply, transfer: Transferable[]) => {
        this.#deliver(this, reply, transfer);
      },
    });
    if (serves) serveChunkRuns(scope as unknown as WorkerScope);
  }

  postMessage(request: ChunkRequest, transfer: Transferable[]): void {
    if (this.#serves) this.#deliver(this.#scope, request, transfer);
  }

  terminate(): void {
    this.terminated = true;
  }

  #deliver(to: EventTarget, message: unknown, transfer: Transferable[]): void {
    const data: unknown = structuredClone(message, { transfer });
    setImmediate(() => to.dispatchEvent(new MessageEvent('message', { data })));
  }
}

function workersWith(count: number, serves = true) {
  const started: WorkerInThisThread[] = [];
  const workers = chunkWorkers({
    workers: count,
    sources: ['noble'],
    start() {
      const worker = new WorkerInThisThread(serves);
      started.push(worker);
      return worker as unknown as Worker;
    },
  });
  return { workers, started };
}

function runOf(bytes: Uint8Array<ArrayBuffer>, firstChunk = 0): Run {
  return { payloadKey: new Uint8Array(32).fill(7), firstChunk, bytes, final: true };
}

test('runs come back sealed and open again, many at once', async () => {
  const { workers, started } = workersWith(2);
  const texts = Array.from({ length: 5 }, (_, i) => new Uint8Array(70_000).fill(i));
  const sealed = await Promise.all(texts.map(async (text, i) => workers.sealRun(runOf(text.slice(), i))));
  const opened = await Promise.all(sealed.map(async (bytes, i) => workers.openRun(runOf(bytes, i))));
  assert.deepEqual(
    opened.map(({ bytes, whole }) => ({ bytes, whole })),
    texts.map((bytes) => ({ bytes, whole: true })),
  );
  assert.equal(started.length, 2);
  workers.close();
  assert.ok(started.every(({ terminated }) => terminated));
});

test('a damaged run is a value, not a failure of the worker', async () => {
  const { workers } = workersWith(1);
  const sealed = await workers.sealRun(runOf(new Uint8Array(100)));
  sealed[0] = (sealed[0] ?? 0) ^ 1;
  const { bytes, whole, badChunk } = await workers.openRun(runOf(sealed.slice()));
  assert.deepEqual({ length: bytes.length, whole, badChunk }, { length: 0, whole: false, badChunk: sealed });
});

test('a view keeps its neighbours', async () => {
  const { workers } = workersWith(1);
  const around = new Uint8Array(300);
  await workers.sealRun(runOf(around.subarray(100, 200)));
  assert.equal(around.length, 300);
});

test('a key of the wrong length fails the run and not the worker', async () => {
  const { workers } = workersWith(1);
  const wrong = { ...runOf(new Uint8Array(1)), payloadKey: new Uint8Array(31) };
  await assert.rejects(async () => workers.sealRun(wrong), { code: 'argument_invalid' });
  assert.equal((await workers.sealRun(runOf(new Uint8Array(1)))).length, 17);
});

test('where a worker fails or is closed, nothing waits for ever', async () => {
  for (const end of ['error', 'messageerror', 'close'] as const) {
    const { workers, started } = workersWith(1, false);
    const waiting = workers.sealRun(runOf(new Uint8Array(1)));
    if (end === 'close') workers.close();
    else started[0]?.dispatchEvent(Object.assign(new Event(end), { message: 'planted' }));
    await assert.rejects(async () => waiting, { code: 'engine_thread_failed' }, end);
    await assert.rejects(async () => workers.sealRun(runOf(new Uint8Array(1))), { code: 'engine_thread_failed' });
    assert.equal(started[0]?.terminated, true);
  }
});
