/** Correspondents that lie: each gets the verdict of docs/spec/08-message.md, "Verdicts", or is shown nothing. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { itemOf, parseRecipient, sealDelivery, sealHeader, type PayloadReader } from '@latchkey/crypto';
import { composeMessage } from '@latchkey/mime';
import { canonicalAddress, type MessageStatement, type Party } from '@latchkey/protocol';
import { encodeDeliveryBody, type DeliveryBody } from '../../src/message/delivery-body.ts';
import { formatEnvelope } from '../../src/message/envelope.ts';
import {
  openFirstChunk,
  openMessage,
  sealArrivals,
  sealMessage,
  type ItemKey,
  type MessageRequest,
  type MessageVerdict,
  type SealedMessage,
  type SenderView,
} from '../../src/message/index.ts';
import { newItemKey } from '../../src/message/item-key.ts';
import { sealedItem } from '../../src/message/payload.ts';
import { formatSummary, summaryOf } from '../../src/message/summary.ts';
import { identitySigner } from '../../src/signing/identity.ts';
import { signStatement } from '../../src/signing/signed-statement.ts';
import type { OwnKeys } from '../../src/signing/types.ts';
import { bytesOf, host, person, readerOf } from '../message-people.ts';

const { engine } = host;
const HOUR = 498_730;
const NOON_SECONDS = HOUR * 3600;
const altered = { name: 'SdkError', code: 'item_altered' };

let alice: OwnKeys;
let bob: OwnKeys;
let carol: OwnKeys;
let mallory: OwnKeys;
let people: readonly OwnKeys[];

before(async () => {
  people = await Promise.all(['alice', 'bob', 'carol', 'mallory'].map((name) => person(`${name}@example.org`)));
  [alice, bob, carol, mallory] = people as [OwnKeys, OwnKeys, OwnKeys, OwnKeys];
});

const viewOf = (...versions: OwnKeys[]): SenderView => ({
  outcome: 'known',
  versions: versions.map(({ newest }) => ({ identity: newest.identity, supersededSeconds: null })),
});

async function lookUp(address: string): Promise<SenderView> {
  const found = people.find(({ newest }) => newest.identity.party.address === address);
  return found === undefined ? { outcome: 'unknown' } : viewOf(found);
}

interface Arrived {
  readonly header: Uint8Array;
  readonly payload: PayloadReader;
  readonly delivery: Uint8Array;
}

interface Reading {
  readonly lookUp?: (address: string) => Promise<SenderView>;
  readonly arrivalHour?: number;
}

async function read(arrived: Arrived, own: OwnKeys, reading: Reading = {}): ReturnType<typeof openMessage> {
  return openMessage(host, arrived, { own, lookUp, arrivalHour: HOUR, ...reading });
}

async function verdictOf(arrived: Arrived, own: OwnKeys, reading?: Reading): Promise<MessageVerdict> {
  const opened = await read(arrived, own, reading);
  assert.ok(opened !== null);
  return opened.verdict;
}

const honest = (changes: Partial<MessageRequest> = {}): Promise<SealedMessage> =>
  sealMessage(host, {
    sender: alice.newest,
    to: [bob.newest.identity],
    cc: [],
    bcc: [],
    subject: 'Lunch',
    text: 'At noon?',
    dateSeconds: NOON_SECONDS,
    inReplyTo: null,
    attachments: [],
    ...changes,
  });

async function arrivalFor(sealed: SealedMessage, who: OwnKeys): Promise<Arrived> {
  const recipient = { identity: who.newest.identity, counter: 1, previous: null };
  for await (const { message, delivery } of sealArrivals(host, sealed, [recipient])) {
    return { header: message, payload: readerOf(await bytesOf(sealed.message.payload())), delivery };
  }
  return assert.fail();
}

interface Forgery {
  readonly signer?: OwnKeys;
  readonly mime?: (honest: string) => string;
  readonly statement?: Partial<MessageStatement>;
  readonly checkpoint?: string;
  readonly key?: ItemKey;
  readonly delivery?: Partial<DeliveryBody>;
  readonly plaintext?: (bytes: Uint8Array) => Uint8Array;
  readonly reader?: OwnKeys;
}

/** Everything under the hand of whoever holds the signer's keys: `statement` and `mime` are changed before signing. */
async function forge(forgery: Forgery): Promise<Arrived> {
  const { signer = alice, mime: changeMime = (same) => same, reader = bob } = forgery;
  const from = signer.newest.identity.party;
  const written = composeMessage({
    from: { address: from.address },
    to: [{ address: 'bob@example.org' }],
    cc: [],
    subject: 'Lunch',
    text: 'At noon?',
    dateSeconds: NOON_SECONDS,
    messageId: '<1@example.org>',
  });
  const mime = Uint8Array.from(Buffer.from(changeMime(Buffer.from(written).toString())));
  const key = forgery.key ?? (await newItemKey(engine));
  const summary = summaryOf(
    { from, dateSeconds: NOON_SECONDS, attachments: [] },
    { subject: 'Lunch', text: 'At noon?' },
  );
  const statement: MessageStatement = {
    kind: 'latchkey/message/v1',
    id: engine.randomBytes(16),
    item: key.item,
    from,
    to: [bob.newest.identity.party],
    cc: [],
    blind: engine.randomBytes(32),
    dateSeconds: NOON_SECONDS,
    inReplyTo: null,
    body: await engine.sha256(mime),
    checkpoint: null,
    summary: await engine.sha256(Buffer.from(formatSummary(summary))),
    attachments: [],
    ...forgery.statement,
  };
  const note = await signStatement(statement, [identitySigner(signer.newest.identity.statement, signer.newest.signer)]);
  const envelope = formatEnvelope({ note, checkpoint: forgery.checkpoint ?? null, mime });
  const plaintext = forgery.plaintext?.(envelope) ?? envelope;
  const delivery = { summary, opening: null, counter: 1, previous: null, ...forgery.delivery };
  return arrived({ key, plaintext, delivery, reader });
}

