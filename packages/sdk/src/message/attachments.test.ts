import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import { type PayloadReader } from '@latchkey/crypto';
import type { FileStatement } from '@latchkey/protocol';
import { bytesOf, host, person, readerOf } from '../../test/message-people.ts';
import { identitySigner } from '../signing/identity.ts';
import { parseSigned, signStatement } from '../signing/signed-statement.ts';
import type { OwnKeys } from '../signing/types.ts';
import {
  attachmentPayload,
  measureAttachment,
  openAttachment,
  openAttachmentRange,
  openKeyList,
  openMessage,
  sealArrivals,
  sealMessage,
  sealOwnCopy,
  type AttachmentEntry,
  type SealedMessage,
} from './index.ts';
import { decodeKeyList, encodeKeyList, entryOf } from './key-list.ts';
import { payloadPieces, sealedItem } from './payload.ts';

const PART_PLAINTEXT_BYTES = 128 * 65_536;
const altered = { name: 'SdkError', code: 'item_altered' };
const changed = { name: 'SdkError', code: 'attachment_changed' };

let alice: OwnKeys;
let bob: OwnKeys;
/** A little more than one part, so that padding reaches into the second. */
const large = Uint8Array.from(randomBytes(PART_PLAINTEXT_BYTES + 70_000));
let entry: AttachmentEntry;
let payload: Uint8Array;

before(async () => {
  alice = await person('alice@example.org');
  bob = await person('bob@example.org');
  entry = await measure(large, 'Bericht für März.pdf');
  payload = await bytesOf(attachmentPayload(host, entry, readOf(large)));
});

const readOf = (bytes: Uint8Array) =>
  async function* () {
    for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
  };
const measure = (bytes: Uint8Array, name: string, stated?: AttachmentEntry): Promise<AttachmentEntry> =>
  measureAttachment(host, {
    sender: alice.newest,
    name,
    type: 'application/pdf',
    sizeBytes: bytes.length,
    read: readOf(bytes),
    ...(stated === undefined ? {} : { stated }),
  });
const send = (attachments: readonly AttachmentEntry[]): Promise<SealedMessage> =>
  sealMessage(host, {
    sender: alice.newest,
    to: [bob.newest.identity],
    cc: [],
    bcc: [],
    subject: 'Files',
    text: 'Here they are.',
    dateSeconds: 1_795_428_000,
    inReplyTo: null,
    attachments,
  });

async function listFor(sealed: SealedMessage, who: OwnKeys): Promise<readonly AttachmentEntry[] | null> {
  assert.ok(sealed.keyList !== null);
  const [arrival] = await collect(
    sealArrivals(host, sealed, [{ identity: bob.newest.identity, counter: 1, previous: null }]),
  );
  assert.ok(arrival?.keyList);
  return openKeyList(
    host,
    { header: arrival.keyList, payload: readerOf(await bytesOf(sealed.keyList.payload())) },
    { own: who, statement: sealed.statement, sender: alice.newest.identity },
  );
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) taken.push(item);
  return taken;
}

test('a manifest says size, name, type and the hash of every part of the payload', () => {
  assert.equal(entry.name, 'Bericht für März.pdf');
  assert.equal(entry.type, 'application/pdf');
  assert.equal(entry.sizeBytes, large.length);
  assert.equal(entry.payloadBytes, payload.length);
  const parts = [...entry.manifest.matchAll(/^part \d+ (\S+)$/gm)].map(([, hash]) => hash);
  const cut = [payload.subarray(16, 16 + 8_390_656), payload.subarray(16 + 8_390_656)];
  assert.deepEqual(
    parts,
    cut.map((part) => createHash('sha256').update(part).digest('base64')),
  );
});

test('attachments go through the key list and come out again', async () => {
  const small = new Uint8Array(randomBytes(10));
  const empty = new Uint8Array(0);
  const entries = [entry, await measure(small, 'a'), await measure(empty, 'b')];
  const listed = await listFor(await send(entries), bob);
  assert.deepEqual(listed, entries);
  assert.deepEqual(await bytesOf(openAttachment(host, entry, readerOf(payload))), large);
  for (const [index, bytes] of [small, empty].entries()) {
    const one = entries[index + 1]!;
    const sealed = await bytesOf(attachmentPayload(host, one, readOf(bytes)));
    assert.equal(sealed.length, 16 + 4096 + 16);
    assert.deepEqual(await bytesOf(openAttachment(host, one, readerOf(sealed))), bytes);
  }
});

