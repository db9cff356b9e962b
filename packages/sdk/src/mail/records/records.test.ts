import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '@latchkey/protocol';
import type { RecordBody } from '../../sync/types.ts';
import { outboxRecordBody, parseOutboxRecord, type OutboxRecord } from '../outbox/outbox-record.ts';
import { clampDate } from '../rows.ts';
import { messageRecordBody, parseMessageRecord, type MessageRecord } from './message-record.ts';
import { parseStateRecord, stateRecordBody, type StateRecord } from './state-record.ts';
import { parseUnreadableRecord, unreadableRecordBody, type UnreadableRecord } from './unreadable-record.ts';

const alice = parseAddress('alice@example.org');
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);

const message: MessageRecord = {
  way: 'received',
  hour: 498_730,
  number: 5,
  hash: bytes(32),
  inReplyTo: bytes(32),
  to: [alice],
  bcc: [],
  summary: { from: alice, subject: 'Hello', dateSeconds: 1_795_428_000, words: 'How', attachments: 1 },
  verdict: {
    signature: 'valid',
    sender: bytes(32),
    retiredKey: false,
    late: false,
    addressed: 'to',
    inconsistent: false,
    logView: 'same',
    known: { trust: 'witnessed', witnesses: ['north.example'], sinceSeconds: 1_795_428_000, verifiedSeconds: null },
  },
  head: { day: 20_780, checkpoint: bytes(32) },
  counter: 3,
  delivery: bytes(1_040),
  message: { hold: bytes(16), sizeBytes: 4_128, own: null },
  keyList: { hold: bytes(16), sizeBytes: 4_128, own: { headerBytes: 1_700, item: bytes(32) } },
  attachments: [{ hold: bytes(16), sizeBytes: 4_128, own: null }],
};
const unreadable: UnreadableRecord = {
  hour: 1,
  reason: 'not_for_me',
  delivery: bytes(10),
  items: [{ hold: bytes(16), sizeBytes: 3 }],
};
const state: StateRecord = { message: bytes(16), read: true, starred: false, folder: 'trash' };
const outbox: OutboxRecord = {
  run: bytes(16),
  step: 'delivering',
  subject: 'Hello',
  recipients: [alice],
  letter: { in: 'record', bytes: bytes(100) },
  own: { message: bytes(16), keyList: bytes(16) },
  abandoned: [bytes(16)],
  outcomes: [{ address: alice, outcome: 'later' }],
};
const largeOutbox: OutboxRecord = {
  ...outbox,
  letter: { in: 'hold', hold: bytes(16), sizeBytes: 300_000, hash: bytes(32) },
};

const kinds: readonly (readonly [string, RecordBody, (body: RecordBody) => unknown, unknown])[] = [
  ['message', messageRecordBody(message), parseMessageRecord, message],
  ['unreadable', unreadableRecordBody(unreadable), parseUnreadableRecord, unreadable],
  ['state', stateRecordBody(state), parseStateRecord, state],
  ['outbox', outboxRecordBody(outbox), parseOutboxRecord, outbox],
  ['outbox with a large letter', outboxRecordBody(largeOutbox), parseOutboxRecord, largeOutbox],
];

for (const [name, body, parse, record] of kinds) {
  test(`a ${name} record is read as it was written, and nothing else is read`, () => {
    const stored = JSON.parse(JSON.stringify(body)) as RecordBody;
    assert.deepEqual(parse(stored), record);
    assert.equal(parse({ ...stored, v: 4 }), null);
    assert.equal(parse({ ...stored, more: 1 }), null);
    assert.equal(parse({ ...stored, kind: 'other' }), null);
    for (const field of Object.keys(stored)) {
      const { [field]: _left, ...rest } = stored;
      assert.equal(parse(rest as RecordBody), null, `without ${field}`);
      assert.equal(parse({ ...stored, [field]: {} }), null, `another ${field}`);
    }
  });
}

test('message records of versions 1 and 2 are read as ones that do not say what was not asked then', () => {
  const { inReplyTo: _answers, ...second } = messageRecordBody(message);
  assert.deepEqual(parseMessageRecord({ ...second, v: 2 }), { ...message, inReplyTo: null });
  assert.equal(parseMessageRecord({ ...messageRecordBody(message), v: 2 }), null);
  assert.equal(parseMessageRecord({ ...second, v: 3 }), null);
  const { head: _head, ...stored } = second;
  const { logView: _view, known: _known, ...verdict } = stored['verdict'] as Record<string, unknown>;
  const older = JSON.parse(JSON.stringify({ ...stored, v: 1, verdict })) as RecordBody;
  const expected = {
    ...message,
    inReplyTo: null,
    head: null,
    verdict: { ...message.verdict, logView: 'not_compared', known: null },
  };
  assert.deepEqual(parseMessageRecord(older), expected);
  assert.equal(parseMessageRecord({ ...older, head: null }), null);
});

test('a message record fits the second step of padding', () => {
  // 8 bytes of length go before it; the next step would be four times as much.
  const { keyList: _none, ...small } = message;
  const text = JSON.stringify(messageRecordBody({ ...small, keyList: null, attachments: [] }));
  assert.ok(text.length <= 4_096 - 8 - 600, `${text.length}`);
});

test('lists sort by the date as far as the arrival bears it out', () => {
  const hour = 500_000;
  const arrived = hour * 3_600;
  assert.equal(clampDate(arrived - 10, hour), arrived - 10);
  assert.equal(clampDate(0, hour), arrived - 86_400);
  assert.equal(clampDate(arrived + 3_600, hour), arrived + 3_600);
  assert.equal(clampDate(Number.MAX_SAFE_INTEGER, hour), arrived + 3_600);
});
