import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { collect, collectUntilFailure, cutInto, hasCode, patternBytes, streamOf } from '../../test/streams.ts';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { CryptoError } from '../errors.ts';
import { asciiBytes, concatBytes } from './bytes.ts';
import type { ChunkCipher } from './chunk-cipher.ts';
import { chunkCipher } from './engine-chunk-cipher.ts';
import { generateIdentity, recipientOf } from './identity.ts';
import { openHeader } from './open-header.ts';
import { open } from './open.ts';
import { openPayload } from './open-payload.ts';
import { payloadKeyOf } from './payload-key.ts';
import { payloadSizeOf } from './payload-size.ts';
import { readHeader } from './read-header.ts';
import { ByteReader } from './byte-reader.ts';
import { seal } from './seal.ts';

const identity = generateIdentity(nodeEngine);
const recipient = await recipientOf(nodeEngine, identity);
const PLAINTEXT = patternBytes(200_000);

async function sealed(size: number, armored = false): Promise<Uint8Array<ArrayBuffer>> {
  const plaintext = cutInto(PLAINTEXT.subarray(0, size), 70_000);
  return collect(await seal(nodeEngine, { recipients: [recipient], plaintext, armored }));
}

test('what is sealed is opened, armored or not, however it is cut', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.nat(PLAINTEXT.length), fc.boolean(), sizes, async (size, armored, pieceSizes) => {
      const source = cutInto(await sealed(size, armored), ...pieceSizes);
      const opened = await open(nodeEngine, { source, identities: [identity] });
      assert.ok(opened);
      assert.equal(opened.openedBy, 'mlkem768x25519');
      assert.equal(opened.armored, armored);
      assert.deepEqual(await collect(opened.plaintext), PLAINTEXT.slice(0, size));
    }),
    { numRuns: 25 },
  );
});

test('header and payload apart open as the file does, and together they are the file', async () => {
  const file = await sealed(100_000);
  const reader = new ByteReader(cutInto(file, 777));
  const header = await readHeader(reader);
  const payload = await collect(reader.rest());
  assert.deepEqual(concatBytes(header, payload), file);
  assert.equal(payload.length, payloadSizeOf(100_000));
  const found = await openHeader(nodeEngine, { header, identities: [identity] });
  assert.ok(found);
  const payloadKey = await payloadKeyOf(nodeEngine, found.fileKey, payload.subarray(0, 16));
  const chunks = streamOf(payload.subarray(16));
  const plaintext = await collect(openPayload(chunkCipher(nodeEngine), { payloadKey, chunks }));
  assert.deepEqual(plaintext, PLAINTEXT.slice(0, 100_000));
});

test('a file cut at any byte never opens to its end', async () => {
  const file = await sealed(40);
  for (let end = 0; end < file.length; end++) {
    const outcome = await outcomeOf(streamOf(file.subarray(0, end)));
    const headerEnd = file.length - payloadSizeOf(40);
    const expected =
      end < headerEnd ? 'header_malformed' : end < headerEnd + 32 ? 'payload_truncated' : 'payload_damaged';
    assert.equal(outcome, expected, `cut at ${end} of ${file.length}`);
  }
});

test('a bit changed anywhere in a file is noticed', async () => {
  const file = await sealed(40);
  await fc.assert(
    fc.asyncProperty(fc.nat(file.length - 1), fc.nat(7), async (place, bit) => {
      const changed = file.slice();
      changed[place]! ^= 1 << bit;
      assert.notEqual(await outcomeOf(streamOf(changed)), 'opened');
    }),
    { numRuns: 300 },
  );
});

test('a fresh file key and nonce for every file', async () => {
  const [one, two] = [await sealed(0), await sealed(0)];
  assert.notDeepEqual(one.slice(-32), two.slice(-32));
  assert.notDeepEqual(one.slice(-32, -16), two.slice(-32, -16));
});

