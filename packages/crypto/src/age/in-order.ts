/**
 * Works on several items at once and gives the results in the order of the items. The source is asked for the
 * next item only when there is room, so that a slow consumer holds the whole pipe.
 *
 * Where the source or the work fails, every result before the failure is given first.
 */
import type { Awaitable } from '../engine/engine.ts';

export interface InOrderOptions<Item, Result> {
  readonly atOnce: number;
  readonly work: (item: Item) => Awaitable<Result>;
}

export async function* inOrder<Item, Result>(
  source: AsyncIterable<Item>,
  { atOnce, work }: InOrderOptions<Item, Result>,
): AsyncGenerator<Result, void, undefined> {
  const underWay: Promise<Result>[] = [];
  const iterator = source[Symbol.asyncIterator]();
  let sourceFailure: { readonly reason: unknown } | null = null;
  let ended = false;
  try {
    for (;;) {
      while (!ended && underWay.length < atOnce) {
        try {
          const { done, value } = await iterator.next();
          if (done === true) ended = true;
          else underWay.push(start(work, value));
        } catch (reason) {
          ended = true;
          sourceFailure = { reason };
        }
      }
      const oldest = underWay.shift();
      if (oldest === undefined) break;
      yield await oldest;
    }
    if (sourceFailure !== null) throw sourceFailure.reason;
  } finally {
    // Nothing goes on in the background once the consumer has been let go.
    await Promise.allSettled(underWay);
    if (!ended) await iterator.return?.();
  }
}

/** Begins at once; a failure is reported when its turn comes, not as an unhandled rejection. */
function start<Item, Result>(work: (item: Item) => Awaitable<Result>, item: Item): Promise<Result> {
  const result = (async () => work(item))();
  result.catch(() => undefined);
  return result;
}
