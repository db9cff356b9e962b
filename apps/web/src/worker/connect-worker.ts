import type { Answer, Ask, CallOptions, News, RequestName, WorkerLine } from './contract.ts';
import { WorkerError } from './contract.ts';
import type { ToPage, ToWorker } from './line-messages.ts';
import { startForCryptoWorker } from './login-worker-by-page.ts';

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: CallOptions['onProgress'];
}

export interface ConnectedWorker extends WorkerLine {
  /** A stream that the service worker wants: the worker answers on the port. */
  serveItem(id: string, port: MessagePort): void;
}

/** The owner's hand on the page counts once in this time: only minutes matter. */
const USED_EVERY_MS = 10_000;

export interface WorkerStarts {
  readonly crypto: () => Worker;
  readonly login: () => Worker;
}

/** The page's end of the line. The worker starts with the first call. */
export function connectWorker(start: WorkerStarts): ConnectedWorker {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(news: News) => void>();
  let worker: Worker | null = null;
  let nextId = 0;
  let hasFailed = false;

  const hear = ({ data }: MessageEvent<ToPage>): void => {
    if ('news' in data) {
      for (const listener of listeners) listener(data.news);
      return;
    }
    if ('login' in data) {
      startForCryptoWorker(start.login, data.login, data.end);
      return;
    }
    const call = waiting.get(data.id);
    if ('progress' in data) {
      call?.onProgress?.(data.progress);
      return;
    }
    waiting.delete(data.id);
    if ('failure' in data) call?.reject(new WorkerError(data.failure));
    else call?.resolve(data.answer);
  };
  const fail = (): void => {
    hasFailed = true;
    for (const { reject } of waiting.values()) reject(workerFailed());
    waiting.clear();
  };
  const post = (message: ToWorker, transfer: Transferable[] = []): void => {
    if (worker === null) {
      worker = start.crypto();
      worker.addEventListener('message', hear);
      worker.addEventListener('error', fail);
    }
    worker.postMessage(message, transfer);
  };
  tellUse(() => {
    if (worker !== null) post({ used: true });
  });

  return {
    call<N extends RequestName>(name: N, ask: Ask<N>, { signal, onProgress }: CallOptions = {}): Promise<Answer<N>> {
      if (hasFailed) return Promise.reject(workerFailed());
      const id = nextId++;
      return new Promise((resolve, reject) => {
        // The worker's table pairs each name with its answer.
        waiting.set(id, { resolve: (answer) => resolve(answer as Answer<N>), reject, onProgress });
        post({ id, name, ask });
        if (signal?.aborted === true) post({ id, stop: true });
        else signal?.addEventListener('abort', () => post({ id, stop: true }), { once: true });
      });
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    serveItem: (item, port) => post({ item, port }, [port]),
  };
}

function tellUse(tell: () => void): void {
  let toldMs = 0;
  const used = (): void => {
    const nowMs = Date.now();
    if (nowMs - toldMs < USED_EVERY_MS) return;
    toldMs = nowMs;
    tell();
  };
  for (const event of ['pointerdown', 'keydown', 'wheel']) {
    addEventListener(event, used, { passive: true, capture: true });
  }
}

function workerFailed(): WorkerError {
  return new WorkerError({ code: 'worker_failed', wire: null, retryAfterSeconds: null, recipients: [] });
}
