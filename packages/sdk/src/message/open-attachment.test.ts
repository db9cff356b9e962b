import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import type { PayloadReader } from '@latchkey/crypto';
import { nodeChunkCipher } from '@latchkey/crypto/engine-node';
import { bytesOf, host, person, readerOf } from '../../test/message-people.ts';
import { identitySigner } from '../signing/identity.ts';
import { parseSigned, signStatement } from '../signing/signed-statement.ts';
import type { OwnKeys } from '../signing/types.ts';
import {
  attachmentPayload,
  measureAttachment,
  openAttachment,
  openAttachmentRange,
  type AttachmentEntry,
  type MessageHost,
} from './index.ts';
import { sealedItem } from './payload.ts';

const CHUNK = 65_536;
const SEALED_CHUNK = 65_552;
const PART = 128 * CHUNK;
const SEALED_PART = 128 * SEALED_CHUNK;
const altered = { name: 'SdkError', code: 'item_altered' };

let alice: OwnKeys;
/** Three parts and a little: padding reaches into the fourth. */
const large = Uint8Array.from(randomBytes(3 * PART + 5));
let entry: AttachmentEntry;
let payload: Uint8Array;

before(async () => {
  alice = await person('alice@example.org');
  entry = await measure(large);
  payload = await bytesOf(attachmentPayload(host, entry, readOf(large)));
});

const readOf = (bytes: Uint8Array) =>
  async function* () {
    yield bytes;
  };
const measure = (bytes: Uint8Array): Promise<AttachmentEntry> =>
  measureAttachment(host, {
    sender: alice.newest,
    name: 'x',
    type: 'text/plain',
    sizeBytes: bytes.length,
    read: readOf(bytes),
  });

/** Of `bytes`; remembers what was asked for, and uses the memory that it is given. */
function watchedReader(bytes: Uint8Array): PayloadReader & { asked: [number, number][]; memories: Set<ArrayBuffer> } {
  const asked: [number, number][] = [];
  const memories = new Set<ArrayBuffer>();
  const readAt: PayloadReader['readAt'] = async (offset, lengthBytes, memory) => {
    asked.push([offset, lengthBytes]);
    const wanted = bytes.subarray(offset, offset + lengthBytes);
    if (memory === undefined) return Uint8Array.from(wanted);
    assert.ok(memory.length >= lengthBytes);
    memories.add(memory.buffer);
    memory.set(wanted);
    return memory.subarray(0, wanted.length);
  };
  return { sizeBytes: bytes.length, readAt, asked, memories };
}

