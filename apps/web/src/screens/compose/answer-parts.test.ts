import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalAddress } from '@latchkey/protocol';
import { answerRecipients, prefixed, quote } from './answer-parts.ts';

const [alice, bob, carol] = ['alice@example.org', 'bob@example.org', 'carol@example.net'].map((each) =>
  canonicalAddress(each),
) as [ReturnType<typeof canonicalAddress>, ReturnType<typeof canonicalAddress>, ReturnType<typeof canonicalAddress>];

test('an answer goes to whoever wrote, and to all the others only when it is to', () => {
  const message = { from: bob, to: [alice, carol], cc: [bob] };
  assert.deepEqual(answerRecipients(message, { own: alice, all: false }), { to: [bob], cc: [] });
  assert.deepEqual(answerRecipients(message, { own: alice, all: true }), { to: [bob, carol], cc: [] });
});

test('an answer to what one wrote oneself goes where that went', () => {
  assert.deepEqual(answerRecipients({ from: alice, to: [bob], cc: [carol] }, { own: alice, all: true }), {
    to: [bob],
    cc: [carol],
  });
  assert.deepEqual(answerRecipients({ from: alice, to: [alice], cc: [] }, { own: alice, all: false }), {
    to: [alice],
    cc: [],
  });
});

test('a subject is prefixed once, and quoted text nests', () => {
  for (const subject of ['Lunch', 'Re: Lunch', 're: RE: Lunch']) assert.equal(prefixed(subject, 'Re:'), 'Re: Lunch');
  assert.equal(prefixed('', 'Re:'), 'Re:');
  assert.equal(quote('a\n\n> b\n'), '> a\n>\n>> b');
});
