import type { Awaitable } from '../engine/engine.ts';

/**
 * The stream, with a clean-up that runs also where nobody ever read from it: `return` and `throw` before the first
 * `next` end a generator without entering it, and so without its `finally`. Who is not going to read calls `return()`.
 */
export function cleanedStream<T>(stream: AsyncGenerator<T>, cleanUp: () => Awaitable<void>): AsyncGenerator<T> {
  let entered = false;
  const cleanUnread = async (): Promise<void> => {
    if (entered) return;
    entered = true;
    await cleanUp();
  };
  const cleaned: AsyncGenerator<T> = {
    next: async () => {
      entered = true;
      return stream.next();
    },
    return: async (value) => {
      await cleanUnread();
      return stream.return(value);
    },
    throw: async (error) => {
      await cleanUnread();
      return stream.throw(error);
    },
    [Symbol.asyncIterator]: () => cleaned,
  };
  return cleaned;
}
