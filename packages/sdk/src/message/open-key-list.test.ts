import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { payloadSizeOf } from '@latchkey/crypto';
import type { Party } from '@latchkey/protocol';
import { bytesOf, host, person, readerOf } from '../../test/message-people.ts';
import type { OwnKeys } from '../signing/types.ts';
import {
  measureAttachment,
  openKeyList,
  sealArrivals,
  sealMessage,
  type AttachmentEntry,
  type MessageHost,
  type SealedMessage,
} from './index.ts';

const altered = { name: 'SdkError', code: 'item_altered' };

let alice: OwnKeys;
let bob: OwnKeys;
let entry: AttachmentEntry;
let sealed: SealedMessage;
let header: Uint8Array;
let payload: Uint8Array;

before(async () => {
  alice = await person('alice@example.org');
  bob = await person('bob@example.org');
  const read = async function* (): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(1, 2, 3);
  };
  entry = await measureAttachment(host, { sender: alice.newest, name: 'a', type: 'text/plain', sizeBytes: 3, read });
  sealed = await sealMessage(host, {
    sender: alice.newest,
    to: [bob.newest.identity],
    cc: [],
    bcc: [],
    subject: 'A file',
    text: '',
    dateSeconds: 1_795_428_000,
    inReplyTo: null,
    attachments: [entry],
  });
  assert.ok(sealed.keyList !== null);
  payload = await bytesOf(sealed.keyList.payload());
  for await (const arrival of sealArrivals(host, sealed, [
    { identity: bob.newest.identity, counter: 1, previous: null },
  ])) {
    assert.ok(arrival.keyList);
    header = arrival.keyList;
  }
});

test('a manifest is of the very sender of the message, also where nobody knows the sender’s keys', async () => {
  const listedFor = (from: Partial<Party>): Promise<unknown> => {
    const statement = { ...sealed.statement, from: { ...sealed.statement.from, ...from } };
    return openKeyList(host, { header, payload: readerOf(payload) }, { own: bob, statement, sender: null });
  };
  assert.deepEqual(await listedFor({}), [entry]);
  await assert.rejects(listedFor({ address: bob.newest.identity.party.address }), altered);
  await assert.rejects(listedFor({ identity: new Uint8Array(32) }), altered);
});

test('a key list that is larger than any is not read', async () => {
  const readsOf = async (plaintextBytes: number): Promise<number> => {
    let reads = 0;
    const readAt = async (_: number, lengthBytes: number): Promise<Uint8Array<ArrayBuffer>> => {
      reads += 1;
      return new Uint8Array(lengthBytes);
    };
    const source = { header, payload: { sizeBytes: payloadSizeOf(plaintextBytes), readAt } };
    const reader = { own: bob, statement: sealed.statement, sender: alice.newest.identity };
    await assert.rejects(openKeyList(host, source, reader), altered);
    return reads;
  };
  const largest = 32 * 1024 * 1024;
  assert.ok((await readsOf(largest)) > 0);
  assert.equal(await readsOf(largest + 1), 0);
});

test('of a key list, its keys are forgotten, and its file key also where it does not open', async () => {
  const { engine, chunks } = host;
  const reader = { own: bob, statement: sealed.statement, sender: alice.newest.identity };
  const damaged = payload.slice();
  damaged[100]! ^= 1;
  // The arrays themselves.
  const fileKeys = new Set<Uint8Array>();
  const payloadKeys = new Set<Uint8Array>();
  const watched: MessageHost = {
    engine: {
      ...engine,
      hkdfSha256: (input) => {
        // The file key of the attachment belongs to whoever gets the entry.
        if (input.secret.length === 16 && !isSame(input.secret, entry.key.fileKey)) fileKeys.add(input.secret);
        return engine.hkdfSha256(input);
      },
    },
    chunks: {
      ...chunks,
      openRun: (run) => {
        payloadKeys.add(run.payloadKey);
        return chunks.openRun(run);
      },
    },
  };
  assert.deepEqual(await openKeyList(watched, { header, payload: readerOf(payload) }, reader), [entry]);
  assert.deepEqual([fileKeys.size, payloadKeys.size], [1, 1]);
  assert.ok([...fileKeys, ...payloadKeys].every(isZero));
  await assert.rejects(openKeyList(watched, { header, payload: readerOf(damaged) }, reader), altered);
  assert.equal(fileKeys.size, 2);
  assert.ok([...fileKeys].every(isZero));
});

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.from(one).equals(other);
const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
