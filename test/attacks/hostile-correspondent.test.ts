/** Correspondents with own software: what they write arrives through the honest server, and says what it is. */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { randomHeader } from '../../apps/server/src/testing/index.ts';
import { sealDelivery } from '../../packages/crypto/src/index.ts';
import { hybridSigner } from '../../packages/crypto/src/sign.ts';
import { canonicalAddress, statementHash, type Party } from '../../packages/protocol/src/index.ts';
import { decodeShortHeader, ROUTES } from '../../packages/protocol/src/wire/index.ts';
import { keyEvidence, type Client } from '../../packages/sdk/src/client/index.ts';
import { list, read, receive, saveAttachments, send, type MessageRow } from '../../packages/sdk/src/mail/index.ts';
import { encodeDeliveryBody, type DeliveryBody } from '../../packages/sdk/src/message/delivery-body.ts';
import {
  openFirstChunk,
  sealArrivals,
  type AttachmentEntry,
  type SealedMessage,
} from '../../packages/sdk/src/message/index.ts';
import { encodeKeyList } from '../../packages/sdk/src/message/key-list.ts';
import { newItemKey } from '../../packages/sdk/src/message/item-key.ts';
import { signManifest } from '../../packages/sdk/src/message/manifest.ts';
import { sealedItem } from '../../packages/sdk/src/message/payload.ts';
import { summaryOf } from '../../packages/sdk/src/message/summary.ts';
import { signIdentity } from '../../packages/sdk/src/signing/identity.ts';
import type { VerifiedIdentity } from '../../packages/sdk/src/signing/types.ts';
import { draft, memorySink } from '../../packages/sdk/test/mail-people.ts';
import { bytesOf, person, readerOf } from '../../packages/sdk/test/message-people.ts';
import { attack } from './attack.ts';
import {
  deliver,
  deliverShort,
  headerFor,
  honest,
  identityOf,
  nowSeconds,
  plaintextOf,
  post,
  postForged,
} from './forged-mail.ts';
import { startLyingProxy, type LyingProxy } from './lying-proxy.ts';
import { engine, newPerson, type Person } from './people.ts';
import { codeOf, warnings } from './told.ts';
import { twoKeyed } from './two-keys.ts';

const DAY_SECONDS = 86_400;

let proxy: LyingProxy;
let alice: Person;
let bob: Person;
let mallory: Client;
let toBob: VerifiedIdentity;
let toMallory: VerifiedIdentity;

before(async () => {
  proxy = await startLyingProxy();
  const people = await Promise.all(['alice', 'bob', 'mallory'].map((name) => newPerson(proxy, name)));
  [alice, bob] = people as [Person, Person];
  mallory = people[2]!.client;
  toBob = await identityOf(mallory, bob.address);
  toMallory = await identityOf(alice.client, 'mallory@localhost');
});
after(() => proxy.stop());

/** What has come for Bob: `count` messages, each among the requests: he knows none of them. */
async function arrived(count = 1): Promise<readonly MessageRow[]> {
  const rows = (await receive(bob.client)).arrived;
  assert.equal(rows.length, count);
  const inbox = (await list(bob.client, { folder: 'requests' })).map(({ id }) => id);
  for (const { id } of rows) assert.ok(inbox.includes(id));
  return rows;
}

/** A message as one of its readers passes it on. */
async function passOn(sealed: SealedMessage, changes: Partial<DeliveryBody> = {}): Promise<void> {
  const body = { summary: sealed.summary, opening: null, counter: 1, previous: null, ...changes };
  await post(mallory, { key: sealed.written.key, plaintext: plaintextOf(sealed), body, whom: toBob });
}

attack('seals mail that was for one to a third person', async () => {
  await passOn(await honest(alice.client, { to: [toMallory] }));
  const [row] = await arrived();
  assert.equal(row?.summary.from, 'alice@localhost');
  return warnings(row);
});

attack('forges a place under Bcc', async () => {
  const sealed = await honest(alice.client, { to: [await identityOf(alice.client, alice.address)], bcc: [toMallory] });
  let opening: DeliveryBody['opening'] = null;
  for await (const own of sealArrivals(mallory.host, sealed, [{ identity: toMallory, counter: 1, previous: null }])) {
    const payload = readerOf(await bytesOf(sealed.message.payload()));
    const reader = { own: mallory.keys, lookUp: async () => ({ outcome: 'unknown' as const }), arrivalHour: null };
    opening = (await openFirstChunk(mallory.host, { header: own.message, payload, delivery: own.delivery }, reader))!
      .opening;
  }
  assert.ok(opening !== null);
  // Her own place; and one of another tree, in a message of her own that names somebody else.
  await passOn(sealed, { opening });
  await postForged(mallory, { to: toBob, statement: { to: [toMallory.party] }, delivery: { opening } });
  return (await arrived(2)).flatMap((row) => warnings(row).filter((each) => each !== 'inconsistent'));
});

