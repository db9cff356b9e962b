/** Runs of chunks on workers of their own: the page stays free, and two cores do the work of two. */
import type { ChunkCipher, OpenedRun, Run } from '../age/chunk-cipher.ts';
import { CryptoError } from '../errors.ts';
import type { ChunkReply, ChunkRequest } from './chunk-worker.ts';
import { ALL_SOURCES, type WebSource } from './parts.ts';

export interface ChunkWorkersOptions {
  /** Starts a worker whose script calls `serveChunkRuns(self)`. */
  readonly start: () => Worker;
  /** Default: 2, and no more than the machine has cores. */
  readonly workers?: number;
  readonly sources?: readonly WebSource[];
}

export interface ChunkWorkers extends ChunkCipher {
  /** Ends the workers; what is under way fails. */
  close(): void;
}

const DEFAULT_WORKERS = 2;
/** 4 MiB: large enough that sending a run costs nothing beside sealing it. */
const CHUNKS_PER_RUN = 64;

export function chunkWorkers(options: ChunkWorkersOptions): ChunkWorkers {
  const count = options.workers ?? Math.min(DEFAULT_WORKERS, globalThis.navigator.hardwareConcurrency);
  const sources = options.sources ?? ALL_SOURCES;
  const lines = Array.from({ length: count }, () => new WorkerLine(options.start(), sources));
  const send = (action: ChunkRequest['action'], run: Run) => {
    const line = lines.reduce((idlest, other) => (other.underWay < idlest.underWay ? other : idlest));
    return line.send(action, run);
  };
  return {
    chunksPerRun: CHUNKS_PER_RUN,
    // One under way and one waiting for each, so that no worker is ever without work.
    runsInFlight: 2 * count,
    sealRun: async (run) => (await send('seal', run)).bytes,
    openRun: (run) => send('open', run),
    close() {
      for (const line of lines) line.close();
    },
  };
}

interface Waiting {
  readonly resolve: (opened: OpenedRun) => void;
  readonly reject: (error: Error) => void;
}

/** One worker and what it has been asked. */
class WorkerLine {
  readonly #worker: Worker;
  readonly #sources: readonly WebSource[];
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #ended: string | null = null;

  constructor(worker: Worker, sources: readonly WebSource[]) {
    this.#worker = worker;
    this.#sources = sources;
    worker.addEventListener('message', (event: MessageEvent<ChunkReply>) => {
      this.#hear(event.data);
    });
    worker.addEventListener('error', (event) => {
      this.#end(`the chunk worker failed: ${event.message}`);
    });
    worker.addEventListener('messageerror', () => {
      this.#end('the chunk worker sent what cannot be read');
    });
  }

  get underWay(): number {
    return this.#waiting.size;
  }

  send(action: ChunkRequest['action'], run: Run): Promise<OpenedRun> {
    if (this.#ended !== null) return Promise.reject(failure(this.#ended));
    const id = this.#nextId++;
    // A view of a larger buffer is copied: its neighbours are not ours to give away.
    const isWhole = run.bytes.byteLength === run.bytes.buffer.byteLength;
    const bytes = isWhole ? run.bytes : run.bytes.slice();
    const request: ChunkRequest = { id, action, run: { ...run, bytes }, sources: this.#sources };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(request, [bytes.buffer]);
    });
  }

  close(): void {
    this.#end('the chunk workers were closed');
  }

  #hear(reply: ChunkReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('failure' in reply) waiting?.reject(new CryptoError(reply.code, reply.failure));
    else waiting?.resolve(reply);
  }

  #end(reason: string): void {
    this.#ended ??= reason;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(failure(reason));
    this.#waiting.clear();
  }
}

/** A worker that fails is a fault of the machine or the build, never of the payload. */
function failure(reason: string): CryptoError {
  return new CryptoError('engine_thread_failed', reason);
}
