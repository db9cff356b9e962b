import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageRow } from '@latchkey/sdk/mail';
import { knownWords, verdictWords } from './verdict-words.ts';

type Verdict = MessageRow['verdict'];

const clean: Verdict = {
  signature: 'valid',
  sender: null,
  retiredKey: false,
  late: false,
  addressed: 'to',
  inconsistent: false,
  logView: 'same',
  known: null,
};

function row(verdict: Partial<Verdict>, missingBefore = 0): MessageRow {
  const from = 'alice@example.org' as MessageRow['summary']['from'];
  return {
    id: '0'.repeat(32),
    folder: 'inbox',
    conversation: '00'.repeat(32),
    sender: 'known',
    summary: { from, subject: '', dateSeconds: 0, words: '', attachments: 0 },
    to: [],
    verdict: { ...clean, ...verdict },
    verified: true,
    unread: false,
    starred: false,
    missingBefore,
    sortSeconds: 0,
    problem: null,
  };
}

test('what is well, older or cannot be compared is not spoken of', () => {
  for (const logView of ['same', 'none', 'not_compared'] as const) assert.deepEqual(verdictWords(row({ logView })), []);
});

test('two key logs are an alarm; what a sender alone can write is none', () => {
  const [alarm = '', ...more] = verdictWords(row({ logView: 'contradicts' }));
  assert.match(alarm, /^EVIDENCE: .*alice@example\.org another key log than you.*latchkey keys evidence/);
  assert.deepEqual(more, []);
  const [remark = '', ...others] = verdictWords(row({ logView: 'inconsistent' }));
  assert.match(remark, /may be their slip, and proves nothing/);
  assert.deepEqual(others, []);
});

test('each thing that is wrong has its words, and all are told', () => {
  const words = verdictWords(
    row(
      {
        signature: 'sender_changed',
        retiredKey: true,
        late: true,
        inconsistent: true,
        addressed: 'wrong_key',
        logView: 'contradicts',
      },
      2,
    ),
  );
  assert.equal(words.length, 7);
  assert.equal(new Set(words).size, 7);
});

test('how a sender was known is told of what is signed alone', () => {
  const known = {
    trust: 'witnessed',
    witnesses: ['north.example'],
    sinceSeconds: 1_795_428_000,
    verifiedSeconds: null,
  } as const;
  assert.equal(knownWords(row({ known })), 'proved by the key log, signed by north.example; known since 2026-11-23');
  assert.equal(
    knownWords(row({ known: { ...known, trust: 'proved', verifiedSeconds: 1_795_600_000 } })),
    'as before, and proved by the key log; no outside witness; known since 2026-11-23; compared by you on 2026-11-25',
  );
  assert.equal(knownWords(row({ known, signature: 'invalid' })), null);
  assert.equal(knownWords(row({})), null);
  // A witness's name is the policy's, and no terminal's.
  assert.doesNotMatch(knownWords(row({ known: { ...known, witnesses: ['a\u001B[2Jb'] } })) ?? '', /\u001B/);
});
