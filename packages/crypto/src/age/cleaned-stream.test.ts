import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, patternBytes, streamOf } from '../../test/streams.ts';
import type { Engine } from '../engine/engine.ts';
import { nobleEngine } from '../engine/noble-engine.ts';
import { cleanedStream } from './cleaned-stream.ts';
import { generateIdentity, recipientOf } from './identity.ts';
import { open } from './open.ts';
import { seal } from './seal.ts';

const identity = generateIdentity(nobleEngine, 'X25519');
const recipients = [await recipientOf(nobleEngine, identity)];

/** An engine, and the last key it derived: the payload key. */
function watched(): { engine: Engine; payloadKey: () => Uint8Array } {
  let last = new Uint8Array(0);
  const engine: Engine = {
    ...nobleEngine,
    hkdfSha256: async (input) => (last = new Uint8Array(await nobleEngine.hkdfSha256(input))),
  };
  return { engine, payloadKey: () => last };
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.length === 32 && bytes.every((byte) => byte === 0);
}

async function* counted(events: string[]): AsyncGenerator<number> {
  try {
    yield 1;
    yield 2;
  } finally {
    events.push('left');
  }
}

test('the clean-up runs once, and only where nobody read', async () => {
  const events: string[] = [];
  const cleaned = (): AsyncGenerator<number> => cleanedStream(counted(events), () => void events.push('cleaned'));
  const take = (): string[] => events.splice(0);

  const unread = cleaned();
  assert.deepEqual(await unread.return('x'), { done: true, value: 'x' });
  await unread.return(undefined);
  assert.deepEqual(await unread.next(), { done: true, value: undefined });
  assert.deepEqual(take(), ['cleaned']);

  await assert.rejects(cleaned().throw(new Error('not wanted')), /not wanted/);
  assert.deepEqual(take(), ['cleaned']);

  for await (const value of cleaned()) if (value === 1) break;
  assert.deepEqual(take(), ['left']);

  const read: number[] = [];
  for await (const value of cleaned()) read.push(value);
  assert.deepEqual([read, take()], [[1, 2], ['left']]);

  const begun = cleaned();
  await begun.next();
  await assert.rejects(begun.throw(new Error('enough')), /enough/);
  assert.deepEqual(take(), ['left']);
});

test('a file that is opened and not read closes its source and zeroes its key', async () => {
  const file = await collect(await seal(nobleEngine, { recipients, plaintext: streamOf(patternBytes(99)) }));
  let closed = false;
  const source = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield file;
    } finally {
      closed = true;
    }
  };
  const { engine, payloadKey } = watched();
  const opened = await open(engine, { source: source(), identities: [identity] });
  assert.ok(opened);
  assert.deepEqual([closed, isZero(payloadKey())], [false, false]);
  await opened.plaintext.return(undefined);
  assert.deepEqual([closed, isZero(payloadKey())], [true, true]);
});

for (const armored of [false, true])
  test(`a file that is ${armored ? 'armored' : 'sealed'} and not read zeroes its key and reads nothing`, async () => {
    let read = false;
    const plaintext = async function* (): AsyncGenerator<Uint8Array> {
      read = true;
      yield patternBytes(9);
    };
    const { engine, payloadKey } = watched();
    const file = await seal(engine, { recipients, plaintext: plaintext(), armored });
    assert.equal(isZero(payloadKey()), false);
    await file.return(undefined);
    assert.deepEqual([read, isZero(payloadKey())], [false, true]);
  });
