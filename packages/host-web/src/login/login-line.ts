import type { LoginClient } from '@latchkey/crypto/login-client';
import { HostWebError } from '../errors.ts';

export interface LoginQuestion {
  readonly id: number;
  readonly step: keyof LoginClient;
  readonly given: unknown;
}

/** `ready`: it has loaded what it needs. */
export type LoginReply =
  | { readonly ready: true }
  | { readonly ready?: never; readonly id: number; readonly answer: unknown; readonly failure?: never }
  | {
      readonly ready?: never;
      readonly id: number;
      readonly failure: { readonly message: string; readonly code: unknown };
    };

interface Waiting {
  readonly question: LoginQuestion;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Firefox now and then starts no worker from a worker while a service worker is coming: another one is started then. */
const PATIENCE_MS = [8_000, 20_000, 60_000] as const;

/**
 * OPAQUE's client half in a worker of its own: it is loaded for a login alone, works a third of a second at a stretch,
 * and ends with the last step, because its memory held the password.
 */
export class LoginLine implements LoginClient {
  readonly #start: () => Worker;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #nextId = 0;
  readonly #patienceMs: readonly number[];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param start starts a worker whose script is `login-worker.ts`
   * @param patienceMs how long each of them has until it is ready; the last one's end is the end
   */
  constructor(start: () => Worker, patienceMs: readonly number[] = PATIENCE_MS) {
    this.#start = start;
    this.#patienceMs = patienceMs;
  }

  startRegistration(given: string): ReturnType<LoginClient['startRegistration']> {
    return this.#ask('startRegistration', given);
  }

  startLogin(given: string): ReturnType<LoginClient['startLogin']> {
    return this.#ask('startLogin', given);
  }

  finishRegistration(
    given: Parameters<LoginClient['finishRegistration']>[0],
  ): ReturnType<LoginClient['finishRegistration']> {
    return this.#lastStep(
      this.#ask<Awaited<ReturnType<LoginClient['finishRegistration']>>>('finishRegistration', given),
    );
  }

  finishLogin(given: Parameters<LoginClient['finishLogin']>[0]): ReturnType<LoginClient['finishLogin']> {
    return this.#lastStep(this.#ask<Awaited<ReturnType<LoginClient['finishLogin']>>>('finishLogin', given));
  }

  close(): void {
    this.#worker?.terminate();
    this.#fail('the login worker was ended');
  }

  async #lastStep<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } finally {
      if (this.#waiting.size === 0) this.close();
    }
  }

  #ask<T>(step: keyof LoginClient, given: unknown): Promise<T> {
    const worker = (this.#worker ??= this.#started(0));
    const question: LoginQuestion = { id: this.#nextId++, step, given };
    return new Promise<T>((resolve, reject) => {
      // What the worker answers to a step is what the step gives.
      this.#waiting.set(question.id, { question, resolve: (answer) => resolve(answer as T), reject });
      worker.postMessage(question);
    });
  }

  #started(tries: number): Worker {
    const worker = this.#start();
    this.#timer = setTimeout(() => this.#startAgain(tries + 1), this.#patienceMs[tries]);
    worker.addEventListener('message', ({ data: reply }: MessageEvent<LoginReply>) => {
      clearTimeout(this.#timer);
      if (reply.ready) return;
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (reply.failure === undefined) waiting?.resolve(reply.answer);
      else waiting?.reject(Object.assign(new Error(reply.failure.message), { code: reply.failure.code }));
    });
    worker.addEventListener('error', () => this.#fail('the login worker failed'));
    return worker;
  }

  /** Nothing was answered yet, so all that was asked is asked again. */
  #startAgain(tries: number): void {
    this.#worker?.terminate();
    if (tries === this.#patienceMs.length) return this.#fail('no login worker became ready');
    this.#worker = this.#started(tries);
    for (const { question } of this.#waiting.values()) this.#worker.postMessage(question);
  }

  #fail(reason: string): void {
    clearTimeout(this.#timer);
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new HostWebError('thread_failed', reason));
    this.#waiting.clear();
  }
}
