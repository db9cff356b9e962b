import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Questions } from './peers/serve.ts';

/** The server of `peers/serve.ts`, seen from here. */
export interface ServerProcess {
  readonly origin: string;
  ask<Name extends keyof Questions>(name: Name, asked: Questions[Name]['asked']): Promise<Questions[Name]['answered']>;
  stop(): Promise<void>;
}

/** Its folder of data is its own and goes with it. */
export async function startServerProcess(): Promise<ServerProcess> {
  const child = fork(new URL('./peers/serve.ts', import.meta.url));
  const answer = async (): Promise<unknown> => {
    const ended = new AbortController();
    const abort = (): void => ended.abort();
    child.once('exit', abort);
    try {
      const [message] = (await once(child, 'message', { signal: ended.signal })) as [
        { answered?: unknown; failed?: string },
      ];
      if (message.failed !== undefined) throw new Error(`the server's process failed: ${message.failed}`);
      return message.answered;
    } finally {
      child.off('exit', abort);
    }
  };
  const { origin } = (await answer()) as { origin: string };
  return {
    origin,
    async ask(name, asked) {
      child.send({ name, asked });
      return (await answer()) as Questions[typeof name]['answered'];
    },
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
