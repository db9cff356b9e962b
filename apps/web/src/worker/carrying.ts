/** One message while a tab carries it: how far it is, its time for being taken back, its stop. */
import { SdkError } from '@latchkey/sdk/client';
import type { CarryOptions, TransferProgress } from '@latchkey/sdk/mail';
import type { OutgoingMessage } from './contract.ts';

export interface CarryingOptions {
  /** 0: it is delivered as soon as everything is uploaded. */
  readonly holdMs: number;
  readonly changed: () => void;
}

/** Screens are told no more often than they are drawn. */
const TELL_EVERY_MS = 150;

export class Carrying {
  /** Of the outbox record; null until there is one. */
  id: string | null = null;
  readonly ended: Promise<void>;
  readonly #options: CarryingOptions;
  readonly #stop = new AbortController();
  readonly #end: () => void;
  #step: TransferProgress | null = null;
  #heldUntilMs: number | null = null;
  #endHold: (() => void) | null = null;
  #toldMs = 0;

  constructor(options: CarryingOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#end = resolve;
  }

  get options(): CarryOptions {
    const { holdMs } = this.#options;
    return { signal: this.#stop.signal, ...(holdMs === 0 ? {} : { hold: () => this.#hold(holdMs) }) };
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  get state(): Omit<OutgoingMessage, 'id' | 'subject' | 'to'> {
    const { step, doneBytes, totalBytes } = this.#step ?? { step: 'uploading', doneBytes: 0, totalBytes: null };
    const state = this.#heldUntilMs !== null ? 'held' : step === 'uploading' ? 'uploading' : 'delivering';
    return {
      state: this.isStopped ? 'paused' : state,
      progress: state === 'uploading' && totalBytes !== null ? { doneBytes, totalBytes } : null,
      heldUntilMs: this.#heldUntilMs,
      needs: [],
      problem: null,
    };
  }

  begin(id: string): void {
    this.id = id;
    this.#options.changed();
  }

  reached(progress: TransferProgress): void {
    const isNew = progress.step !== this.#step?.step;
    this.#step = progress;
    const nowMs = performance.now();
    if (this.id === null || (!isNew && nowMs - this.#toldMs < TELL_EVERY_MS)) return;
    this.#toldMs = nowMs;
    this.#options.changed();
  }

  stop(): void {
    this.#stop.abort();
    this.endHold();
  }

  endHold(): void {
    this.#endHold?.();
  }

  /** It is in nobody's hand any more. */
  end(): void {
    this.#end();
  }

  async #hold(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#endHold = resolve;
    this.#heldUntilMs = Date.now() + ms;
    this.#options.changed();
    await promise;
    clearTimeout(timer);
    this.#endHold = null;
    this.#heldUntilMs = null;
    if (this.isStopped) throw new SdkError('stopped', 'its owner put it aside');
    this.#options.changed();
  }
}
