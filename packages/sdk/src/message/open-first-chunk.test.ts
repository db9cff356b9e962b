import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { CryptoError, type PayloadReader } from '@latchkey/crypto';
import { bytesOf, host, person, readerOf } from '../../test/message-people.ts';
import { SdkError } from '../errors.ts';
import type { OwnKeys } from '../signing/types.ts';
import {
  openFirstChunk,
  openMessage,
  sealArrivals,
  sealMessage,
  sealOwnCopy,
  type MessageHost,
  type MessageSource,
  type Receiver,
  type SealedMessage,
} from './index.ts';
import { alteredIfBroken } from './open-first-chunk.ts';

const HOUR = 498_730;
const FIRST_BYTES = 16 + 65_552;
const altered = { name: 'SdkError', code: 'item_altered' };

let alice: OwnKeys;
let bob: OwnKeys;
let short: SealedMessage;
/** Of three chunks. */
let long: SealedMessage;

before(async () => {
  alice = await person('alice@example.org');
  bob = await person('bob@example.org');
  short = await seal('At noon?');
  long = await seal(`${'x'.repeat(70)}\n`.repeat(2300));
  assert.ok(long.message.payloadBytes > 16 + 2 * 65_552);
});

const seal = (text: string): Promise<SealedMessage> =>
  sealMessage(host, {
    sender: alice.newest,
    to: [bob.newest.identity],
    cc: [],
    bcc: [],
    subject: 'Lunch',
    text,
    dateSeconds: HOUR * 3600,
    inReplyTo: null,
    attachments: [],
  });

const receiver = (changes: Partial<Receiver> = {}): Receiver => ({
  own: bob,
  lookUp: async () => ({
    outcome: 'known',
    versions: [{ identity: alice.newest.identity, supersededSeconds: null }],
  }),
  arrivalHour: HOUR,
  ...changes,
});

async function arrivalOf(sealed: SealedMessage, who = bob): Promise<MessageSource & { readonly delivery: Uint8Array }> {
  const recipient = { identity: who.newest.identity, counter: 1, previous: null };
  for await (const { message, delivery } of sealArrivals(host, sealed, [recipient])) {
    return { header: message, payload: readerOf(await bytesOf(sealed.message.payload())), delivery };
  }
  return assert.fail();
}

interface Watched {
  readonly host: MessageHost;
  /** The arrays themselves, by what they are. */
  readonly secrets: Map<Uint8Array, 'file key' | 'payload key' | 'identity'>;
}

/** A host that remembers every secret that it was given. */
function watch(): Watched {
  const secrets: Watched['secrets'] = new Map();
  const { engine, chunks } = host;
  return {
    secrets,
    host: {
      engine: {
        ...engine,
        hkdfSha256: (input) => {
          if (input.secret.length === 16) secrets.set(input.secret, 'file key');
          return engine.hkdfSha256(input);
        },
        hybridKemKey: (seed) => {
          secrets.set(seed, 'identity');
          return engine.hybridKemKey(seed);
        },
      },
      chunks: {
        ...chunks,
        openRun: (run) => {
          secrets.set(run.payloadKey, 'payload key');
          return chunks.openRun(run);
        },
      },
    },
  };
}

const leftOver = ({ secrets }: Watched): readonly string[] =>
  [...secrets].filter(([secret]) => secret.some((byte) => byte !== 0)).map(([, what]) => what);

test('of a message that is shown, its file key is all that is kept', async () => {
  const watched = watch();
  const first = await openFirstChunk(watched.host, await arrivalOf(short), receiver());
  assert.ok(first !== null);
  assert.deepEqual(new Set(watched.secrets.values()), new Set(['file key', 'payload key', 'identity']));
  assert.deepEqual(leftOver(watched), ['file key']);
  assert.deepEqual(first.key, short.written.key);
});

test('of a message that is not shown, nothing is kept', async () => {
  const flipped = await bytesOf(short.message.payload());
  flipped[100]! ^= 1;
  const refused: readonly MessageSource[] = [
    { ...(await arrivalOf(short)), payload: readerOf(flipped) },
    {
      header: (await arrivalOf(short)).header,
      payload: (await arrivalOf(short)).payload,
      ownCopyItem: new Uint8Array(32),
    },
  ];
  for (const source of refused) {
    const watched = watch();
    await assert.rejects(openFirstChunk(watched.host, source, receiver()), altered);
    assert.equal(watched.secrets.size, 3);
    assert.deepEqual(leftOver(watched), []);
  }
  const watched = watch();
  assert.equal(await openFirstChunk(watched.host, await arrivalOf(short, alice), receiver()), null);
  assert.deepEqual([...watched.secrets.values()], ['identity']);
  assert.deepEqual(leftOver(watched), []);
});