test('the key list of somebody else is not for me', async () => {
  assert.equal(await listFor(await send([entry]), await person('carol@example.org')), null);
});

test('the second pass gives the same bytes, and stops where the file changed', async () => {
  assert.deepEqual(await bytesOf(attachmentPayload(host, entry, readOf(large))), payload);
  const other = large.slice();
  other[PART_PLAINTEXT_BYTES + 1]! ^= 1;
  const given: Uint8Array[] = [];
  await assert.rejects(async () => {
    for await (const piece of attachmentPayload(host, entry, readOf(other))) given.push(piece);
  }, changed);
  // The first part is as it was; nothing of the second came out.
  assert.equal(
    given.reduce((size, piece) => size + piece.length, 0),
    16 + 8_390_656,
  );
  for (const lengthBytes of [large.length - 1, large.length + 1]) {
    const resized = new Uint8Array(lengthBytes);
    resized.set(large.subarray(0, lengthBytes));
    await assert.rejects(bytesOf(attachmentPayload(host, entry, readOf(resized))), changed);
  }
});

test('ranges come out as they went in, across parts and up to the end', async () => {
  const edge = PART_PLAINTEXT_BYTES;
  const ranges = [
    [0, 0],
    [0, 1],
    [edge - 1, edge + 1],
    [65_535, 65_537],
    [large.length - 1, large.length],
    [3, large.length],
    [16 * 65_536 * 2 - 5, 16 * 65_536 * 2 + 5],
  ] as const;
  for (const [start, end] of ranges) {
    const opened = await bytesOf(openAttachmentRange(host, { entry, payload: readerOf(payload), start, end }));
    assert.ok(Buffer.from(opened).equals(large.subarray(start, end)), `${start} to ${end}`);
  }
  for (const [start, end] of [
    [0, large.length + 1],
    [-1, 1],
    [2, 1],
    [0.5, 1],
  ] as const) {
    await assert.rejects(bytesOf(openAttachmentRange(host, { entry, payload: readerOf(payload), start, end })), {
      code: 'range_outside_payload',
    });
  }
});

test('a range is not shown where its part, the end or the size is another', async () => {
  const readRange = (reader: PayloadReader, start: number, end: number): Promise<Uint8Array> =>
    bytesOf(openAttachmentRange(host, { entry, payload: reader, start, end }));
  const flipped = payload.slice();
  flipped[16 + 100 * 65_552]! ^= 1;
  // Chunk 100 was changed: chunk 0 would open, and is not shown, for its part is not the one.
  await assert.rejects(readRange(readerOf(flipped), 0, 1), altered);
  assert.equal((await readRange(readerOf(flipped), PART_PLAINTEXT_BYTES, PART_PLAINTEXT_BYTES + 1)).length, 1);
  await assert.rejects(readRange(readerOf(payload.subarray(0, -1)), 0, 1), altered);
  await assert.rejects(readRange(readerOf(payload.subarray(0, 16 + 8_390_656)), 0, 1), altered);
  const badEnd = payload.slice();
  badEnd[payload.length - 1]! ^= 1;
  await assert.rejects(readRange(readerOf(badEnd), 0, 1), altered);
  const short = { sizeBytes: payload.length, readAt: async () => new Uint8Array(3) };
  await assert.rejects(readRange(short, 0, 1), altered);
});

test('another text under the same key and nonce is not taken for the file', async () => {
  const other = large.slice();
  other[5]! ^= 1;
  const padded = new Uint8Array(entry.payloadBytes - 16 - 16 * Math.ceil((entry.payloadBytes - 16) / 65_552));
  padded.set(other);
  const forged = await bytesOf(
    payloadPieces(
      host,
      entry.key,
      (async function* () {
        yield padded;
      })(),
    ),
  );
  assert.equal(forged.length, payload.length);
  await assert.rejects(bytesOf(openAttachment(host, entry, readerOf(forged))), altered);
});

