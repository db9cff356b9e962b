import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Questions } from './peers/serve.ts';

/** The server of `peers/serve.ts`, seen from here. */
export interface ServerProcess {
  readonly origin: string;
  ask<Name extends keyof Questions>(name: Name, asked: Questions[Name]['asked']): Promise<Questions[Name]['answered']>;
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  /** A folder for a profile of where its processor time goes; none is written where it is absent. */
  readonly profileTo?: string;
}

/** Its folder of data is its own and goes with it. */
export async function startServerProcess({ profileTo }: ServerProcessOptions = {}): Promise<ServerProcess> {
  const execArgv =
    profileTo === undefined ? ['--expose-gc'] : ['--expose-gc', '--cpu-prof', `--cpu-prof-dir=${profileTo}`];
  const child = fork(new URL('./peers/serve.ts', import.meta.url), { execArgv });
  const { origin } = (await answerOf(child)) as { origin: string };
  return {
    origin,
    async ask(name, asked) {
      child.send({ name, asked });
      return (await answerOf(child)) as Questions[typeof name]['answered'];
    },
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const abort = (): void => ended.abort();
  child.once('exit', abort);
  try {
    const [message] = (await once(child, 'message', { signal: ended.signal })) as [Answer];
    if (message.failed !== undefined) throw new Error(`the server's process failed: ${message.failed}`);
    return message.answered;
  } finally {
    child.off('exit', abort);
  }
}

interface Answer {
  readonly answered?: unknown;
  readonly failed?: string;
}
