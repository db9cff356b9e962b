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
  readonly number?: number;
  readonly verdict?: Partial<MessageRecord['verdict']>;
}

function arrival(id: number, { hash = 1, way = 'received', number = 100, verdict = {} }: Changes = {}): FoundRecord {
  const message: MessageRecord = {
    way,
    hour: 498_730,
    number: way === 'sent' ? null : number,
    hash: new Uint8Array(32).fill(hash),
    inReplyTo: null,
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
      logView: 'same',
      known: null,
      ...verdict,
    },
    head: null,
    counter: 1,
    delivery: null,
    message: { hold: new Uint8Array(16), sizeBytes: 0, own: null },
    keyList: null,
    attachments: [],
  };
  return { id: new Uint8Array(16).fill(id), content: { kind: 'message', message } };
}

const left = (...some: FoundRecord[]): (number | undefined)[] => withoutRepeats(some).map(({ id }) => id[0]);

test('other messages, own copies and what did not open are no repeats', () => {
  const unreadable = { hour: 1, reason: 'damaged', delivery: new Uint8Array(), items: [] } as const;
  const closed = (id: number): FoundRecord => ({
    id: new Uint8Array(16).fill(id),
    content: { kind: 'unreadable', unreadable },
  });
  const all = [arrival(5), arrival(4, { hash: 2 }), arrival(3, { way: 'sent' }), closed(2), closed(1)];
  assert.deepEqual(left(...all), [5, 4, 3, 2, 1]);
});

test('of several the one that says most for itself is kept, then the first', () => {
  const better: readonly (readonly [Changes, Changes])[] = [
    [{ number: 102, verdict: { inconsistent: true, late: true } }, { verdict: { addressed: 'passed_on' } }],
    [{ number: 102, verdict: { late: true } }, { verdict: { inconsistent: true } }],
    [{ number: 102 }, { number: 101, verdict: { late: true } }],
    [{ number: 100 }, { number: 101 }],
  ];
  for (const [one, other] of better) {
    assert.deepEqual(left(arrival(9, one), arrival(8, other)), [9]);
    assert.deepEqual(left(arrival(8, other), arrival(9, one)), [9]);
  }
  assert.deepEqual(left(arrival(9, { number: 3 }), arrival(7, { number: 1 }), arrival(8, { number: 2 })), [7]);
});