async function arrived(parts: {
  key: ItemKey;
  plaintext: Uint8Array;
  delivery: DeliveryBody;
  reader: OwnKeys;
}): Promise<Arrived> {
  const { key, plaintext, delivery, reader } = parts;
  const recipients = [parseRecipient(reader.newest.identity.statement.seal)];
  const header = await sealHeader(engine, { fileKey: key.fileKey, recipients, wrappedBefore: [] });
  const place = { engine, fileKey: key.fileKey, header, payloadNonce: key.nonce };
  return {
    header,
    payload: readerOf(await bytesOf(sealedItem(host, key, plaintext).payload())),
    delivery: await sealDelivery(place, encodeDeliveryBody(delivery)),
  };
}

test('the forger’s bench makes honest messages when it changes nothing', async () => {
  assert.deepEqual(await verdictOf(await forge({}), bob), {
    signature: 'valid',
    sender: alice.newest.identity,
    retiredKey: false,
    late: false,
    addressed: 'to',
    inconsistent: false,
    logView: 'none',
    known: null,
  });
});

test('a message that a recipient seals to a third person reads as passed on', async () => {
  const sealed = await honest();
  const passed = await arrivalFor(sealed, carol);
  const verdict = await verdictOf(passed, carol);
  assert.equal(verdict.addressed, 'passed_on');
  assert.equal(verdict.signature, 'valid');
});

test('an opening of another tree, of another person or of another place proves nothing', async () => {
  const sealed = await honest({ bcc: [carol.newest.identity] });
  const firstOf = async (arrival: Arrived, who: OwnKeys): Promise<DeliveryBody['opening']> => {
    const first = await openFirstChunk(host, arrival, { own: who, lookUp, arrivalHour: HOUR });
    return first?.opening ?? null;
  };
  const arrival = await arrivalFor(sealed, carol);
  assert.equal((await verdictOf(arrival, carol)).addressed, 'bcc');
  const opening = await firstOf(arrival, carol);
  assert.ok(opening !== null);
  const plaintext = formatEnvelope({ ...sealed.written, checkpoint: null });
  const { key } = sealed.written;
  const delivery = { summary: sealed.summary, opening, counter: 1, previous: null };
  // Carol gives her own opening to Mallory.
  const toMallory = await arrived({ key, plaintext, delivery, reader: mallory });
  assert.equal((await verdictOf(toMallory, mallory)).addressed, 'passed_on');
  const changed = [
    { ...opening, salt: new Uint8Array(32) },
    { ...opening, index: opening.index ^ 1 },
    { ...opening, path: opening.path.with(3, new Uint8Array(32)) },
  ];
  for (const forged of changed) {
    const other = await arrived({ key, plaintext, delivery: { ...delivery, opening: forged }, reader: carol });
    assert.equal((await verdictOf(other, carol)).addressed, 'passed_on');
  }
  // The opening of one message does not open the next.
  const next = await forge({ reader: carol, delivery: { opening } });
  assert.equal((await verdictOf(next, carol)).addressed, 'passed_on');
});