attack('carries another head of the key log than that of the hour', async () => {
  const spoilt = 'localhost/latchkey/index/AAAAAAAAAAAAAAAAAAAAAA\n9\nAAAA\n';
  const newest = await (await fetch(`${proxy.origin}/kt/index/checkpoint`)).text();
  for (const checkpoint of [spoilt, newest]) {
    const sealed = await honest(mallory, { to: [toBob], checkpoint });
    const body = { summary: sealed.summary, opening: null, counter: 1, previous: null };
    await post(mallory, { key: sealed.written.key, plaintext: plaintextOf(sealed), body, whom: toBob });
  }
  const rows = await arrived(2);
  assert.deepEqual(await keyEvidence(bob.client), [], 'it proves nothing against anybody');
  return rows.flatMap(warnings);
});

attack('uses one id for two messages', async () => {
  const id = engine.randomBytes(16);
  await postForged(mallory, { to: toBob, statement: { id } });
  await postForged(mallory, { to: toBob, statement: { id, inReplyTo: new Uint8Array(32) } });
  const rows = await arrived(2);
  assert.notEqual(rows[0]?.id, rows[1]?.id);
  return rows.flatMap(warnings);
});

attack('brings a message again, with a number of its own', async () => {
  const identity = await identityOf(alice.client, bob.address);
  const sealed = await honest(alice.client, { to: [identity, toMallory] });
  for await (const own of sealArrivals(alice.client.host, sealed, [{ identity, counter: 1, previous: null }])) {
    const payload = await bytesOf(sealed.message.payload());
    await deliver(alice.client, {
      address: bob.address,
      part: own.delivery,
      items: [{ header: own.message, payload }],
    });
  }
  const [first] = await arrived();
  const before_ = await list(bob.client, { folder: 'all' });
  await passOn(sealed, { counter: 1_000_000, previous: new Uint8Array(32).fill(7) });
  assert.deepEqual(await arrived(0), []);
  assert.deepEqual(await list(bob.client, { folder: 'all' }), before_);
  // The same of one that Bob was never to have.
  await passOn(await honest(alice.client, { to: [toMallory] }), {
    counter: 1_000_000,
    previous: new Uint8Array(32).fill(7),
  });
  const [row] = await arrived();
  return [...warnings(first!), ...warnings(row!)];
});

attack('tells the list another subject than the message has', async () => {
  const facts = { from: mallory.keys.newest.identity.party, dateSeconds: nowSeconds(), attachments: [] };
  const summary = summaryOf(facts, { subject: 'From your bank', text: 'Call us' });
  const { dateSeconds } = facts;
  // Told beside what is signed: no list shows it.
  await postForged(mallory, {
    to: toBob,
    dateSeconds,
    statement: { summary: await engine.sha256(Buffer.from('another')) },
    delivery: { summary },
  });
  const [beside] = await arrived();
  assert.equal(beside?.summary.subject, '');
  // Signed: whoever opens it sees what it is.
  await postForged(mallory, { to: toBob, dateSeconds, delivery: { summary } });
  const [signed] = await arrived();
  assert.equal(signed?.summary.subject, 'From your bank');
  const opened = await read(bob.client, signed.id);
  assert.equal(opened.subject, 'Lunch');
  return [...warnings(beside), ...warnings(opened.row)];
});

attack('writes headers into the MIME that the statement does not bear out', async () => {
  const told: string[] = [];
  for (const mime of [
    (text: string) => text.replace('From: mallory@', 'From: alice@'),
    (text: string) => `Bcc: bob@localhost\r\n${text}`,
    (text: string) => text.replace(/Date: .*\r\n/, 'Date: Mon, 23 Nov 2026 10:00:01 +0000\r\n'),
  ]) {
    await postForged(mallory, { to: toBob, mime });
    const [row] = await arrived();
    told.push(...warnings((await read(bob.client, row!.id)).row));
  }
  return told;
});

