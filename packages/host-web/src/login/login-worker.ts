/** What the worker of `login-line.ts` runs. */
import { loginClient, type LoginClient } from '@latchkey/crypto/login-client';
import type { LoginQuestion, LoginReply } from './login-line.ts';

// The library loads while questions may come already.
const client = loginClient();

globalThis.addEventListener('message', ({ data }: MessageEvent<LoginQuestion>) => {
  void answer(data).then((reply) => globalThis.postMessage(reply));
});

void client.then(() => globalThis.postMessage({ ready: true } satisfies LoginReply));

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