test('the place among the named cannot be had by an opening with a shorter way', async () => {
  // An inner node passed off as a leaf needs a way of fewer steps: no decoder and no verifier takes it.
  const sealed = await honest({ bcc: [carol.newest.identity] });
  const first = await openFirstChunk(host, await arrivalFor(sealed, carol), { own: carol, lookUp, arrivalHour: HOUR });
  const opening = first?.opening;
  assert.ok(opening);
  const short = { ...opening, index: opening.index >> 1, path: opening.path.slice(1) };
  assert.throws(
    () => encodeDeliveryBody({ summary: sealed.summary, opening: short, counter: 1, previous: null }),
    altered,
  );
});

test('one id with two texts is two messages', async () => {
  const id = engine.randomBytes(16);
  const one = await read(await forge({ statement: { id } }), bob);
  const other = await read(await forge({ statement: { id } }), bob);
  assert.ok(one !== null && other !== null);
  assert.deepEqual(one.statement.id, other.statement.id);
  assert.notDeepEqual(one.hash, other.hash);
});

test('a row that does not follow from the message is inconsistent', async () => {
  const from = alice.newest.identity.party;
  const summary = summaryOf({ from, dateSeconds: NOON_SECONDS, attachments: [] }, { subject: 'Prize!', text: 'x' });
  // Told to the recipient alone: visible from the first chunk.
  const arrival = await forge({ delivery: { summary } });
  const first = await openFirstChunk(host, arrival, { own: bob, lookUp, arrivalHour: HOUR });
  assert.equal(first?.verdict.inconsistent, true);
  assert.equal((await verdictOf(arrival, bob)).inconsistent, true);
  // Signed, too: visible when the whole is there.
  const hash = await engine.sha256(Buffer.from(formatSummary(summary)));
  const signed = await forge({ delivery: { summary }, statement: { summary: hash } });
  assert.equal(
    (await openFirstChunk(host, signed, { own: bob, lookUp, arrivalHour: HOUR }))?.verdict.inconsistent,
    false,
  );
  assert.equal((await verdictOf(signed, bob)).inconsistent, true);
});

test('a delivery part that does not open leaves the message readable, without its row', async () => {
  const arrival = await forge({});
  const delivery = arrival.delivery.map((byte, index) => (index === 5 ? byte ^ 1 : byte));
  for (const spoilt of [delivery, new Uint8Array(0), delivery.subarray(1)]) {
    const opened = await read({ ...arrival, delivery: spoilt }, bob);
    assert.equal(opened?.verdict.inconsistent, true);
    assert.equal(opened.verdict.signature, 'valid');
    assert.deepEqual([opened.first.summary, opened.first.counter, opened.first.previous], [null, null, null]);
  }
});

test('a payload that opens under two keys opens only under the one that was signed', async () => {
  const signed = await newItemKey(engine);
  const other = await newItemKey(engine);
  // Both headers are sound and what opens is well-formed; only the item tells which key is meant.
  const mixed = { ...other, item: signed.item };
  await assert.rejects(
    forge({ key: mixed }).then((arrival) => read(arrival, bob)),
    altered,
  );
  const foreignItem = await itemOf(engine, { fileKey: signed.fileKey, payloadNonce: other.nonce });
  await assert.rejects(
    forge({ key: signed, statement: { item: foreignItem } }).then((arrival) => read(arrival, bob)),
    altered,
  );
});

test('nothing is shown of a statement that is in another item, not even from the first chunk', async () => {
  const arrival = await forge({ statement: { item: new Uint8Array(32) } });
  await assert.rejects(openFirstChunk(host, arrival, { own: bob, lookUp, arrivalHour: HOUR }), altered);
});

