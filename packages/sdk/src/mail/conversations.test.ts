import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginningsOf } from './conversations.ts';
import type { FoundRecord } from './find-record.ts';

const hash = (name: number): Uint8Array => new Uint8Array(32).fill(name);
const hexOf = (name: number): string => name.toString(16).padStart(2, '0').repeat(32);

function found(...pairs: readonly (readonly [name: number, answers: number | null])[]): readonly FoundRecord[] {
  return pairs.map(([name, answers]) => {
    const message = { hash: hash(name), inReplyTo: answers === null ? null : hash(answers) };
    return { id: hash(name), content: { kind: 'message', message } } as unknown as FoundRecord;
  });
}

test('answers hang together, also by one that is not here; nothing else does', () => {
  const beginnings = beginningsOf(found([4, 3], [2, 1], [1, null], [3, 2], [5, null], [7, 6], [8, 6]));
  for (const name of [2, 3, 4]) assert.equal(beginnings.get(hexOf(name)), hexOf(1), String(name));
  for (const name of [7, 8]) assert.equal(beginnings.get(hexOf(name)), hexOf(6), String(name));
  for (const name of [1, 5, 6]) assert.equal(beginnings.get(hexOf(name)), undefined, String(name));
});

test('a circle, which no hash can make, ends; a long conversation is walked once', () => {
  assert.doesNotThrow(() => beginningsOf(found([1, 2], [2, 1], [3, 3], [4, 1])));
  const long = Array.from({ length: 200 }, (_, at) => [200 - at, at === 199 ? null : 199 - at] as const);
  assert.ok([...beginningsOf(found(...long)).values()].every((each) => each === hexOf(1)));
});