attack('signs in somebody else’s name', async () => {
  const from = (await identityOf(mallory, alice.address)).party;
  await postForged(mallory, { to: toBob, statement: { from } });
  return (await arrived()).flatMap(warnings);
});

attack('signs the key of another payload than it sends', async () => {
  await postForged(mallory, { to: toBob, otherItem: true });
  return (await arrived()).flatMap(warnings);
});

interface Attached {
  /** As the key list for Bob has it. */
  readonly entry: AttachmentEntry;
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Honest ones have none. */
  readonly header?: Uint8Array;
}

/** A message with one attachment, of which everything is signed as it is given here. */
async function postAttachment({ entry, payload, header: ofAttachment }: Attached): Promise<MessageRow> {
  const sealed = await honest(mallory, { to: [toBob], attachments: [entry] });
  const { key } = sealed.written;
  const [header, keyListKey] = [await headerFor(mallory, key, toBob), await newItemKey(engine)];
  const place = { engine, fileKey: key.fileKey, header, payloadNonce: key.nonce };
  const body = { summary: sealed.summary, opening: null, counter: 1, previous: null };
  const keyList = sealedItem(mallory.host, keyListKey, encodeKeyList([entry]));
  await deliver(mallory, {
    address: bob.address,
    part: await sealDelivery(place, encodeDeliveryBody(body)),
    items: [
      { header, payload: await bytesOf(sealed.message.payload()) },
      { header: await headerFor(mallory, keyListKey, toBob), payload: await bytesOf(keyList.payload()) },
      { header: ofAttachment ?? null, payload },
    ],
  });
  const [row] = await arrived();
  assert.ok(row !== undefined);
  return row;
}

async function saved({ id }: MessageRow): Promise<Uint8Array> {
  const sink = memorySink();
  try {
    await saveAttachments(bob.client, id, { sinkFor: async () => sink });
  } finally {
    assert.equal(sink.bytes.length > 0, sink.state === 'committed');
  }
  return sink.bytes;
}

attack('sends a payload that opens under two keys to two texts', async () => {
  const { payload, sizeBytes, first, second } = await twoKeyed('You get 100.', 'You get nothing.');
  const parts = [await engine.sha256(payload.subarray(16))];
  const facts = { name: 'offer.txt', type: 'text/plain', sizeBytes, parts };
  const claim = await signManifest(engine, mallory.keys.newest, { ...facts, key: first });
  const entry = { key: first, name: facts.name, type: facts.type, sizeBytes, payloadBytes: payload.length, ...claim };
  const one = await postAttachment({ entry, payload });
  assert.ok(
    Buffer.from(await saved(one))
      .toString()
      .startsWith('You get 100.'),
  );
  assert.deepEqual(warnings(one), []);
  // The same signed manifest, and to Bob another key: the payload opens with it.
  const other = await postAttachment({ entry: { ...entry, key: second }, payload });
  return [...warnings(other), await codeOf(saved(other))];
});

attack('attaches other bytes than it signs', async () => {
  const key = await newItemKey(engine);
  const payload = await bytesOf(sealedItem(mallory.host, key, new Uint8Array(4_096).fill(65)).payload());
  const facts = { name: 'a.txt', type: 'text/plain', sizeBytes: 4_096, key };
  const claim = await signManifest(engine, mallory.keys.newest, { ...facts, parts: [new Uint8Array(32)] });
  const row = await postAttachment({ entry: { ...facts, payloadBytes: payload.length, ...claim }, payload });
  return [await codeOf(saved(row))];
});

attack('puts a header of its own on an attachment', async () => {
  const key = await newItemKey(engine);
  const bytes = new Uint8Array(4_096).fill(65);
  const payload = await bytesOf(sealedItem(mallory.host, key, bytes).payload());
  const facts = { name: 'a.txt', type: 'text/plain', sizeBytes: 4_096, key };
  const parts = [await engine.sha256(payload.subarray(16))];
  const claim = await signManifest(engine, mallory.keys.newest, { ...facts, parts });
  const header = await headerFor(mallory, await newItemKey(engine), toBob);
  const row = await postAttachment({ entry: { ...facts, payloadBytes: payload.length, ...claim }, payload, header });
  assert.deepEqual(await saved(row), bytes);
  return warnings(row);
});

attack('names Bob with keys that he never had', async () => {
  const ghost = (await person(bob.address)).newest.identity.party;
  await postForged(mallory, { to: toBob, statement: { to: [ghost] } });
  return (await arrived()).flatMap(warnings);
});

