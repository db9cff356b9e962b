import { commitTogether, type Write, type WriteJob, type WriteOutcome } from './group-commit.ts';
import type { Connection } from './sqlite.ts';

const maxBatch = 512;

export interface QueuedJob extends WriteJob {
  readonly id: number;
}

export interface FinishedJob {
  readonly id: number;
  readonly outcome: WriteOutcome;
}

/** Takes jobs at any time and commits, batch after batch, whatever has come meanwhile. */
export class WriteQueue {
  readonly #connection: Connection;
  readonly #writes: Readonly<Record<string, Write>>;
  readonly #finished: (jobs: readonly FinishedJob[]) => void;
  #waiting: QueuedJob[] = [];
  #running = false;

  constructor(
    connection: Connection,
    writes: Readonly<Record<string, Write>>,
    finished: (jobs: readonly FinishedJob[]) => void,
  ) {
    this.#connection = connection;
    this.#writes = writes;
    this.#finished = finished;
  }

  push(job: QueuedJob): void {
    this.#waiting.push(job);
    if (this.#running) return;
    this.#running = true;
    // Lets the messages that are already there come in first.
    setImmediate(() => void this.#drain());
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, maxBatch);
      this.#waiting = this.#waiting.slice(maxBatch);
      const outcomes = await commitTogether(this.#connection, this.#writes, batch);
      this.#finished(batch.map((job, place) => ({ id: job.id, outcome: outcomes[place] ?? lost })));
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#running = false;
  }
}

const lost: WriteOutcome = { kind: 'failed', where: 'code', reason: 'a write of a batch has no outcome' };