test('padding that is not empty is refused, although a manifest covers it', async () => {
  const bytes = new Uint8Array(4096).fill(7);
  const honest = await measure(bytes, 'x');
  const smaller = { ...honest, sizeBytes: 4000 };
  const sealed = await bytesOf(attachmentPayload(host, honest, readOf(bytes)));
  await assert.rejects(bytesOf(openAttachment(host, smaller, readerOf(sealed))), altered);
});

test('a key list that is not the one of the statement is refused', async () => {
  const second = await measure(new Uint8Array(3), 'second');
  const sealed = await send([entry, second]);
  const forge = (entries: readonly AttachmentEntry[]): Promise<unknown> => {
    const keyList = { ...sealed.written.keyList!, attachments: entries };
    const item = sealedItem(host, keyList.key, encodeKeyList(entries));
    return listFor({ ...sealed, written: { ...sealed.written, keyList }, keyList: item }, bob);
  };
  assert.deepEqual(await forge([entry, second]), [entry, second]);
  await assert.rejects(forge([entry]), altered);
  await assert.rejects(forge([second, entry]), altered);
  await assert.rejects(forge([entry, entry]), altered);
  await assert.rejects(forge([entry, { ...second, salt: new Uint8Array(32) }]), altered);
  // Another key for the same payload: the manifest commits to its item.
  await assert.rejects(forge([entry, { ...second, key: { ...second.key, fileKey: new Uint8Array(16) } }]), altered);
});

test('a manifest by somebody else is no attachment of this message', async () => {
  const mallory = await person('mallory@example.org');
  const by = { sender: mallory.newest, name: 'x', type: 'text/plain', sizeBytes: 3, read: readOf(new Uint8Array(3)) };
  await assert.rejects(listFor(await send([await measureAttachment(host, by)]), bob), altered);
  // Alice's statement names it, but these are not Alice's signatures.
  const second = await measure(new Uint8Array(3), 'second');
  const unsigned = { ...second, manifest: second.manifest.replace(/^(— \S+ ....)./m, '$1X') };
  assert.notEqual(unsigned.manifest, second.manifest);
  await assert.rejects(listFor(await send([unsigned]), bob), altered);
});

test('a manifest of a file in a space, of a later version or without all parts is no attachment', async () => {
  const signer = identitySigner(alice.newest.identity.statement, alice.newest.signer);
  const second = await measure(new Uint8Array(3), 'second');
  const { statement } = parseSigned('latchkey/file/v1', second.manifest);
  const as = async (changes: Partial<FileStatement>): Promise<unknown> => {
    const manifest = await signStatement({ ...statement, ...changes }, [signer]);
    const listed = entryOf({ fileKey: second.key.fileKey, salt: second.salt, manifest, stated: null });
    return listFor(await send([listed]), bob);
  };
  assert.ok((await as({})) !== null);
  const id = new Uint8Array(16).fill(1);
  const [part = new Uint8Array(32)] = statement.parts;
  const refused: readonly Partial<FileStatement>[] = [
    { space: id },
    { record: id },
    { version: 1, previous: new Uint8Array(32) },
    { parts: [part, part] },
    { item: new Uint8Array(32) },
    { payloadNonce: id },
  ];
  for (const changes of refused) await assert.rejects(as(changes), altered, Object.keys(changes).join());
});

test('names that no statement can carry are made fit', async () => {
  const name = async (given: string): Promise<string> => (await measure(new Uint8Array(1), given)).name;
  assert.equal(await name('/etc/../Päper\u202e.txt'), 'Päper.txt');
  assert.equal(await name('a\nb\0c'), 'abc');
  assert.equal(await name(''), 'attachment');
  assert.equal(await name('folder/'), 'attachment');
  assert.equal(await name('e\u0301'), 'é');
  assert.equal(Buffer.byteLength(await name('ö'.repeat(2000))), 1024);
  const odd = await measureAttachment(host, {
    sender: alice.newest,
    name: 'a',
    type: 'Text/Plain; charset=x',
    sizeBytes: 0,
    read: readOf(new Uint8Array(0)),
  });
  assert.equal(odd.type, 'application/octet-stream');
});

