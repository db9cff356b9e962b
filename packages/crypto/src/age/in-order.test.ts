import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { inOrder } from './in-order.ts';

async function* numbers(count: number, failAt = Infinity): AsyncGenerator<number, void, undefined> {
  for (let i = 0; i < count; i++) {
    if (i === failAt) throw new Error('source failed');
    yield i;
  }
}

async function outcomeOf<T>(results: AsyncIterable<T>): Promise<{ given: T[]; failure: string | null }> {
  const given: T[] = [];
  try {
    for await (const result of results) given.push(result);
    return { given, failure: null };
  } catch (error) {
    return { given, failure: (error as Error).message };
  }
}

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await turn();
};

test('results come in the order of the items, whichever is done first', async () => {
  for (const atOnce of [1, 2, 3, 50]) {
    const work = async (i: number) => {
      await turns((i * 7) % 5);
      return i * 10;
    };
    const { given, failure } = await outcomeOf(inOrder(numbers(20), { atOnce, work }));
    assert.deepEqual(
      given,
      Array.from({ length: 20 }, (_, i) => i * 10),
    );
    assert.equal(failure, null);
  }
});

test('so many are under way as were asked for, and never more', async () => {
  for (const atOnce of [1, 2, 4]) {
    let underWay = 0;
    let most = 0;
    const work = async (i: number) => {
      most = Math.max(most, ++underWay);
      await turns(3);
      underWay--;
      return i;
    };
    await outcomeOf(inOrder(numbers(12), { atOnce, work }));
    assert.equal(most, atOnce);
  }
});

test('a consumer that waits holds the source', async () => {
  let asked = 0;
  const source = async function* () {
    for (;;) yield asked++;
  };
  const results = inOrder(source(), { atOnce: 3, work: (i: number) => i });
  assert.equal((await results.next()).value, 0);
  await turns(10);
  assert.equal(asked, 3);
  assert.equal((await results.next()).value, 1);
  await turns(10);
  assert.equal(asked, 4);
  await results.return();
});

test('work that fails is reported after the results before it, and nothing comes after', async () => {
  const work = async (i: number) => {
    await turns(5 - i);
    if (i === 2) throw new Error('work failed');
    return i;
  };
  const outcome = await outcomeOf(inOrder(numbers(6), { atOnce: 4, work }));
  assert.deepEqual(outcome, { given: [0, 1], failure: 'work failed' });
});

test('work that throws at once is reported in its turn too', async () => {
  const work = (i: number) => {
    if (i === 1) throw new Error('thrown');
    return i;
  };
  assert.deepEqual(await outcomeOf(inOrder(numbers(3), { atOnce: 3, work })), { given: [0], failure: 'thrown' });
});

test('a source that fails is reported after all results before it', async () => {
  for (const atOnce of [1, 2, 5]) {
    const work = async (i: number) => {
      await turns(2);
      return i;
    };
    const outcome = await outcomeOf(inOrder(numbers(9, 3), { atOnce, work }));
    assert.deepEqual(outcome, { given: [0, 1, 2], failure: 'source failed' });
  }
});

test('a consumer that stops closes the source, after what was under way is done', async () => {
  const seen: string[] = [];
  const source = async function* () {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      seen.push('closed');
    }
  };
  const work = async (i: number) => {
    await turns(4);
    seen.push(`done ${i}`);
    return i;
  };
  for await (const _ of inOrder(source(), { atOnce: 3, work })) break;
  assert.deepEqual(seen, ['done 0', 'done 1', 'done 2', 'closed']);
});

test('work that fails closes the source; a source that failed or ended is not closed again', async () => {
  let closed = 0;
  const sourceOf = (count: number, failing: boolean): AsyncIterable<number> => {
    let i = 0;
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          if (i < count) return { done: false, value: i++ };
          if (failing) throw new Error('source failed');
          return { done: true, value: undefined };
        },
        return: async () => {
          closed++;
          return { done: true, value: undefined };
        },
      }),
    };
  };
  const failing = () => {
    throw new Error('work failed');
  };
  await outcomeOf(inOrder(sourceOf(9, false), { atOnce: 2, work: failing }));
  assert.equal(closed, 1);
  await outcomeOf(inOrder(sourceOf(2, true), { atOnce: 2, work: (i) => i }));
  await outcomeOf(inOrder(sourceOf(2, false), { atOnce: 2, work: (i) => i }));
  assert.equal(closed, 1);
});
