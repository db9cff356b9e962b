import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalAddress } from '@latchkey/protocol';
import type { FoundRecord } from './find-record.ts';
import type { MessageRecord } from './records/message-record.ts';
import { withoutRepeats } from './without-repeats.ts';

const alice = canonicalAddress('alice@example.org');

interface Changes {
  readonly hash?: number;
  readonly way?: MessageRecord['way'];
  readonly hour?: number;
  readonly verdict?: Partial<MessageRecord['verdict']>;
}

function arrival(id: number, { hash = 1, way = 'received', hour = 100, verdict = {} }: Changes = {}): FoundRecord {
  const message: MessageRecord = {
    way,
    hour,
    hash: new Uint8Array(32).fill(hash),
    to: [alice],
    bcc: [],
    summary: { from: alice, subject: '', dateSeconds: 0, words: '', attachments: 0 },
    verdict: {
      signature: 'valid',
      sender: null,
      retiredKey: false,
      late: false,
      addressed: 'to',
      inconsistent: false,
      ...verdict,
    },
    counter: 1,
    delivery: null,
    message: { hold: new Uint8Array(16), sizeBytes: 0, own: null },
    keyList: null,
    attachments: [],
  };
  return { id: new Uint8Array(16).fill(id), content: { kind: 'message', message } };
}

const ids = (some: readonly FoundRecord[]): (number | undefined)[] => some.map(({ id }) => id[0]);
const left = (some: readonly FoundRecord[], marked: number[] = []): (number | undefined)[] =>
  ids(withoutRepeats(some, ({ id }) => marked.includes(id[0] ?? 0)));

test('other messages, own copies and what did not open are no repeats', () => {
  const unreadable = { hour: 1, reason: 'damaged', delivery: new Uint8Array(), items: [] } as const;
  const closed = (id: number): FoundRecord => ({
    id: new Uint8Array(16).fill(id),
    content: { kind: 'unreadable', unreadable },
  });
  const all = [arrival(5), arrival(4, { hash: 2 }), arrival(3, { way: 'sent' }), closed(2), closed(1)];
  assert.deepEqual(left(all), [5, 4, 3, 2, 1]);
});

test('of several the one that says most for itself is kept, then the first, then the marked one', () => {
  const better: readonly (readonly [Changes, Changes])[] = [
    [{ verdict: { inconsistent: true, late: true } }, { verdict: { addressed: 'passed_on' } }],
    [{ verdict: { late: true } }, { verdict: { inconsistent: true } }],
    [{ hour: 102 }, { hour: 101, verdict: { late: true } }],
    [{ hour: 100 }, { hour: 101 }],
  ];
  for (const [one, other] of better) {
    for (const marked of [[], [8], [9]]) {
      assert.deepEqual(left([arrival(9, one), arrival(8, other)], marked), [9]);
      assert.deepEqual(left([arrival(8, other), arrival(9, one)], marked), [9]);
    }
  }
  assert.deepEqual(left([arrival(9), arrival(8), arrival(7)], [8]), [8]);
  assert.deepEqual(left([arrival(9), arrival(7), arrival(8)]), [7]);
});
