import { Worker } from 'node:worker_threads';
import { ServerError } from '../errors.ts';
import type { LogSecrets } from './log-secrets.ts';
import type { LogState } from './log-state.ts';

export interface LogThreadData {
  readonly file: string;
  readonly domain: string;
  readonly secrets: LogSecrets;
}

type CallName =
  'adopt' | 'growKeys' | 'growIndex' | 'signAgain' | 'consistency' | 'indexOf' | 'hasEntries' | 'positionOf' | 'prove';
type Input<Name extends CallName> = Parameters<LogState[Name]> extends [infer I] ? I : undefined;
type Output<Name extends CallName> = Awaited<ReturnType<LogState[Name]>>;

export interface LogQuestion {
  readonly id: number;
  readonly name: CallName;
  readonly input: unknown;
}

export type LogAnswer =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly failed: string };

/** The key log's thread, from the others. */
export interface LogWorker {
  ask<Name extends CallName>(name: Name, input: Input<Name>): Promise<Output<Name>>;
  stop(): Promise<void>;
}

/** Returns when the whole log was read and found to be what was signed. @throws ServerError `data_damaged` */
export async function startLogWorker(data: LogThreadData, died: (reason: string) => void): Promise<LogWorker> {
  const worker = new Worker(new URL('./log-thread.ts', import.meta.url), { workerData: data });
  const waiting = new Map<number, (answer: LogAnswer) => void>();
  let next = 0;
  let stopping = false;
  const opened = new Promise<LogAnswer>((resolve, reject) => {
    waiting.set(-1, resolve);
    worker.once('error', (error) => reject(error instanceof Error ? error : new Error('the log thread failed')));
  });
  worker.on('message', (answer: LogAnswer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  const first = await opened;
  if ('failed' in first) {
    await worker.terminate();
    throw new ServerError('data_damaged', first.failed);
  }
  worker.on('error', (error) => died(error instanceof Error ? error.message : 'the log thread failed'));
  worker.on('exit', () => {
    if (!stopping) died('the log thread ended');
  });

  return {
    async ask<Name extends CallName>(name: Name, input: Input<Name>): Promise<Output<Name>> {
      const id = next++;
      const answer = await new Promise<LogAnswer>((resolve) => {
        waiting.set(id, resolve);
        worker.postMessage({ id, name, input } satisfies LogQuestion, []);
      });
      if ('failed' in answer) throw new Error(`${name}: ${answer.failed}`);
      // The thread answers each name with its own result.
      return answer.result as Output<Name>;
    },
    async stop() {
      stopping = true;
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      worker.postMessage('stop', []);
      await ended;
    },
  };
}