test('other words under the key of a true statement are refused', async () => {
  // Bob knows file key and nonce: he seals his own MIME under Alice's statement and gives it to Carol.
  const sealed = await honest({ to: [bob.newest.identity, carol.newest.identity] });
  const { note, mime, key } = sealed.written;
  const words = Uint8Array.from(Buffer.from(Buffer.from(mime).toString().replace('At noon?', 'At nine!')));
  const delivery = { summary: sealed.summary, opening: null, counter: 1, previous: null };
  const plaintext = formatEnvelope({ note, checkpoint: null, mime: words });
  await assert.rejects(
    arrived({ key, plaintext, delivery, reader: carol }).then((one) => read(one, carol)),
    altered,
  );
  const true_ = formatEnvelope({ note, checkpoint: null, mime });
  assert.equal(
    (await verdictOf(await arrived({ key, plaintext: true_, delivery, reader: carol }), carol)).addressed,
    'to',
  );
});

test('a date far ahead or far back is marked', async () => {
  const dated = async (dateSeconds: number): Promise<boolean> => {
    const sealed = await honest({ dateSeconds });
    return (await verdictOf(await arrivalFor(sealed, bob), bob)).late;
  };
  const in2099 = Date.UTC(2099, 0, 1) / 1000;
  assert.equal(await dated(in2099), true);
  assert.equal(await dated(NOON_SECONDS - 48 * 3600 - 1), true);
  assert.equal(await dated(NOON_SECONDS - 48 * 3600), false);
  assert.equal(await dated(NOON_SECONDS + 2 * 3600), false);
  assert.equal(await dated(NOON_SECONDS + 2 * 3600 + 1), true);
  assert.equal(await dated(0), true);
});

test('a checkpoint is the one of the statement', async () => {
  const checkpoint = 'log.example.org\n7\nAAAA\n\n— log.example.org AAAA\n';
  const hash = await engine.sha256(Buffer.from(checkpoint));
  const verdict = await verdictOf(await forge({ checkpoint, statement: { checkpoint: hash } }), bob);
  assert.deepEqual([verdict.signature, verdict.inconsistent], ['valid', false]);
  const others: readonly Forgery[] = [
    { checkpoint: checkpoint.replace('7', '8'), statement: { checkpoint: hash } },
    { checkpoint, statement: { checkpoint: new Uint8Array(32) } },
    { checkpoint },
    { statement: { checkpoint: hash } },
  ];
  for (const [index, forgery] of others.entries()) {
    const arrival = await forge(forgery);
    const first = openFirstChunk(host, arrival, { own: bob, lookUp, arrivalHour: HOUR });
    await assert.rejects(first, altered, String(index));
  }
});

test('a message that becomes another one while it is read shows nothing', async () => {
  // The same words under the same key, signed twice: only the signatures differ.
  const { written, statement } = await honest();
  const note = await signStatement(statement, [identitySigner(alice.newest.identity.statement, alice.newest.signer)]);
  assert.notEqual(note, written.note);
  const { key } = written;
  const sealedAs = async (one: string): Promise<Uint8Array<ArrayBuffer>> =>
    bytesOf(sealedItem(host, key, formatEnvelope({ ...written, note: one, checkpoint: null })).payload());
  const [before_, after] = [await sealedAs(written.note), await sealedAs(note)];
  assert.equal(before_.length, after.length);
  const delivery = new Uint8Array(0);
  const recipients = [parseRecipient(bob.newest.identity.statement.seal)];
  const header = await sealHeader(engine, { fileKey: key.fileKey, recipients, wrappedBefore: [] });
  for (const whole of [before_, after]) await read({ header, payload: readerOf(whole), delivery }, bob);
  let reads = 0;
  const changing: PayloadReader = {
    sizeBytes: after.length,
    readAt: async (...where) => readerOf(reads++ === 0 ? before_ : after).readAt(...where),
  };
  await assert.rejects(read({ header, payload: changing, delivery }, bob), altered);
});

