import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptOutputs } from './kept-outputs.ts';

const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);

test('an output is kept for its input and proof alone, and is nobody else’s to change', () => {
  const kept = new KeptOutputs(8);
  const output = bytes(9);
  kept.keep(bytes(1), bytes(2, 3), output);
  output.fill(0);
  kept.get(bytes(1), bytes(2, 3))?.fill(0);
  assert.deepEqual(kept.get(bytes(1), bytes(2, 3)), bytes(9));
  for (const [input, proof] of [
    [bytes(1), bytes(2)],
    [bytes(1, 2), bytes(3)],
    [bytes(), bytes(1, 2, 3)],
    [bytes(2), bytes(2, 3)],
  ] as const) {
    assert.equal(kept.get(input, proof), null);
  }
});

test('the oldest one goes, and no other', () => {
  const kept = new KeptOutputs(2);
  for (const each of [1, 2, 3]) kept.keep(bytes(each), bytes(each), bytes(each));
  assert.deepEqual(
    [1, 2, 3].map((each) => kept.get(bytes(each), bytes(each))?.[0] ?? null),
    [null, 2, 3],
  );
});
