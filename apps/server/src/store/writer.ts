import { Worker } from 'node:worker_threads';
import type { Write, WriteOutcome } from './group-commit.ts';
import type { Connection } from './sqlite.ts';
import { tryRewrite } from './try-rewrite.ts';
import { WriteQueue, type FinishedJob, type QueuedJob } from './write-queue.ts';

/** Where writes go: the thread in the server, the same queue without a thread in tests of failing storage. */
export interface Writer {
  run(name: string, input: unknown, nowMs: number): Promise<WriteOutcome>;
  /** Shortens the write-ahead log after deletions. */
  truncateLog(): void;
  /** Rows in the order of their keys again, where the file is not too large for it. */
  rewrite(): void;
  stop(): Promise<void>;
}

export interface ThreadOptions {
  readonly file: string;
  /** The thread cannot go on; neither can the server. */
  readonly died: (reason: string) => void;
}

export function startWriterThread({ file, died }: ThreadOptions): Writer {
  const pending = new Pending();
  let stopping = false;
  const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: { file } });
  worker.on('message', (finished: readonly FinishedJob[]) => pending.settle(finished));
  worker.on('error', (error) => died(error instanceof Error ? error.message : 'the writer thread failed'));
  worker.on('exit', () => {
    if (!stopping) died('the writer thread ended');
  });
  return {
    run: (name, input, nowMs) =>
      pending.add((id) => worker.postMessage({ id, name, input, nowMs } satisfies QueuedJob, [])),
    truncateLog: () => worker.postMessage('truncate', []),
    rewrite: () => worker.postMessage('rewrite', []),
    async stop() {
      stopping = true;
      await pending.idle();
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      worker.postMessage('stop', []);
      await ended;
    },
  };
}

export function writerInProcess(connection: Connection, writes: Readonly<Record<string, Write>>): Writer {
  const pending = new Pending();
  const queue = new WriteQueue(connection, writes, (finished) => pending.settle(finished));
  return {
    run: (name, input, nowMs) => pending.add((id) => queue.push({ id, name, input, nowMs })),
    truncateLog: () => connection.truncateLog(),
    rewrite: () => tryRewrite(connection),
    async stop() {
      await pending.idle();
      connection.close();
    },
  };
}

class Pending {
  readonly #waiting = new Map<number, (outcome: WriteOutcome) => void>();
  #next = 0;
  #idle: (() => void)[] = [];

  add(send: (id: number) => void): Promise<WriteOutcome> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, resolve);
      try {
        send(id);
      } catch (error) {
        this.#waiting.delete(id);
        reject(error instanceof Error ? error : new Error('the write could not be sent to its thread'));
      }
    });
  }

  settle(finished: readonly FinishedJob[]): void {
    for (const { id, outcome } of finished) {
      const resolve = this.#waiting.get(id);
      this.#waiting.delete(id);
      resolve?.(outcome);
    }
    if (this.#waiting.size > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle = [];
  }

  async idle(): Promise<void> {
    if (this.#waiting.size === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}