test('MIME that says other things than the statement is inconsistent', async () => {
  const lies: readonly [string, (mime: string) => string][] = [
    ['another From', (mime) => mime.replace('From: alice@', 'From: carol@')],
    ['a second From', (mime) => mime.replace('From: alice@example.org', 'From: alice@example.org, carol@example.org')],
    ['From twice', (mime) => `From: carol@example.org\r\n${mime}`],
    ['the same From twice', (mime) => `From: alice@example.org\r\n${mime}`],
    ['a From of nobody besides', (mime) => `From:\r\n${mime}`],
    ['a To of nobody besides', (mime) => `To:\r\n${mime}`],
    ['two Cc of nobody', (mime) => `Cc:\r\nCc:\r\n${mime}`],
    ['From without a domain', (mime) => mime.replace('From: alice@example.org', 'From: alice')],
    ['To that no address can be', (mime) => mime.replace('To: bob@', 'To: b..ob@')],
    [
      'From in a group',
      (mime) => mime.replace('From: alice@example.org', 'From: friends: alice@example.org, carol@example.org;'),
    ],
    ['no From', (mime) => mime.replace('From: alice@example.org\r\n', '')],
    ['another To', (mime) => mime.replace('To: bob@', 'To: carol@')],
    ['one more To', (mime) => mime.replace('To: bob@example.org', 'To: bob@example.org, carol@example.org')],
    ['Cc', (mime) => `Cc: carol@example.org\r\n${mime}`],
    ['Bcc', (mime) => `Bcc: carol@example.org\r\n${mime}`],
    ['an empty Bcc', (mime) => `bcC:\r\n${mime}`],
    ['Resent-Bcc', (mime) => `Resent-Bcc: carol@example.org\r\n${mime}`],
    ['another Date', (mime) => mime.replace(/Date: .*\r\n/, 'Date: Mon, 23 Nov 2026 10:00:01 +0000\r\n')],
    ['Date twice', (mime) => mime.replace(/Date: .*\r\n/, '$&$&')],
    ['no Date', (mime) => mime.replace(/Date: .*\r\n/, '')],
    ['another Subject', (mime) => mime.replace('Subject: Lunch', 'Subject: Dinner')],
    ['Subject twice', (mime) => mime.replace('Subject: Lunch\r\n', '$&$&')],
    ['other words', (mime) => mime.replace('At noon?', 'At nine?')],
    ['not MIME at all', () => '\0\xff'.repeat(99)],
    ['more parts than anybody reads', (mime) => `${mime}${'--\r\n'.repeat(20_001)}`],
  ];
  for (const [what, mime] of lies) {
    const verdict = await verdictOf(await forge({ mime }), bob);
    assert.equal(verdict.inconsistent, true, what);
    assert.equal(verdict.signature, 'valid', what);
  }
  const harmless: readonly ((mime: string) => string)[] = [
    (mime) => mime.replace('From: alice@example.org', 'From: "Alice" <Alice+tag@Example.org>'),
    (mime) => `Received: from somewhere\r\n${mime}`,
    (mime) => `Cc:\r\n${mime}`,
  ];
  for (const mime of harmless) assert.equal((await verdictOf(await forge({ mime }), bob)).inconsistent, false);
});

test('a statement by somebody else does not become the sender’s', async () => {
  const from = alice.newest.identity.party;
  const byMallory = await forge({
    signer: mallory,
    statement: { from },
    mime: (mime) => mime.replace('mallory@', 'alice@'),
  });
  const verdict = await verdictOf(byMallory, bob);
  assert.equal(verdict.signature, 'invalid');
  assert.deepEqual(verdict.sender, alice.newest.identity);
});

test('a note with a line taken away, exchanged or added is no message', async () => {
  const sealed = await honest();
  const { note, mime, key } = sealed.written;
  const other = (await honest()).written.note;
  const cut = note.indexOf('\n\n');
  const [first = '', second = ''] = note.slice(cut + 2).split('\n');
  const [otherFirst = ''] = other.slice(other.indexOf('\n\n') + 2).split('\n');
  const delivery = { summary: sealed.summary, opening: null, counter: 1, previous: null };
  const withLines = async (...lines: string[]): Promise<Arrived> => {
    const changed = `${note.slice(0, cut + 2)}${lines.map((line) => `${line}\n`).join('')}`;
    return arrived({
      key,
      plaintext: formatEnvelope({ note: changed, checkpoint: null, mime }),
      delivery,
      reader: bob,
    });
  };
  assert.equal((await verdictOf(await withLines(first, second), bob)).signature, 'valid');
  for (const lines of [[first], [second], [first, second, otherFirst]]) {
    await assert.rejects(
      withLines(...lines).then((one) => read(one, bob)),
      altered,
    );
  }
  for (const lines of [
    [otherFirst, second],
    [first, first],
    [second, second],
  ]) {
    assert.equal((await verdictOf(await withLines(...lines), bob)).signature, 'invalid');
  }
});

