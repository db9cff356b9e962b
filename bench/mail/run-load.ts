import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Runs one of the load programs in a process of its own. @returns what it answers to its order */
export async function runLoad<Answer>(name: 'deliver-load' | 'send-load', order: object): Promise<Answer> {
  const child = fork(new URL(`./peers/${name}.ts`, import.meta.url));
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  child.send(order);
  const [message] = (await once(child, 'message', { signal: ended.signal })) as [{ answer?: Answer; failed?: string }];
  child.disconnect();
  if (message.answer === undefined) throw new Error(message.failed ?? `${name} ended without an answer`);
  return message.answer;
}
