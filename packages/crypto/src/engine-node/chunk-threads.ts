/** Worker threads that seal and open chunks, and encapsulate. They start when the first task comes and idle without holding the process. */
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { HashedBytes, HashedPart, OpenedRun, Run } from '../age/chunk-cipher.ts';
import { CryptoError } from '../errors.ts';
import type { ChunkFileJob } from './chunk-file.ts';

export type ThreadTask =
  | { readonly kind: 'seal' | 'open'; readonly run: Run }
  | { readonly kind: 'hash'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'part'; readonly run: HashedPart }
  | { readonly kind: 'file'; readonly job: ChunkFileJob; readonly shared: SharedArrayBuffer }
  /** `shared` is that of an EncapsulationState. */
  | { readonly kind: 'encapsulate'; readonly shared: SharedArrayBuffer };

export type ThreadAnswer =
  | { readonly kind: 'seal'; readonly bytes: Uint8Array<ArrayBuffer> }
  | ({ readonly kind: 'open' } & OpenedRun)
  | ({ readonly kind: 'hash' } & HashedBytes)
  | { readonly kind: 'part'; readonly bytes: Uint8Array<ArrayBuffer> | null }
  | { readonly kind: 'file' }
  | { readonly kind: 'encapsulate' };

export interface ThreadFailure {
  readonly message: string;
  readonly code: string | undefined;
  readonly syscall: string | undefined;
}

export type ThreadReply =
  | { readonly id: number; readonly answer: ThreadAnswer; readonly failure?: never }
  | { readonly id: number; readonly failure: ThreadFailure; readonly answer?: never };

interface Waiting {
  readonly resolve: (answer: ThreadAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** From TypeScript source inside the repository, compiled where it is installed. */
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './chunk-worker.ts' : './chunk-worker.js',
  import.meta.url,
);

export class ChunkThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #nextId = 0;

  get pending(): number {
    return this.#waiting.size;
  }

  /** @throws CryptoError engine_thread_failed; system errors of reads and writes with Node's `code` */
  perform(task: ThreadTask): Promise<ThreadAnswer> {
    const worker = (this.#worker ??= this.#start());
    const id = this.#nextId++;
    worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, task }, transferable(task));
    });
  }

  /** Nobody waits for the task that was given last: by itself it does not keep the process alive. */
  letGo(): void {
    if (this.#waiting.size <= 1) this.#worker?.unref();
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }

  #start(): Worker {
    const worker = new Worker(WORKER_URL, { name: 'latchkey chunks', execArgv: [], env: environment() });
    worker.on('message', (reply: ThreadReply) => {
      this.#settle(reply);
    });
    const fail = (cause?: unknown): void => {
      this.#worker = null;
      for (const { reject } of this.#waiting.values())
        reject(new CryptoError('engine_thread_failed', 'a worker thread ended while it was at work', { cause }));
      this.#waiting.clear();
    };
    worker.on('error', fail);
    worker.on('exit', () => {
      fail();
    });
    return worker;
  }

  #settle(reply: ThreadReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if (reply.failure === undefined) waiting?.resolve(reply.answer);
    else waiting?.reject(revive(reply.failure));
  }
}

/** A thread reads its own environment for the cache of compiled code; with it, it starts in less than half the time. */
function environment(): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir();
  return cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(cache) };
}

/** A run's bytes were given up by the caller: they move without a copy where they are alone in their memory. */
function transferable(task: ThreadTask): ArrayBuffer[] {
  if (task.kind === 'file' || task.kind === 'encapsulate') return [];
  // Given up with all its memory, of which it may be the beginning.
  if (task.kind === 'part') return [task.run.bytes.buffer];
  const { bytes } = task.kind === 'hash' ? task : task.run;
  return bytes.length > 0 && bytes.length === bytes.buffer.byteLength ? [bytes.buffer] : [];
}

function revive({ message, code, syscall }: ThreadFailure): Error {
  if (code === undefined) return new CryptoError('engine_thread_failed', message);
  return Object.assign(new Error(message), { code, syscall });
}