test('an unknown sender, and one whose keys are others, are told apart', async () => {
  const arrival = await forge({});
  const seenAs = async (view: SenderView): Promise<string> =>
    (await verdictOf(arrival, bob, { lookUp: async () => view })).signature;
  assert.equal(await seenAs({ outcome: 'unknown' }), 'unknown_sender');
  assert.equal(await seenAs({ outcome: 'changed' }), 'sender_changed');
  const impostor = await person('alice@example.org');
  assert.equal(await seenAs(viewOf(impostor)), 'sender_changed');
  const later = await person('alice@example.org', impostor);
  assert.equal(await seenAs({ ...viewOf(later) }), 'unknown_sender');
  assert.equal(await seenAs({ outcome: 'known', versions: [] }), 'unknown_sender');
  const verdict = await verdictOf(arrival, bob, { lookUp: async () => ({ outcome: 'unknown' }) });
  assert.deepEqual([verdict.sender, verdict.retiredKey], [null, false]);
});

test('a version that was superseded seven days before counts as retired', async () => {
  const arrival = await forge({});
  const later = await person('alice@example.org', alice);
  const retiredIf = async (supersededSeconds: number | null): Promise<boolean> => {
    const versions = [
      { identity: later.newest.identity, supersededSeconds: null },
      { identity: alice.newest.identity, supersededSeconds },
    ];
    const verdict = await verdictOf(arrival, bob, { lookUp: async () => ({ outcome: 'known', versions }) });
    assert.equal(verdict.signature, 'valid');
    return verdict.retiredKey;
  };
  const week = 7 * 24 * 3600;
  assert.equal(await retiredIf(NOON_SECONDS - week), true);
  assert.equal(await retiredIf(NOON_SECONDS - week + 1), false);
  assert.equal(await retiredIf(NOON_SECONDS), false);
  assert.equal(await retiredIf(null), true);
  assert.equal((await verdictOf(arrival, bob)).retiredKey, false);
});

test('my address with keys that are not mine is evidence', async () => {
  const ghost = (await person('bob@example.org')).newest.identity.party;
  assert.equal((await verdictOf(await forge({ statement: { to: [ghost] } }), bob)).addressed, 'wrong_key');
  const asCc = { to: [], cc: [ghost] };
  assert.equal((await verdictOf(await forge({ statement: asCc }), bob)).addressed, 'wrong_key');
  const otherVersion: Party = { ...bob.newest.identity.party, version: 9 };
  assert.equal((await verdictOf(await forge({ statement: { to: [otherVersion] } }), bob)).addressed, 'wrong_key');
});

test('what was sealed to a retired own identity still opens, and is addressed to me', async () => {
  const later = await person('bob@example.org', bob);
  const verdict = await verdictOf(await forge({}), later);
  assert.deepEqual([verdict.addressed, verdict.signature], ['to', 'valid']);
  const cc = { to: [], cc: [bob.newest.identity.party] };
  assert.equal((await verdictOf(await forge({ statement: cc }), later)).addressed, 'cc');
});

test('an arrival never passes for an own copy, nor an own copy for another’s words', async () => {
  // Bob sends back to Alice what she wrote: it is from her, and not addressed to her.
  const sealed = await honest();
  const back = await arrivalFor(sealed, alice);
  assert.equal((await verdictOf(back, alice)).addressed, 'passed_on');
  const { header, payload } = await arrivalFor(sealed, bob);
  const asCopy = { header, payload, ownCopyItem: sealed.written.key.item };
  const receiver = { own: bob, lookUp, arrivalHour: null };
  assert.equal((await openMessage(host, asCopy, receiver))?.verdict.addressed, 'passed_on');
  const otherItem = { ...asCopy, ownCopyItem: new Uint8Array(32) };
  await assert.rejects(openMessage(host, otherItem, receiver), altered);
});

test('not for me is an answer; a broken header is not', async () => {
  const arrival = await forge({});
  assert.equal(await read(arrival, carol), null);
  const header = arrival.header.slice();
  header[header.length - 10]! ^= 1;
  await assert.rejects(read({ ...arrival, header }, bob), altered);
  await assert.rejects(read({ ...arrival, header: arrival.header.subarray(0, 100) }, bob), altered);
});

