import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LoginClient } from '@latchkey/crypto/login-client';
import { HostError } from '../errors.ts';

export interface LoginQuestion {
  readonly id: number;
  readonly step: keyof LoginClient;
  readonly given: unknown;
}

export type LoginReply =
  | { readonly id: number; readonly answer: unknown; readonly failure?: never }
  | { readonly id: number; readonly failure: { readonly message: string; readonly code: unknown } };

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** From TypeScript source inside the repository, compiled where it is installed. */
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './login-worker.ts' : './login-worker.js',
  import.meta.url,
);

/**
 * OPAQUE's client half in a thread: a third of a second of WebAssembly at a stretch. The thread starts with a first
 * step, idles without holding the process, and ends with the last step: its memory held the password, and 64 MiB.
 */
export class LoginThread implements LoginClient {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #nextId = 0;

  startRegistration(given: string): ReturnType<LoginClient['startRegistration']> {
    return this.#ask('startRegistration', given);
  }

  startLogin(given: string): ReturnType<LoginClient['startLogin']> {
    return this.#ask('startLogin', given);
  }

  async finishRegistration(
    given: Parameters<LoginClient['finishRegistration']>[0],
  ): ReturnType<LoginClient['finishRegistration']> {
    return this.#lastStep(
      this.#ask<Awaited<ReturnType<LoginClient['finishRegistration']>>>('finishRegistration', given),
    );
  }

  async finishLogin(given: Parameters<LoginClient['finishLogin']>[0]): ReturnType<LoginClient['finishLogin']> {
    return this.#lastStep(this.#ask<Awaited<ReturnType<LoginClient['finishLogin']>>>('finishLogin', given));
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  async #lastStep<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } finally {
      if (this.#waiting.size === 0) await this.close();
    }
  }

  #ask<T>(step: keyof LoginClient, given: unknown): Promise<T> {
    const worker = (this.#worker ??= this.#start());
    const id = this.#nextId++;
    worker.ref();
    return new Promise<T>((resolve, reject) => {
      // What the worker answers to a step is what the step gives.
      this.#waiting.set(id, { resolve: (answer) => resolve(answer as T), reject });
      worker.postMessage({ id, step, given } satisfies LoginQuestion, []);
    });
  }

  #start(): Worker {
    const worker = new Worker(WORKER_URL, { name: 'latchkey login', execArgv: [], env: environment() });
    worker.on('message', (reply: LoginReply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (this.#waiting.size === 0) worker.unref();
      if (reply.failure === undefined) waiting?.resolve(reply.answer);
      else waiting?.reject(Object.assign(new Error(reply.failure.message), { code: reply.failure.code }));
    });
    const fail = (cause?: unknown): void => {
      if (this.#worker === worker) this.#worker = null;
      for (const { reject } of this.#waiting.values()) {
        reject(new HostError('thread_failed', 'the login thread ended while it was at work', { cause }));
      }
      this.#waiting.clear();
    };
    worker.on('error', fail);
    worker.on('exit', () => fail());
    return worker;
  }
}

/** A thread reads its own environment for the cache of compiled code; with it, it starts in less than half the time. */
function environment(): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir();
  return cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(cache) };
}
