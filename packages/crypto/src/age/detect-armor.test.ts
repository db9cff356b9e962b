import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, cutInto, patternBytes, streamOf } from '../../test/streams.ts';
import { asciiBytes, concatBytes } from './bytes.ts';
import { detectArmor } from './detect-armor.ts';
import { encodeArmor } from './encode-armor.ts';

const FILE = concatBytes(asciiBytes('age-encryption.org/v1\n'), patternBytes(100));

test('armor is told from binary however the file is cut', async () => {
  const text = await collect(encodeArmor(streamOf(FILE)));
  const spaced = concatBytes(asciiBytes(' \r\n\t'), text);
  for (const size of [1, 2, 5, 1000]) {
    for (const [bytes, armored] of [
      [FILE, false],
      [text, true],
      [spaced, true],
    ] as const) {
      const found = await detectArmor(cutInto(bytes, size));
      assert.equal(found.armored, armored);
      assert.deepEqual(await collect(found.reader.rest()), FILE);
    }
  }
});

test('what is neither comes as it is', async () => {
  for (const text of ['', '  ', ' age', 'x-----BEGIN']) {
    const found = await detectArmor(cutInto(asciiBytes(text), 1));
    assert.equal(found.armored, false);
    assert.deepEqual(await collect(found.reader.rest()), asciiBytes(text));
  }
});

test('endless whitespace is not waited for', async () => {
  let given = 0;
  const source = async function* () {
    for (;;) {
      given++;
      yield asciiBytes(' ');
    }
  };
  assert.equal((await detectArmor(source())).armored, false);
  assert.equal(given, 1025);
});
