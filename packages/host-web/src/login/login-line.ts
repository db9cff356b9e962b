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
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Loading it takes a second on a slow line; whoever waits longer is told. */
const READY_WITHIN_MS = 60_000;

/** What is used of a worker, whoever started it. */
export interface LoginWorker {
  postMessage(question: LoginQuestion): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<LoginReply>) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
  terminate(): void;
}

/**
 * OPAQUE's client half in a worker of its own: it is loaded for a login alone, works a third of a second at a stretch,
 * and ends with the last step, because its memory held the password.
 */
export class LoginLine implements LoginClient {
  readonly #start: () => LoginWorker;
  readonly #readyWithinMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #worker: LoginWorker | null = null;
  #nextId = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param start starts a worker whose script is `login-worker.ts`
   * @param readyWithinMs how long it has for that
   */
  constructor(start: () => LoginWorker, readyWithinMs: number = READY_WITHIN_MS) {
    this.#start = start;
    this.#readyWithinMs = readyWithinMs;
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
    const worker = (this.#worker ??= this.#started());
    const question: LoginQuestion = { id: this.#nextId++, step, given };
    return new Promise<T>((resolve, reject) => {
      // What the worker answers to a step is what the step gives.
      this.#waiting.set(question.id, { resolve: (answer) => resolve(answer as T), reject });
      worker.postMessage(question);
    });
  }

  #started(): LoginWorker {
    const worker = this.#start();
    this.#timer = setTimeout(() => {
      worker.terminate();
      this.#fail('no login worker became ready');
    }, this.#readyWithinMs);
    worker.addEventListener('message', ({ data: reply }) => {
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

  #fail(reason: string): void {
    clearTimeout(this.#timer);
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new HostWebError('thread_failed', reason));
    this.#waiting.clear();
  }
}
