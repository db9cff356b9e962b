import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './fuzz.ts';

const seeds = [Buffer.from('first line\nsecond line\n'), Buffer.from('a')];

test('the same seed gives the same inputs, another one others, and none is of the seeds alone', () => {
  const inputsOf = (seed: number): readonly string[] => {
    const inputs: string[] = [];
    fuzz(
      {
        name: 'x',
        seeds,
        judge: (input) => {
          inputs.push(Buffer.from(input).toString('latin1'));
          return true;
        },
      },
      { runs: 500, seed },
    );
    return inputs;
  };
  assert.deepEqual(inputsOf(7), inputsOf(7));
  assert.notDeepEqual(inputsOf(7), inputsOf(8));
  const inputs = new Set(inputsOf(7));
  assert.ok(inputs.size > 300, `${inputs.size} different inputs`);
  for (const expected of [/^second line\n$/, /second line\nsecond line\n$/, /\u0000/])
    assert.ok(
      [...inputs].some((input) => expected.test(input)),
      String(expected),
    );
});

test('it counts what is taken, and tells the input that broke the judge', () => {
  const target = { name: 'even', seeds, judge: (input: Uint8Array) => input.length % 2 === 0 };
  const { taken, runs } = fuzz(target, { runs: 200, seed: 1 });
  assert.ok(taken > 20 && taken < runs);
  const broken = {
    ...target,
    judge: (input: Uint8Array) => {
      if (input.includes(0)) throw new TypeError('null byte');
      return true;
    },
  };
  assert.throws(
    () => fuzz(broken, { runs: 5000, seed: 1 }),
    (error: Error) => {
      const base64 = /^even, run \d+ of seed 1: (\S*)$/.exec(error.message)?.[1] ?? '';
      return Buffer.from(base64, 'base64').includes(0) && error.cause instanceof TypeError;
    },
  );
});

test('what is slow twice is slow; a machine that stalls once is not', (t) => {
  let nowMs = 0;
  t.mock.method(performance, 'now', () => nowMs);
  let calls = 0;
  const slowAt = (slow: readonly number[]) => ({
    name: 'slow',
    seeds,
    judge() {
      calls += 1;
      nowMs += slow.includes(calls) ? 3_000 : 1;
      return true;
    },
  });
  assert.equal(fuzz(slowAt([2]), { runs: 5, seed: 1 }).slowestMs, 1);
  assert.equal(calls, 6);
  calls = 0;
  assert.throws(() => fuzz(slowAt([2, 3]), { runs: 5, seed: 1 }), /slow takes 3000 ms/);
});