attack('signs with a retired key', async () => {
  const { client } = await newPerson(proxy, 'erin');
  const old = client.keys.newest;
  const signer = await hybridSigner(engine, { ed25519: engine.randomBytes(32), mldsa44: engine.randomBytes(32) });
  const { statement } = old.identity;
  const next = { ...statement, ...signer.publicKey, version: 1, previous: statementHash(statement) };
  const note = await signIdentity(next, { own: signer, previous: { statement, signer: old.signer } });
  await client.wire.call(ROUTES.directoryUpdate, { statement: note }, { rights: { session: client.session } });
  await postForged(client, { to: toBob });
  return (await arrived()).flatMap(warnings);
});

attack('dates mail 2099, or long ago', async () => {
  const told: string[] = [];
  for (const year of [2099, 1971, 9999]) {
    await postForged(mallory, { to: toBob, dateSeconds: Date.UTC(year, 0, 1) / 1000 });
    const [row] = await arrived();
    assert.ok(Math.abs(row!.sortSeconds - nowSeconds()) < 1.1 * DAY_SECONDS, 'it cannot stay at the top of the list');
    told.push(...warnings(row!));
  }
  return told;
});

attack('names more recipients than anybody writes to', async () => {
  const named = (count: number): Party[] =>
    Array.from({ length: count }, (_, index) => ({
      ...toBob.party,
      address: canonicalAddress(`n${String(index).padStart(4, '0')}@localhost`),
    }));
  // As many as fit are shown as they are.
  await postForged(mallory, {
    to: toBob,
    statement: { to: [toBob.party, ...named(500)] },
    mime: (text) =>
      text.replace(
        /To: .*\r\n/,
        `To: ${[bob.address, ...named(500).map(({ address }) => address)].join(',\r\n ')}\r\n`,
      ),
  });
  const [many] = await arrived();
  assert.equal((await read(bob.client, many!.id)).to.length, 501);
  assert.deepEqual(warnings(many!), []);
  // More, in a statement that spills over the first chunk.
  const sealed = await honest(mallory, { to: [toBob] });
  const text = Buffer.from(plaintextOf(sealed)).toString();
  const more = named(999).map(
    ({ address, version, identity }) => `to ${address} ${version} ${Buffer.from(identity).toString('base64')}\n`,
  );
  const spilt = Buffer.from(text.replace(/^to .*\n/m, (line) => line + more.join('')));
  assert.ok(spilt.length > 70_000);
  const body = { summary: sealed.summary, opening: null, counter: 1, previous: null };
  await post(mallory, { key: await newItemKey(engine), plaintext: Uint8Array.from(spilt), body, whom: toBob });
  const told = (await arrived()).flatMap(warnings);
  // And nobody sends such a thing with this software.
  const addresses = Array.from({ length: 1_001 }, (_, index) => `n${index}@localhost`);
  return [...told, await codeOf(send(mallory, draft({ to: addresses, text: 'x' })))];
});

attack('sends headers that are none', async () => {
  const short = randomHeader();
  const text = await headerFor(mallory, await newItemKey(engine), toBob);
  const codes: string[] = [];
  for (const header of [text, short.subarray(1), short.with(0, 2), engine.randomBytes(4_096), Uint8Array.of(1)]) {
    const items = [{ header, payload: Uint8Array.from(text) }];
    codes.push(await codeOf(deliverShort(mallory, { address: bob.address, part: Uint8Array.of(0), items })));
  }
  // The list shows nothing of it.
  assert.deepEqual(await arrived(0), []);
  return codes;
});

attack('sends what is no mail at all', async () => {
  for (let count = 0; count < 12; count += 1) {
    const payload = Uint8Array.from(engine.randomBytes(count === 0 ? 1 : 16 << count));
    // Sealed to nobody; sealed to Bob, with a payload that does not open; and no header at all.
    const headers = [
      decodeShortHeader(randomHeader()),
      await headerFor(mallory, await newItemKey(engine), toBob),
      null,
    ];
    const items = [{ header: headers[count % 3] ?? null, payload }];
    await deliver(mallory, { address: bob.address, part: Uint8Array.of(0), items });
  }
  await send(alice.client, draft({ to: [bob.address], subject: 'Real', text: 'x' }));
  const rows = await arrived(13);
  const [real] = rows.filter(({ problem }) => problem === null);
  assert.deepEqual([real?.summary.subject, warnings(real!)], ['Real', []]);
  return rows.flatMap(warnings);
});
