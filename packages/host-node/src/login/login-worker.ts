/** What the thread of `login-thread.ts` runs. */
import { parentPort } from 'node:worker_threads';
import { loginClient, type LoginClient } from '@latchkey/crypto/login-client';
import type { LoginQuestion, LoginReply } from './login-thread.ts';

const port = parentPort;
if (port === null) throw new Error('login-worker runs in a worker thread only');

const client = await loginClient();

port.on('message', (question: LoginQuestion) => {
  void answer(question).then((reply) => port.postMessage(reply));
});

async function answer({ id, step, given }: LoginQuestion): Promise<LoginReply> {
  try {
    // The class that asks pairs each step with what it takes.
    const perform = client[step] as (given: unknown) => ReturnType<LoginClient[typeof step]>;
    return { id, answer: await perform(given) };
  } catch (error) {
    // A cloned error loses its code.
    const { message, code } = error as NodeJS.ErrnoException;
    return { id, failure: { message, code } };
  }
}
