import { Worker } from 'node:worker_threads';
import type { LoginNames, LoginStarted } from '@latchkey/crypto/login-server';

/** OPAQUE's answers, from a thread of its own. A message that is none of OPAQUE's is answered with null. */
export interface LoginWorker {
  readonly publicKey: string;
  register(address: string, message: string): Promise<string | null>;
  start(names: LoginNames, record: string | null, message: string): Promise<LoginStarted | null>;
  finish(names: LoginNames, state: string, message: string): Promise<boolean>;
  stop(): Promise<void>;
}

export type LoginQuestion = { readonly id: number; readonly message: string } & (
  | { readonly ask: 'register'; readonly address: string }
  | { readonly ask: 'start'; readonly names: LoginNames; readonly record: string | null }
  | { readonly ask: 'finish'; readonly names: LoginNames; readonly state: string }
);

export interface LoginAnswer {
  readonly id: number;
  readonly result: string | boolean | LoginStarted | null;
}

type Asked = LoginQuestion extends infer Q ? (Q extends LoginQuestion ? Omit<Q, 'id'> : never) : never;

export async function startLoginWorker(setup: string, died: (reason: string) => void): Promise<LoginWorker> {
  const worker = new Worker(new URL('./login-thread.ts', import.meta.url), { workerData: { setup } });
  const waiting = new Map<number, (result: LoginAnswer['result']) => void>();
  let next = 0;
  let stopping = false;
  const publicKey = await new Promise<string>((resolve, reject) => {
    worker.once('error', (error) => reject(error instanceof Error ? error : new Error('the login thread failed')));
    worker.once('message', ({ result }: LoginAnswer) => resolve(typeof result === 'string' ? result : ''));
  });
  worker.on('message', ({ id, result }: LoginAnswer) => {
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  worker.on('error', (error) => died(error instanceof Error ? error.message : 'the login thread failed'));
  worker.on('exit', () => {
    if (!stopping) died('the login thread ended');
  });

  function ask(question: Asked): Promise<LoginAnswer['result']> {
    const id = next++;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      worker.postMessage({ ...question, id }, []);
    });
  }

  return {
    publicKey,
    async register(address, message) {
      const result = await ask({ ask: 'register', address, message });
      return typeof result === 'string' ? result : null;
    },
    async start(names, record, message) {
      const result = await ask({ ask: 'start', names, record, message });
      return typeof result === 'object' ? result : null;
    },
    async finish(names, state, message) {
      return (await ask({ ask: 'finish', names, state, message })) === true;
    },
    async stop() {
      stopping = true;
      await worker.terminate();
    },
  };
}