test('an own copy has keys of its own, and says what was sent', async () => {
  const bytes = new Uint8Array(randomBytes(100));
  const sent = await measure(bytes, 'notes.txt');
  const sealed = await send([sent]);
  const copied = await measure(bytes, 'notes.txt', sent);
  assert.notDeepEqual(copied.key.fileKey, sent.key.fileKey);
  const copy = await sealOwnCopy(host, sealed, { own: alice.newest, attachments: [copied] });
  assert.ok(copy.keyList !== null);
  const file = await bytesOf(copy.keyList.file());
  assert.equal(file.length, copy.keyList.fileBytes);
  const reader = { own: alice, statement: sealed.statement, sender: alice.newest.identity };
  const payloadOf = (item: { header: Uint8Array }, whole: Uint8Array): PayloadReader =>
    readerOf(whole.subarray(item.header.length));
  const listed = await openKeyList(
    host,
    { header: copy.keyList.header, payload: payloadOf(copy.keyList, file) },
    reader,
  );
  assert.deepEqual(listed, [copied]);
  const message = await bytesOf(copy.message.file());
  const opened = await openMessage(
    host,
    {
      header: copy.message.header,
      payload: payloadOf(copy.message, message),
      ownCopyItem: copy.message.key.item,
    },
    { own: alice, lookUp: () => assert.fail('asked for oneself'), arrivalHour: null },
  );
  assert.equal(opened?.verdict.addressed, 'own_copy');
  assert.equal(opened.verdict.signature, 'valid');
  assert.equal(opened.verdict.inconsistent, false);
  // A copy of another file under the right statement.
  const other = await measure(new Uint8Array(5), 'notes.txt', sent);
  const wrong = await sealOwnCopy(host, sealed, { own: alice.newest, attachments: [other] });
  const wrongFile = await bytesOf(wrong.keyList!.file());
  const source = { header: wrong.keyList!.header, payload: payloadOf(wrong.keyList!, wrongFile) };
  await assert.rejects(openKeyList(host, source, reader), altered);
});

test('a key list has one form', async () => {
  const plaintext = encodeKeyList([entry]);
  assert.deepEqual(decodeKeyList(plaintext), [entry]);
  const json = Buffer.from(plaintext).toString().replaceAll('\0', '');
  const padded = (text: string): Uint8Array => {
    const bytes = new Uint8Array(plaintext.length);
    bytes.set(Buffer.from(text));
    return bytes;
  };
  assert.deepEqual(decodeKeyList(padded(json)), [entry]);
  const others = [
    json.replace('{"kind"', '{ "kind"'),
    json.replace('"v":1', '"v":2'),
    json.replace('"v":1', '"v":1,"w":1'),
    json.replace('key-list', 'key-lists'),
    json.replace(/"salt":"./, '"salt":"+'),
    json.replace(/"salt":"./, '"salt":"ä'),
    json.replace(/"key":"./, '"key":"='),
    json.replace(/"key":"[^"]*/, '"key":"'),
    // One byte less, and one more, of a key and of a salt.
    json.replace(/"key":"[^"]*/, `"key":"${'A'.repeat(20)}`),
    json.replace(/"key":"[^"]*/, `"key":"${'A'.repeat(23)}`),
    json.replace(/"salt":"[^"]*/, `"salt":"${'A'.repeat(42)}`),
    json.replace(/"salt":"[^"]*/, `"salt":"${'A'.repeat(44)}`),
    json.replace(/"attachments":\[.*\]/, '"attachments":[]'),
    json.slice(0, -1),
    `${json} `,
    '',
  ];
  for (const text of others) assert.throws(() => decodeKeyList(padded(text)), altered, text.slice(0, 60));
  assert.throws(() => decodeKeyList(plaintext.subarray(0, -1)), altered);
  assert.throws(() => decodeKeyList(new Uint8Array([...plaintext, 0])), altered);
});
