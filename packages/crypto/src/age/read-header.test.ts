import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, cutInto, hasCode, streamOf } from '../../test/streams.ts';
import { ByteReader } from './byte-reader.ts';
import { asciiBytes, concatBytes } from './bytes.ts';
import { MAX_HEADER_BYTES } from './limits.ts';
import { readHeader } from './read-header.ts';

const VERSION = 'age-encryption.org/v1\n';
const MAC_LINE = `--- ${'A'.repeat(43)}\n`;
const HEADER = asciiBytes(`${VERSION}-> a-- ---\n--\nx---\n-x--\n--x-\n${MAC_LINE}`);
const PAYLOAD = asciiBytes('\n---\n--- payload\n');

test('header and payload are told apart however the file is cut', async () => {
  const file = concatBytes(HEADER, PAYLOAD);
  for (let size = 1; size <= file.length; size++) {
    const reader = new ByteReader(cutInto(file, size));
    assert.deepEqual(await readHeader(reader), HEADER);
    assert.deepEqual(await collect(reader.rest()), PAYLOAD);
  }
});

test('a header longer than the first buffer comes out whole', async () => {
  const header = asciiBytes(`${VERSION}${`-> ${'a'.repeat(500)}\n\n`.repeat(20)}${MAC_LINE}`);
  assert.deepEqual(await readHeader(new ByteReader(cutInto(header, 333))), header);
  assert.deepEqual(await readHeader(new ByteReader(streamOf(header))), header);
});

test('what is no age file is refused at its first wrong byte, and no more is read', async () => {
  let asked = 0;
  const source = async function* () {
    for (;;) {
      asked++;
      yield asciiBytes(asked === 3 ? 'X' : VERSION.charAt(asked - 1));
    }
  };
  await assert.rejects(readHeader(new ByteReader(source())), hasCode('header_malformed'));
  assert.equal(asked, 3);
});

test('a file that ends inside its header is refused', async () => {
  for (const end of [0, 5, VERSION.length, HEADER.length - 1])
    await assert.rejects(readHeader(new ByteReader(streamOf(HEADER.subarray(0, end)))), hasCode('header_malformed'));
});

test('a header without end is refused at the limit', async () => {
  let given = 0;
  const source = async function* () {
    yield asciiBytes(VERSION);
    for (;;) {
      given++;
      yield new Uint8Array(64 * 1024);
    }
  };
  await assert.rejects(readHeader(new ByteReader(source())), hasCode('header_too_large'));
  assert.equal(given, MAX_HEADER_BYTES / (64 * 1024));
});

test('a header of exactly the greatest size is read', async () => {
  const filler = new Uint8Array(MAX_HEADER_BYTES - VERSION.length - MAC_LINE.length - 1).fill(0x61);
  const header = concatBytes(asciiBytes(VERSION), filler, asciiBytes(`\n${MAC_LINE}`));
  const reader = new ByteReader(streamOf(header, PAYLOAD));
  assert.equal((await readHeader(reader)).length, MAX_HEADER_BYTES);
  const longer = concatBytes(asciiBytes(VERSION), filler, asciiBytes(`a\n${MAC_LINE}`));
  await assert.rejects(readHeader(new ByteReader(streamOf(longer))), hasCode('header_too_large'));
});
