import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface LoadOptions {
  /** Called when the program is warm and has done nothing yet that counts. */
  readonly onWarm?: () => Promise<unknown>;
}

/** Runs one of the load programs in a process of its own. @returns what it answers to its order */
export async function runLoad<Answer>(
  name: 'deliver-load' | 'send-load',
  order: object,
  { onWarm }: LoadOptions = {},
): Promise<Answer> {
  const child = fork(new URL(`./peers/${name}.ts`, import.meta.url));
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  child.send(order);
  const next = async (): Promise<LoadMessage<Answer>> => {
    const [message] = (await once(child, 'message', { signal: ended.signal })) as [LoadMessage<Answer>];
    return message;
  };
  let message = await next();
  if (message.warm === true) {
    await onWarm?.();
    child.send('go');
    message = await next();
  }
  child.disconnect();
  if (message.answer === undefined) throw new Error(message.failed ?? `${name} ended without an answer`);
  return message.answer;
}

interface LoadMessage<Answer> {
  readonly warm?: true;
  readonly answer?: Answer;
  readonly failed?: string;
}
