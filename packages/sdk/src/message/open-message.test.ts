import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { bytesOf, host, person, readerOf } from '../../test/message-people.ts';
import type { OwnKeys } from '../signing/types.ts';
import {
  openFirstChunk,
  openMessage,
  resumeMessage,
  sealArrivals,
  sealMessage,
  senderViewOf,
  type MessageRequest,
  type MessageSource,
  type Receiver,
  type SealedMessage,
} from './index.ts';

const DATE_SECONDS = 1_795_428_000;

let alice: OwnKeys;
let bob: OwnKeys;
let carol: OwnKeys;
let dave: OwnKeys;

before(async () => {
  alice = await person('alice@example.org');
  bob = await person('bob@example.org');
  carol = await person('carol@example.org');
  dave = await person('dave@example.org');
});

const request = (changes: Partial<MessageRequest> = {}): MessageRequest => ({
  sender: alice.newest,
  to: [bob.newest.identity],
  cc: [carol.newest.identity],
  bcc: [dave.newest.identity],
  subject: 'Grüße',
  text: 'Hello Bob.\n',
  dateSeconds: DATE_SECONDS,
  inReplyTo: null,
  attachments: [],
  ...changes,
});

const receiver = (own: OwnKeys): Receiver => ({
  own,
  lookUp: async (address) =>
    senderViewOf({
      outcome: 'known',
      address,
      identity: alice.newest.identity,
      versions: [alice.newest.identity],
      trust: 'pinned',
      takes: 'mail',
    }),
  arrivalHour: DATE_SECONDS / 3600,
});

async function deliver(
  sealed: SealedMessage,
  who: OwnKeys,
  place: { counter: number; previous: Uint8Array | null } = { counter: 1, previous: null },
): Promise<MessageSource> {
  const payload = readerOf(await bytesOf(sealed.message.payload()));
  for await (const one of sealArrivals(host, sealed, [{ identity: who.newest.identity, ...place }])) {
    return { header: one.message, payload, delivery: one.delivery };
  }
  return assert.fail();
}

test('a small message comes out as it was sealed, for every kind of recipient', async () => {
  const sealed = await sealMessage(host, request());
  for (const [who, addressed] of [
    [bob, 'to'],
    [carol, 'cc'],
    [dave, 'bcc'],
  ] as const) {
    const opened = await openMessage(host, await deliver(sealed, who), receiver(who));
    assert.deepEqual(opened?.verdict, {
      signature: 'valid',
      sender: alice.newest.identity,
      retiredKey: false,
      late: false,
      addressed,
      inconsistent: false,
      logView: 'none',
      known: { trust: 'pinned', witnesses: [], sinceSeconds: null, verifiedSeconds: null },
    });
    const { first, ...shown } = opened;
    const { statement, hash, written } = sealed;
    assert.deepEqual(shown, {
      statement,
      hash,
      note: written.note,
      mime: written.mime,
      verdict: opened.verdict,
    });
    assert.deepEqual(first.summary, sealed.summary);
    assert.deepEqual(first.key, written.key);
    assert.equal(first.opening === null, who !== dave);
  }
  assert.deepEqual(sealed.summary, {
    from: 'alice@example.org',
    subject: 'Grüße',
    dateSeconds: DATE_SECONDS,
    words: 'Hello Bob.',
    attachments: 0,
  });
});

test('who is named nowhere is nowhere in what the others get', async () => {
  const sealed = await sealMessage(host, request());
  const { note, mime } = sealed.written;
  assert.ok(!note.includes('dave') && !Buffer.from(mime).toString().includes('dave'));
  const plain = await sealMessage(host, request({ bcc: [] }));
  assert.equal(plain.written.note.length, note.length);
  assert.equal(plain.message.payloadBytes, sealed.message.payloadBytes);
});

test('whoever is named is not blind too', async () => {
  const sealed = await sealMessage(host, request({ bcc: [bob.newest.identity, carol.newest.identity] }));
  assert.equal(sealed.written.blindSeed, null);
  assert.deepEqual(sealed.written.bcc, []);
});

test('counter and previous statement come out of the delivery part', async () => {
  const previous = new Uint8Array(32).fill(7);
  const source = await deliver(await sealMessage(host, request()), bob, { counter: 12, previous });
  const first = await openFirstChunk(host, source, receiver(bob));
  assert.deepEqual([first?.counter, first?.previous], [12, previous]);
});

test('after a crash the same payload is made again, and its arrivals open', async () => {
  const sealed = await sealMessage(host, request());
  const resumed = await resumeMessage(host, structuredClone(sealed.written));
  const { message, keyList: _, ...values } = resumed;
  const { message: before_, keyList: __, ...was } = sealed;
  assert.deepEqual(values, was);
  assert.deepEqual(await bytesOf(message.payload()), await bytesOf(before_.payload()));
  for (const who of [bob, dave]) {
    const opened = await openMessage(host, await deliver(resumed, who), receiver(who));
    assert.equal(opened?.verdict.addressed, who === bob ? 'to' : 'bcc');
  }
});

test('a message of HTML with an image and one of nothing at all open', async () => {
  const inline = [{ contentId: 'a@b', type: 'image/png', bytes: new Uint8Array(200_000).fill(3) }];
  for (const changes of [
    { html: '<p>ä</p>', inline },
    { subject: '', text: '' },
  ]) {
    const sealed = await sealMessage(host, request(changes));
    const opened = await openMessage(host, await deliver(sealed, bob), receiver(bob));
    assert.equal(opened?.verdict.inconsistent, false);
    assert.deepEqual(opened.mime, sealed.written.mime);
  }
});

test('an answer names what it answers, in the statement and for other programs', async () => {
  const hash = new Uint8Array(32).fill(9);
  const references = Array.from({ length: 40 }, (_, index) => `<${index}@example.org>`);
  const sealed = await sealMessage(host, request({ inReplyTo: { hash, messageId: '<last@example.org>', references } }));
  assert.deepEqual(sealed.statement.inReplyTo, hash);
  const mime = Buffer.from(sealed.written.mime).toString();
  assert.match(mime, /\r\nIn-Reply-To: <last@example\.org>\r\n/);
  const ids = /References: ([^]*?)\r\n(?! )/.exec(mime)?.[1]?.split(/\s+/);
  assert.equal(ids?.length, 32);
  assert.deepEqual(ids.slice(-2), ['<39@example.org>', '<last@example.org>']);
  const bare = await sealMessage(host, request({ inReplyTo: { hash, messageId: null, references: [] } }));
  assert.ok(!Buffer.from(bare.written.mime).toString().includes('In-Reply-To'));
});

test('a body or a subject that no message can carry is refused before anything is sealed', async () => {
  await assert.rejects(sealMessage(host, request({ text: `${'x'.repeat(70)}\n`.repeat(480_000) })), {
    name: 'SdkError',
    code: 'message_too_large',
  });
  await assert.rejects(sealMessage(host, request({ subject: 'a\r\nBcc: x@example.org' })), { code: 'field_unfit' });
});

test('sizes tell little: messages come in few of them', async () => {
  const sizes = new Set<number>();
  for (const size of [0, 1, 100, 400]) {
    sizes.add((await sealMessage(host, request({ text: 'x'.repeat(size) }))).message.payloadBytes);
  }
  assert.ok(sizes.size <= 3, [...sizes].join(' '));
});
