import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, cutInto, hasCode, patternBytes, streamOf } from '../../test/streams.ts';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { asciiBytes, concatBytes } from './bytes.ts';
import { generateIdentity, recipientOf } from './identity.ts';
import { inspect, inspectHeader } from './inspect.ts';
import type { Recipient } from './recipient.ts';
import { seal } from './seal.ts';

const SIZE = 65_536 + 10;
const MAC_LINE = `--- ${'A'.repeat(43)}\n`;

async function fileFor(recipients: readonly Recipient[], armored = false): Promise<Uint8Array> {
  return collect(await seal(nodeEngine, { recipients, plaintext: streamOf(patternBytes(SIZE)), armored }));
}

const hybrid = await recipientOf(nodeEngine, generateIdentity(nodeEngine));
const x25519 = await recipientOf(nodeEngine, generateIdentity(nodeEngine, 'X25519'));

test('kinds, sizes and chunks of a file, with or without its size and armor', async () => {
  const file = await fileFor([hybrid, hybrid]);
  const headerSizeBytes = file.length - (16 + SIZE + 32);
  const expected = {
    recipients: [0, 1].map(() => ({ kind: 'mlkem768x25519', name: 'mlkem768x25519' })),
    headerSizeBytes,
    armored: false,
    payloadSizeBytes: 16 + SIZE + 32,
    plaintextSizeBytes: SIZE,
    chunkCount: 2,
  };
  assert.deepEqual(await inspect({ source: cutInto(file, 1000) }), expected);
  assert.deepEqual(await inspect({ source: streamOf(file), sizeBytes: file.length }), expected);
  assert.deepEqual(await inspect({ source: streamOf(file), sizeBytes: null }), expected);
  const text = await fileFor([hybrid, hybrid], true);
  assert.deepEqual(await inspect({ source: cutInto(text, 999), sizeBytes: text.length }), {
    ...expected,
    armored: true,
  });
});

test('every kind has its name, a passphrase its work factor, and an unknown one is unknown', async () => {
  const kinds = async (recipients: readonly Recipient[]) =>
    (await inspect({ source: streamOf(await fileFor(recipients)) })).recipients;
  assert.deepEqual(await kinds([x25519]), [{ kind: 'X25519', name: 'X25519' }]);
  const passphrase = { kind: 'scrypt', passphrase: asciiBytes('secret'), logN: 3 } as const;
  assert.deepEqual(await kinds([passphrase]), [{ kind: 'scrypt', name: 'scrypt', logN: 3 }]);
  const header = asciiBytes(`age-encryption.org/v1\n-> example.org/enigma x\n\n${MAC_LINE}`);
  assert.deepEqual(inspectHeader(header), {
    recipients: [{ kind: null, name: 'example.org/enigma' }],
    headerSizeBytes: header.length,
  });
});

test('of a binary file whose size is known only the header is read', async () => {
  const file = await fileFor([x25519]);
  let asked = 0;
  let closed = false;
  const source = async function* () {
    try {
      for (;;) {
        yield file.subarray(asked * 100, ++asked * 100);
      }
    } finally {
      closed = true;
    }
  };
  const { headerSizeBytes } = await inspect({ source: source(), sizeBytes: file.length });
  assert.equal(asked, Math.ceil(headerSizeBytes / 100));
  assert.ok(closed);
});

test('what is no age file, or too small for a payload, is refused and closed', async () => {
  await assert.rejects(inspect({ source: streamOf(asciiBytes('hello')) }), hasCode('header_malformed'));
  const file = await fileFor([x25519]);
  const { headerSizeBytes } = await inspect({ source: streamOf(file) });
  for (const size of [0, 15, 31])
    await assert.rejects(
      inspect({ source: streamOf(file.subarray(0, headerSizeBytes + size)) }),
      hasCode('payload_truncated'),
    );
  const broken = concatBytes(asciiBytes('age-encryption.org/v1\n-> X25519 AA\n\n'), asciiBytes(MAC_LINE));
  assert.throws(() => inspectHeader(broken), hasCode('header_malformed'));
});