test('what crypto finds broken is altered; a mistake of ours and every other error stay what they are', async () => {
  assert.equal(await alteredIfBroken(Promise.resolve(7)), 7);
  for (const code of ['payload_damaged', 'payload_truncated', 'header_malformed', 'delivery_damaged'] as const) {
    const cause = new CryptoError(code, 'x');
    await assert.rejects(alteredIfBroken(Promise.reject(cause)), (error) => {
      assert.ok(error instanceof SdkError);
      assert.equal(error.code, 'item_altered');
      assert.equal(error.cause, cause);
      return true;
    });
  }
  for (const cause of [new CryptoError('argument_invalid', 'x'), new SdkError('stopped', 'x'), new Error('x')]) {
    await assert.rejects(alteredIfBroken(Promise.reject(cause)), (error) => error === cause);
  }
});

test('a machine that fails at the delivery part does not make the message one without a row', async () => {
  const arrival = await arrivalOf(short);
  for (const cause of [new SdkError('stopped', 'x'), new Error('x')]) {
    const { engine } = host;
    const failing: MessageHost = {
      ...host,
      engine: {
        ...engine,
        aeadOpen: (input) => {
          if (input.bytes.length === arrival.delivery.length) throw cause;
          return engine.aeadOpen(input);
        },
      },
    };
    await assert.rejects(openFirstChunk(failing, arrival, receiver()), (error) => error === cause);
  }
});

test('a payload of which more or less comes than was asked for is altered', async () => {
  const arrival = await arrivalOf(long);
  const whole = await bytesOf(long.message.payload());
  const { sizeBytes } = arrival.payload;
  for (const lengthBytes of [0, 3, 16, FIRST_BYTES - 1, FIRST_BYTES + 1, FIRST_BYTES + 65_552, sizeBytes]) {
    const payload: PayloadReader = { sizeBytes, readAt: async () => whole.slice(0, lengthBytes) };
    await assert.rejects(openFirstChunk(host, { ...arrival, payload }, receiver()), altered, String(lengthBytes));
  }
  const payload: PayloadReader = { sizeBytes, readAt: async () => whole.slice(0, FIRST_BYTES) };
  const first = await openFirstChunk(host, { ...arrival, payload }, receiver());
  assert.equal(first?.verdict.signature, 'valid');
});

test('a payload that could hold no message is not read beyond its first chunk', async () => {
  const arrival = await arrivalOf(long);
  const whole = await bytesOf(long.message.payload());
  const askedOf = async (sizeBytes: number): Promise<number[]> => {
    const offsets: number[] = [];
    const readAt: PayloadReader['readAt'] = async (offset, lengthBytes) => {
      offsets.push(offset);
      return whole.slice(offset, offset + lengthBytes);
    };
    await assert.rejects(openMessage(host, { ...arrival, payload: { sizeBytes, readAt } }, receiver()), altered);
    return offsets;
  };
  // 32 MiB of MIME with head and end are padded to 33 MiB: 528 chunks.
  const largest = 16 + 528 * 65_552;
  assert.ok((await askedOf(largest)).length > 1);
  assert.deepEqual(await askedOf(largest + 16 + 1), [0]);
});

test('a message without an arrival has no hour that it could be late for', async () => {
  const first = await openFirstChunk(host, await arrivalOf(short), receiver({ arrivalHour: null }));
  assert.equal(first?.verdict.late, false);
});

test('a version that was superseded counts as retired where nobody knows when the message came', async () => {
  const later = await person('alice@example.org', alice);
  const versions = [
    { identity: later.newest.identity, supersededSeconds: null },
    { identity: alice.newest.identity, supersededSeconds: HOUR * 3600 },
  ];
  const retiredAt = async (arrivalHour: number | null): Promise<boolean | undefined> => {
    const reading = receiver({ arrivalHour, lookUp: async () => ({ outcome: 'known', versions }) });
    return (await openFirstChunk(host, await arrivalOf(short), reading))?.verdict.retiredKey;
  };
  assert.equal(await retiredAt(HOUR), false);
  assert.equal(await retiredAt(null), true);
});

test('nobody is asked for one’s own keys', async () => {
  const later = await person('alice@example.org', alice);
  const reading = receiver({ own: later, lookUp: () => assert.fail('asked for oneself'), arrivalHour: null });
  const first = await openFirstChunk(host, await arrivalOf(short, alice), reading);
  assert.deepEqual(
    [first?.verdict.signature, first?.verdict.sender, first?.verdict.retiredKey, first?.verdict.addressed],
    ['valid', alice.newest.identity, false, 'passed_on'],
  );
  const copy = (await sealOwnCopy(host, short, { own: alice.newest, attachments: [] })).message;
  const file = await bytesOf(copy.file());
  const source = {
    header: copy.header,
    payload: readerOf(file.subarray(copy.header.length)),
    ownCopyItem: copy.key.item,
  };
  const own = await openFirstChunk(host, source, reading);
  assert.deepEqual([own?.verdict.signature, own?.verdict.addressed], ['valid', 'own_copy']);
  assert.deepEqual([own?.summary, own?.opening, own?.counter, own?.previous], [null, null, null, null]);
  assert.equal(own?.verdict.inconsistent, false);
});