test('a payload that is cut, lengthened, changed or empty shows nothing', async () => {
  const { written } = await honest({ text: `${'x'.repeat(70)}\n`.repeat(3000) });
  const whole = await bytesOf(
    sealedItem(host, written.key, formatEnvelope({ ...written, checkpoint: null })).payload(),
  );
  assert.ok(whole.length > 3 * 65_552);
  const recipients = [parseRecipient(bob.newest.identity.statement.seal)];
  const header = await sealHeader(engine, { fileKey: written.key.fileKey, recipients, wrappedBefore: [] });
  const as = (payload: Uint8Array): Arrived => ({ header, payload: readerOf(payload), delivery: new Uint8Array(0) });
  assert.ok((await read(as(whole), bob)) !== null);
  const flip = (at: number): Uint8Array => whole.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const broken = [
    whole.subarray(0, 0),
    whole.subarray(0, 15),
    whole.subarray(0, 1000),
    whole.subarray(0, 16 + 65_552),
    whole.subarray(0, 16 + 2 * 65_552),
    whole.subarray(0, whole.length - 1),
    new Uint8Array([...whole, 0]),
    flip(3),
    flip(20),
    flip(16 + 65_552 + 5),
    flip(whole.length - 1),
  ];
  for (const [index, payload] of broken.entries()) await assert.rejects(read(as(payload), bob), altered, String(index));
  // A server that gives less than it says.
  const short: PayloadReader = { sizeBytes: whole.length, readAt: async () => whole.slice(0, 500) };
  await assert.rejects(read({ ...as(whole), payload: short }, bob), altered);
});

test('the first chunk alone is enough for the verdict, and nothing else is read', async () => {
  const sealed = await honest({ text: `${'x'.repeat(70)}\n`.repeat(3000) });
  const arrival = await arrivalFor(sealed, bob);
  const asked: [number, number][] = [];
  const payload: PayloadReader = {
    sizeBytes: arrival.payload.sizeBytes,
    readAt: (offset, lengthBytes) => {
      asked.push([offset, lengthBytes]);
      return arrival.payload.readAt(offset, lengthBytes);
    },
  };
  const first = await openFirstChunk(host, { ...arrival, payload }, { own: bob, lookUp, arrivalHour: HOUR });
  assert.equal(first?.verdict.signature, 'valid');
  assert.deepEqual(asked, [[0, 16 + 65_552]]);
});

test('a plaintext that is not the one way to write it shows nothing', async () => {
  const changes: readonly ((text: string) => string)[] = [
    (text) => text.replace('MIME-Version: 1.0', 'MIME-Version: 1.1'),
    (text) => text.replace('Content-Disposition: inline', 'Content-Disposition: INLINE'),
    (text) => text.replace('From: alice@', 'From: carol@'),
    (text) => text.replace(/Date: \w/, 'Date: X'),
    (text) => text.replace(/ {76}\r\n {76}\r\n/, `${' '.repeat(76)}\r\n${' '.repeat(75)}x\r\n`),
    (text) => text.replace(/ $/, 'x'),
    (text) => `${text} `,
    (text) => text.slice(0, -1),
    (text) => text.replace(/(latchkey-[0-9a-f]{32})--/, '$1 -'),
    (text) => text.replaceAll(/latchkey-[0-9a-f]{32}/g, `latchkey-${'0'.repeat(32)}`),
    () => '',
    () => 'Date: x\r\n\r\n',
  ];
  for (const [index, change] of changes.entries()) {
    const plaintext = (bytes: Uint8Array): Uint8Array => {
      const changed = Buffer.from(change(Buffer.from(bytes).toString()));
      assert.ok(!changed.equals(bytes), `change ${index} changes nothing`);
      return Uint8Array.from(changed);
    };
    await assert.rejects(
      forge({ plaintext }).then((arrival) => read(arrival, bob)),
      altered,
      `change ${index}`,
    );
  }
});

test('more named recipients than the first chunk holds are refused before anything is sent', async () => {
  const { identity } = bob.newest;
  const named = (count: number): MessageRequest['to'] =>
    Array.from({ length: count }, (_, index) => ({
      ...identity,
      party: { ...identity.party, address: canonicalAddress(`recipient-${index}@example.org`) },
    }));
  assert.equal((await honest({ to: named(256) })).statement.to.length, 256);
  const many = await honest({ to: named(600) });
  const opened = await openFirstChunk(host, await arrivalFor(many, bob), { own: bob, lookUp, arrivalHour: HOUR });
  assert.equal(opened?.statement.to.length, 600);
  await assert.rejects(honest({ to: named(1000) }), { name: 'SdkError', code: 'recipients_too_many' });
  const blind = await honest({ to: [], bcc: [...named(999), bob.newest.identity] });
  assert.equal((await verdictOf(await arrivalFor(blind, bob), bob)).addressed, 'bcc');
});
