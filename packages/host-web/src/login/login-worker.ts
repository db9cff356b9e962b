/** What the worker of `login-line.ts` runs. */
import { loginClient, type LoginClient } from '@latchkey/crypto/login-client';
import type { LoginQuestion, LoginReply } from './login-line.ts';

// The library loads while questions may come already.
const client = loginClient();

/** Whoever starts it sends the port on which it is asked, and nothing else. */
globalThis.addEventListener('message', ({ data: line }: MessageEvent<MessagePort>) => {
  line.addEventListener('message', ({ data }: MessageEvent<LoginQuestion>) => {
    void answer(data).then((reply) => line.postMessage(reply));
  });
  line.start();
  void client.then(() => line.postMessage({ ready: true } satisfies LoginReply));
});

async function answer({ id, step, given }: LoginQuestion): Promise<LoginReply> {
  try {
    // The class that asks pairs each step with what it takes.
    const perform = (await client)[step] as (given: unknown) => ReturnType<LoginClient[typeof step]>;
    return { id, answer: await perform(given) };
  } catch (error) {
    // A cloned error loses its code.
    const { message, code } = error as Error & { readonly code?: unknown };
    return { id, failure: { message, code } };
  }
}
