import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { MimeError } from '@latchkey/mime';
import * as fc from 'fast-check';
import { host, person } from '../../test/message-people.ts';
import { parseSigned } from '../signing/signed-statement.ts';
import type { OwnKeys } from '../signing/types.ts';
import { resumeMessage, sealMessage, type SealedMessage } from './index.ts';
import { isMimeOf } from './mime-of-statement.ts';

let alice: OwnKeys;
let bob: OwnKeys;
let carol: OwnKeys;

before(async () => {
  alice = await person('alice@example.org');
  bob = await person('bob@example.org');
  carol = await person('carol@example.org');
});

const sealedFrom = async (subject: string, text: string): Promise<SealedMessage> =>
  sealMessage(host, {
    sender: alice.newest,
    // Not in the order in which a statement has them.
    to: [carol.newest.identity, bob.newest.identity],
    cc: [],
    bcc: [],
    subject,
    text,
    dateSeconds: 1_795_428_000,
    inReplyTo: null,
    attachments: [],
  });

const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('\ufeff', ' ', '\u2003', '\u202e', '=?UTF-8?B?eA==?=', 'x'.repeat(90), '\t', '  '),
);
const breaks = fc.constantFrom(
  '\n',
  '\r\n',
  '\r',
  '\0',
  '\u2028',
  '--',
  'From ',
  '\r\n'.repeat(2_500),
  'y'.repeat(1_000),
);

test('the row that is signed is the one that every reader makes of the message', async () => {
  let unfit = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 6 }),
      fc.array(fc.oneof(piece, breaks), { maxLength: 8 }),
      async (words, lines) => {
        let sealed: SealedMessage;
        try {
          sealed = await sealedFrom(words.join(''), lines.join(''));
        } catch (error) {
          if (!(error instanceof MimeError && error.code === 'field_unfit')) throw error;
          unfit += 1;
          return;
        }
        const { statement, written } = sealed;
        assert.equal(await isMimeOf(host.engine, { mime: written.mime, statement }), true);
      },
    ),
    { numRuns: 400 },
  );
  assert.ok(unfit < 300, 'the generator must reach subjects that fit');
});

test('what goes on from signing is what reading the signed note gives', async () => {
  const sealed = await sealedFrom('Lunch', 'At noon?');
  const { statement, note } = parseSigned('latchkey/message/v1', sealed.written.note);
  assert.deepEqual(sealed.statement, statement);
  assert.equal(note.signatures.length, 2);
  const again = await resumeMessage(host, sealed.written);
  assert.deepEqual([again.statement, again.hash, again.summary], [sealed.statement, sealed.hash, sealed.summary]);
});
