import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { bytesOf, host, person, readerOf } from '../../test/message-people.ts';
import type { OwnKeys } from '../signing/types.ts';
import { openMessage } from './open-message.ts';
import { sealArrivals } from './seal-arrivals.ts';
import { sealMessage } from './seal-message.ts';

let alice: OwnKeys;
let bob: OwnKeys;
let carol: OwnKeys;

before(async () => {
  alice = await person('alice@example.org');
  bob = await person('bob@example.org');
  carol = await person('carol@example.org');
});

test('a small message comes out as it was sealed, for a named and for a blind recipient', async () => {
  const sealed = await sealMessage(host, {
    sender: alice.newest,
    to: [bob.newest.identity],
    cc: [],
    bcc: [carol.newest.identity],
    subject: 'Grüße',
    text: 'Hello Bob.\n',
    dateSeconds: 1_795_428_000,
    inReplyTo: null,
    attachments: [],
  });
  const payload = await bytesOf(sealed.message.payload());
  for (const who of [bob, carol]) {
    for await (const arrival of sealArrivals(host, sealed, [
      { identity: who.newest.identity, counter: 1, previous: null },
    ])) {
      const opened = await openMessage(
        host,
        { header: arrival.message, payload: readerOf(payload), delivery: arrival.delivery },
        {
          own: who,
          lookUp: async () => ({
            outcome: 'known',
            versions: [{ identity: alice.newest.identity, supersededSeconds: null }],
          }),
          arrivalHour: 1_795_428_000 / 3600,
        },
      );
      assert.deepEqual(opened?.verdict, {
        signature: 'valid',
        sender: alice.newest.identity,
        retiredKey: false,
        late: false,
        addressed: who === bob ? 'to' : 'bcc',
        inconsistent: false,
      });
      assert.deepEqual(opened.mime, sealed.written.mime);
      assert.equal(opened.first.summary?.subject, 'Grüße');
    }
  }
});
