/** vectors/message, read by our code and by a reader in Python that knows the specification alone. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { paddedBodyBytes } from '@latchkey/crypto';
import { canonicalAddress } from '@latchkey/protocol';
import { outsideProgram } from '@latchkey/testkit';
import { opensBlind, type BlindOpening } from '../src/message/blind-tree.ts';
import { decodeDeliveryBody, encodeDeliveryBody } from '../src/message/delivery-body.ts';
import { decodeEnvelope, decodeFirstChunk, formatEnvelope } from '../src/message/envelope.ts';
import { attachmentHash, decodeKeyList, encodeKeyList } from '../src/message/key-list.ts';
import { formatSummary, parseSummary, summaryOf } from '../src/message/summary.ts';
import { host } from './message-people.ts';

const altered = { name: 'SdkError', code: 'item_altered' };
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const utf8 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

interface Opening {
  readonly salt: string;
  readonly index: number;
  readonly path: readonly string[];
}
interface Edit {
  readonly name: string;
  readonly base: string;
  readonly find: string;
  readonly replace: string;
  readonly refill?: true;
}
interface EnvelopeCase {
  readonly name: string;
  readonly note: string;
  readonly checkpoint: string | null;
  readonly mime: string;
  readonly plaintext: string;
}
interface SummaryCase {
  readonly name: string;
  readonly from: string;
  readonly date: string;
  readonly attachments: number;
  readonly subject: string;
  readonly text: string;
  readonly summary: string;
}
interface DeliveryCase {
  readonly name: string;
  readonly body: string;
  readonly summary: string;
  readonly opening: Opening | null;
  readonly counter: number;
  readonly previous: string | null;
}
interface BlindCase {
  readonly name: string;
  readonly root: string;
  readonly address: string;
  readonly identity: string;
  readonly opening: Opening;
  readonly opens: boolean;
}
interface KeyListCase {
  readonly name: string;
  readonly text: string;
  readonly zeros: number;
  readonly tail?: string;
}

function load(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../vectors/message/${file}`, import.meta.url), 'utf8'));
}

const envelopes = load('envelope.json') as { accept: EnvelopeCase[]; reject: Edit[] };
const summaries = load('summary.json') as { make: SummaryCase[]; reject: { name: string; text: string }[] };
const deliveries = load('delivery-body.json') as { accept: DeliveryCase[]; reject: { name: string; body: string }[] };
const blinds = (load('blind-tree.json') as { cases: BlindCase[] }).cases;
const keyLists = load('key-list.json') as { accept: (KeyListCase & { hashes: string[] })[]; reject: KeyListCase[] };

function edited({ base, find, replace, refill }: Edit): string {
  const text = envelopes.accept.find(({ name }) => name === base)?.plaintext;
  assert.ok(text?.includes(find) === true);
  const changed = text.replace(find, () => replace);
  if (refill !== true) return changed;
  const bare = changed.slice(0, changed.lastIndexOf('--\r\n') + 4);
  const bareBytes = Buffer.byteLength(bare);
  const filler = `${' '.repeat(76)}\r\n`.repeat(200);
  return bare + filler.slice(0, paddedBodyBytes(bareBytes) - bareBytes);
}
const plaintextOf = ({ text, zeros, tail = '' }: KeyListCase): string => `${text}${'\0'.repeat(zeros)}${tail}`;
const openingOf = ({ salt, index, path }: Opening): BlindOpening => ({ salt: hex(salt), index, path: path.map(hex) });

for (const { name, note, checkpoint, mime, plaintext } of envelopes.accept) {
  test(`envelope accepted: ${name}`, () => {
    const { head, ...envelope } = decodeEnvelope(utf8(plaintext));
    assert.deepEqual(envelope, { note, checkpoint, mime: utf8(mime) });
    assert.deepEqual(formatEnvelope(envelope), utf8(plaintext));
    // The head alone, and cut right after it.
    assert.deepEqual(decodeFirstChunk(utf8(plaintext).subarray(0, head.mimeOffset)), head);
    assert.throws(() => decodeFirstChunk(utf8(plaintext).subarray(0, head.mimeOffset - 1)), altered);
    assert.equal(utf8(plaintext).indexOf(utf8(mime)[0] ?? 0x0d, head.mimeOffset), head.mimeOffset);
  });
}
test('writing the filler anew changes nothing by itself', () => {
  for (const { name, plaintext } of envelopes.accept) {
    assert.equal(edited({ name, base: name, find: 'Date', replace: 'Date', refill: true }), plaintext);
  }
});
for (const edit of envelopes.reject) {
  test(`envelope refused: ${edit.name}`, () => assert.throws(() => decodeEnvelope(utf8(edited(edit))), altered));
}

for (const { name, from, date, attachments, subject, text, summary } of summaries.make) {
  test(`summary made: ${name}`, () => {
    const party = { address: canonicalAddress(from), version: 0, identity: new Uint8Array(32) };
    const hashes = Array.from({ length: attachments }, () => new Uint8Array(32));
    const facts = { from: party, dateSeconds: Date.parse(date) / 1000, attachments: hashes };
    const made = summaryOf(facts, { subject, text });
    assert.equal(formatSummary(made), summary);
    assert.deepEqual(parseSummary(summary), made);
  });
}
for (const { name, text } of summaries.reject) {
  test(`summary refused: ${name}`, () => assert.throws(() => parseSummary(text), altered));
}

for (const { name, body, summary, opening, counter, previous } of deliveries.accept) {
  test(`delivery body accepted: ${name}`, () => {
    const values = {
      summary: parseSummary(summary),
      opening: opening === null ? null : openingOf(opening),
      counter,
      previous: previous === null ? null : hex(previous),
    };
    assert.deepEqual(decodeDeliveryBody(hex(body)), values);
    assert.deepEqual(encodeDeliveryBody(values), hex(body));
    // Where the bytes stand in a larger array must not matter.
    assert.deepEqual(decodeDeliveryBody(hex(`ffff${body}`).subarray(2)), values);
  });
}
for (const { name, body } of deliveries.reject) {
  test(`delivery body refused: ${name}`, () => assert.throws(() => decodeDeliveryBody(hex(body)), altered));
}

for (const { name, root, address, identity, opening, opens } of blinds) {
  test(`blind opening ${opens ? 'opens' : 'does not open'}: ${name}`, async () => {
    const party = { address: canonicalAddress(address), version: 7, identity: hex(identity) };
    assert.equal(await opensBlind(host.engine, hex(root), { opening: openingOf(opening), party }), opens);
  });
}

for (const accepted of keyLists.accept) {
  test(`key list accepted: ${accepted.name}`, async () => {
    const plaintext = utf8(plaintextOf(accepted));
    const entries = decodeKeyList(plaintext);
    assert.deepEqual(encodeKeyList(entries), plaintext);
    const hashes = await Promise.all(entries.map(async (entry) => attachmentHash(host.engine, entry)));
    assert.deepEqual(
      hashes.map((hash) => Buffer.from(hash).toString('hex')),
      accepted.hashes,
    );
  });
}
for (const refused of keyLists.reject) {
  test(`key list refused: ${refused.name}`, () =>
    assert.throws(() => decodeKeyList(utf8(plaintextOf(refused))), altered));
}

test('a reader in Python, written from the specification, says the same of every vector', (t) => {
  const python = outsideProgram('python3');
  if (python === null) return t.skip('python3 is not installed');
  const input = {
    envelope: [...envelopes.accept.map(({ plaintext }) => plaintext), ...envelopes.reject.map(edited)],
    summary: [...summaries.make.map(({ summary }) => summary), ...summaries.reject.map(({ text }) => text)],
    summaryOf: summaries.make,
    delivery: [...deliveries.accept, ...deliveries.reject].map(({ body }) => body),
    blind: blinds,
    keys: [...keyLists.accept, ...keyLists.reject].map(plaintextOf),
  };
  const { status, stdout, stderr } = spawnSync(python, [join(import.meta.dirname, 'readers/read_message.py')], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.equal(status, 0, stderr);
  const read = JSON.parse(stdout) as Record<keyof typeof input, unknown[]>;
  const none = (cases: readonly unknown[]): null[] => cases.map(() => null);
  assert.deepEqual(read.envelope, [
    ...envelopes.accept.map(({ note, checkpoint, mime }) => ({ note, checkpoint, mime })),
    ...none(envelopes.reject),
  ]);
  assert.deepEqual(
    read.summary.map((one) => one !== null),
    [...summaries.make.map(() => true), ...summaries.reject.map(() => false)],
  );
  assert.deepEqual(
    read.summaryOf,
    summaries.make.map(({ summary }) => summary),
  );
  assert.deepEqual(read.delivery, [
    ...deliveries.accept.map(({ summary, opening, counter, previous }) => ({ summary, opening, counter, previous })),
    ...none(deliveries.reject),
  ]);
  assert.deepEqual(
    read.blind,
    blinds.map(({ opens }) => opens),
  );
  assert.deepEqual(read.keys, [...keyLists.accept.map(({ hashes }) => hashes), ...none(keyLists.reject)]);
});