/** A host that remembers the payload keys it was given: the arrays themselves. */
function watchedHost(): { host: MessageHost; keys: Set<Uint8Array> } {
  const keys = new Set<Uint8Array>();
  const { engine, chunks } = host;
  const openRun: typeof chunks.openRun = (run) => {
    keys.add(run.payloadKey);
    return chunks.openRun(run);
  };
  return { host: { engine, chunks: { ...chunks, openRun } }, keys };
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

test('what is asked for lies inside the payload: its nonce, its last chunk, and each part once', async () => {
  const reader = watchedReader(payload);
  assert.ok(Buffer.from(await bytesOf(openAttachment(host, entry, reader))).equals(large));
  const lastPart = 16 + 3 * SEALED_PART;
  assert.deepEqual(reader.asked.slice(-4), [
    [16, SEALED_PART],
    [16 + SEALED_PART, SEALED_PART],
    [16 + 2 * SEALED_PART, SEALED_PART],
    [lastPart, payload.length - lastPart],
  ]);
  const end = [payload.length - SEALED_CHUNK, SEALED_CHUNK];
  assert.deepEqual(new Set(reader.asked.slice(0, -4).map(String)), new Set(['0,16', String(end)]));
  // Three memories are enough for any number of parts.
  assert.equal(reader.memories.size, 3);
});

test('two parts are on their way while the one before is given out, and no more than two', async () => {
  const reader = watchedReader(payload);
  const isPart = ([, lengthBytes]: [number, number]): boolean => lengthBytes > SEALED_CHUNK;
  const partsAsked: number[] = [];
  let givenBytes = 0;
  for await (const piece of openAttachment(host, entry, reader)) {
    if (givenBytes % PART === 0) partsAsked.push(reader.asked.filter(isPart).length);
    givenBytes += piece.length;
  }
  assert.equal(givenBytes, large.length);
  assert.deepEqual(partsAsked, [3, 4, 4, 4]);
});

test('a range asks for its own parts alone', async () => {
  const partsFor = async (start: number, end: number): Promise<number[]> => {
    const reader = watchedReader(payload);
    const opened = await bytesOf(openAttachmentRange(host, { entry, payload: reader, start, end }));
    assert.ok(Buffer.from(opened).equals(large.subarray(start, end)), `${start} to ${end}`);
    const offsets = reader.asked.filter(([, lengthBytes]) => lengthBytes > SEALED_CHUNK).map(([offset]) => offset);
    return offsets.map((offset) => (offset - 16) / SEALED_PART);
  };
  assert.deepEqual(await partsFor(PART, PART), []);
  assert.deepEqual(await partsFor(0, PART), [0]);
  assert.deepEqual(await partsFor(PART - 1, PART + 1), [0, 1]);
  assert.deepEqual(await partsFor(PART, 2 * PART), [1]);
  assert.deepEqual(await partsFor(2 * PART, 2 * PART + 5), [2]);
  assert.deepEqual(await partsFor(PART + 7, 2 * PART + 1), [1, 2]);
  // 16 chunks are opened in one run: at its end there is no chunk left to open.
  assert.deepEqual(await partsFor(0, 16 * CHUNK), [0]);
  assert.deepEqual(await partsFor(16 * CHUNK, 32 * CHUNK), [0]);
});

test('nothing empty is given out, and the last byte is', async () => {
  for (const size of [0, 1, 4096, CHUNK]) {
    const bytes = Uint8Array.from(randomBytes(size));
    const one = await measure(bytes);
    const sealed = readerOf(await bytesOf(attachmentPayload(host, one, readOf(bytes))));
    const pieces: number[] = [];
    for await (const piece of openAttachment(host, one, sealed)) pieces.push(piece.length);
    assert.deepEqual(pieces, size === 0 ? [] : [size]);
  }
});

test('a payload of another size is not taken, even where nothing of it is asked for', async () => {
  const small = await measure(new Uint8Array(10));
  const open = async (sizeBytes: number): Promise<Uint8Array> => {
    const sealed = await bytesOf(sealedItem(host, small.key, new Uint8Array(sizeBytes)).payload());
    return bytesOf(openAttachmentRange(host, { entry: small, payload: readerOf(sealed), start: 0, end: 0 }));
  };
  assert.equal((await open(4096)).length, 0);
  // Sound payloads under the very key: only the manifest says that they are others.
  for (const sizeBytes of [4095, 4097, 100_000]) await assert.rejects(open(sizeBytes), altered);
});

test('a chunk that does not open ends the file, although the manifest covers it', async () => {
  const signer = identitySigner(alice.newest.identity.statement, alice.newest.signer);
  const bytes = new Uint8Array(3 * CHUNK).fill(7);
  const honest = await measure(bytes);
  const sealed = await bytesOf(attachmentPayload(host, honest, readOf(bytes)));
  const { statement } = parseSigned('latchkey/file/v1', honest.manifest);
  const open = async (changed: Uint8Array): Promise<Uint8Array> => {
    const parts = [Uint8Array.from(createHash('sha256').update(changed.subarray(16)).digest())];
    const manifest = await signStatement({ ...statement, parts }, [signer]);
    const watched = watchedHost();
    try {
      return await bytesOf(openAttachment(watched.host, { ...honest, manifest }, readerOf(changed)));
    } finally {
      assert.ok([...watched.keys].every(isZero));
    }
  };
  assert.deepEqual(await open(sealed), bytes);
  for (const at of [16, 16 + SEALED_CHUNK + 1]) {
    const damaged = sealed.slice();
    damaged[at]! ^= 1;
    await assert.rejects(open(damaged), altered);
  }
});

test('the payload key is forgotten at the end, and by whoever stops before', async () => {
  const whole = watchedHost();
  await bytesOf(openAttachment(whole.host, entry, readerOf(payload)));
  const stopped = watchedHost();
  for await (const piece of openAttachment(stopped.host, entry, readerOf(payload))) {
    assert.ok(piece.length > 0);
    break;
  }
  for (const { keys } of [whole, stopped]) {
    assert.equal(keys.size, 1);
    assert.ok([...keys].every(isZero));
  }
});

test('what fails ahead of a reader who has stopped is nobody’s error', async () => {
  const failing: PayloadReader = {
    sizeBytes: payload.length,
    readAt: async (offset, lengthBytes) => {
      if (offset === 16 + SEALED_PART) throw new Error('gone');
      return Uint8Array.from(payload.subarray(offset, offset + lengthBytes));
    },
  };
  // An unhandled rejection would fail this test.
  for await (const piece of openAttachment(host, entry, failing)) {
    assert.ok(Buffer.from(piece).equals(large.subarray(0, piece.length)));
    break;
  }
  await new Promise((resolve) => setImmediate(resolve));
  let givenBytes = 0;
  await assert.rejects(async () => {
    for await (const piece of openAttachment(host, entry, failing)) givenBytes += piece.length;
  }, /^Error: gone$/);
  assert.equal(givenBytes, PART);
});

test('where a host opens parts whole, the same bytes come out, and a changed part does not', async () => {
  const chunks = nodeChunkCipher({ threads: 2, threadsFromBytes: 0 });
  const threaded: MessageHost = { engine: host.engine, chunks };
  const reader = watchedReader(payload);
  assert.ok(Buffer.from(await bytesOf(openAttachment(threaded, entry, reader))).equals(large));
  const span = { entry, payload: readerOf(payload), start: PART - 3, end: 2 * PART + 70_000 };
  const range = await bytesOf(openAttachmentRange(threaded, span));
  assert.ok(Buffer.from(range).equals(large.subarray(PART - 3, 2 * PART + 70_000)));
  const changed = payload.slice();
  changed[16 + SEALED_PART + 5]! ^= 1;
  let givenBytes = 0;
  const readAll = async (): Promise<void> => {
    for await (const piece of openAttachment(threaded, entry, readerOf(changed))) givenBytes += piece.length;
  };
  await assert.rejects(readAll(), altered);
  // Not a byte of the part that is not the signed one.
  assert.equal(givenBytes, PART);
  await chunks.close();
});
