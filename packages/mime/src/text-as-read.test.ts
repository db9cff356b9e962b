import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { composeMessage } from './compose-message.ts';
import { parseMessage } from './parse-message.ts';
import { textAsRead } from './text-as-read.ts';

const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.constantFrom(
    '\ufeff',
    '\r',
    '\n',
    '\r\n',
    ' ',
    '\t',
    '=',
    '=20',
    '--',
    'From ',
    '\0',
    '\x0b',
    '\u0085',
    '\u2028',
    '. ',
  ),
  fc.integer({ min: 60, max: 1_100 }).map((length) => 'x'.repeat(length)),
);

test('what a writer takes for the text is what every reader finds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      const text = pieces.join('');
      const bytes = composeMessage({
        from: { address: 'alice@example.org' },
        to: [{ address: 'bob@example.org' }],
        cc: [],
        subject: 'Lunch',
        text,
        dateSeconds: 1_795_428_000,
        messageId: '<1@example.org>',
      });
      assert.equal((await parseMessage(bytes)).text, textAsRead(text));
    }),
    { numRuns: 2000 },
  );
});