test('whom it is not for, gets null, and the source is closed', async () => {
  let closed = 0;
  const file = await sealed(PLAINTEXT.length);
  const source = async function* () {
    try {
      yield* cutInto(file, 1000);
    } finally {
      closed++;
    }
  };
  const stranger = generateIdentity(nodeEngine);
  assert.equal(await open(nodeEngine, { source: source(), identities: [stranger] }), null);
  assert.equal(closed, 1);
  const opened = await open(nodeEngine, { source: source(), identities: [identity] });
  assert.equal(closed, 1);
  for await (const _ of opened!.plaintext) break;
  assert.equal(closed, 2);
});

test('a refused file closes its source', async () => {
  let closed = false;
  const source = async function* () {
    try {
      for (;;) yield asciiBytes('age-encryption.org/v9\n');
    } finally {
      closed = true;
    }
  };
  await assert.rejects(open(nodeEngine, { source: source(), identities: [identity] }), hasCode('header_malformed'));
  assert.ok(closed);
});

test('bad recipients are refused before the plaintext is touched', async () => {
  const untouched = { [Symbol.asyncIterator]: () => assert.fail('the plaintext was read') };
  const classical = await recipientOf(nodeEngine, generateIdentity(nodeEngine, 'X25519'));
  const sealing = seal(nodeEngine, { recipients: [recipient, classical], plaintext: untouched });
  await assert.rejects(sealing, hasCode('recipients_below_floor'));
  await assert.rejects(seal(nodeEngine, { recipients: [], plaintext: untouched }), hasCode('argument_invalid'));
});

test('the cipher that is given does the work', async () => {
  const seen: string[] = [];
  const plain = chunkCipher(nodeEngine);
  const cipher: ChunkCipher = {
    chunksPerRun: 1,
    runsInFlight: 1,
    sealRun: (run) => {
      seen.push(`seal ${run.firstChunk} ${run.final}`);
      return plain.sealRun(run);
    },
    openRun: (run) => {
      seen.push(`open ${run.firstChunk} ${run.final}`);
      return plain.openRun(run);
    },
  };
  const plaintext = streamOf(PLAINTEXT.subarray(0, 70_000));
  const file = await collect(await seal(nodeEngine, { recipients: [recipient], plaintext, cipher }));
  const opened = await open(nodeEngine, { source: streamOf(file), identities: [identity], cipher });
  await collect(opened!.plaintext);
  assert.deepEqual(seen, ['seal 0 false', 'seal 1 true', 'open 0 false', 'open 1 true']);
});

test('file key and payload key are zeroed when done', async () => {
  const keys: Uint8Array[] = [];
  const engine = {
    ...nodeEngine,
    hkdfSha256: async (input: Parameters<typeof nodeEngine.hkdfSha256>[0]) => {
      const key = await nodeEngine.hkdfSha256(input);
      keys.push(input.secret, key);
      return key;
    },
  };
  const plaintext = streamOf(PLAINTEXT.subarray(0, 9));
  const file = await collect(await seal(engine, { recipients: [recipient], plaintext }));
  const opened = await open(engine, { source: streamOf(file), identities: [identity] });
  await collect(opened!.plaintext);
  // Header MAC and payload key, for sealing and for opening.
  assert.equal(keys.length, 8);
  for (const key of keys) assert.ok(key.every((byte) => byte === 0));
});

test('a payload key is made of 16 bytes and 16 bytes', async () => {
  for (const [fileKeySize, nonceSize] of [
    [15, 16],
    [17, 16],
    [16, 15],
    [16, 17],
    [16, 0],
  ] as const)
    await assert.rejects(
      payloadKeyOf(nodeEngine, new Uint8Array(fileKeySize), new Uint8Array(nonceSize)),
      hasCode('argument_invalid'),
    );
});

async function outcomeOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  try {
    const opened = await open(nodeEngine, { source, identities: [identity] });
    if (opened === null) return 'not for me';
    const { failure } = await collectUntilFailure(opened.plaintext);
    return failure === null ? 'opened' : codeOf(failure);
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  assert.ok(error instanceof CryptoError, String(error));
  return error.code;
}
