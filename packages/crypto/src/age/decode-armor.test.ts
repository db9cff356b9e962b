import assert from 'node:assert/strict';
import { test } from 'node:test';
import { armor } from 'age-encryption';
import fc from 'fast-check';
import { ageVectors } from '../../test/age-vectors.ts';
import { collect, collectUntilFailure, cutInto, hasCode, patternBytes, streamOf } from '../../test/streams.ts';
import { asciiBytes, textOfBytes } from './bytes.ts';
import { decodeArmor } from './decode-armor.ts';
import { encodeArmor } from './encode-armor.ts';

const BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----';
const END = '-----END AGE ENCRYPTED FILE-----';
const LINE = 'A'.repeat(64);

const decode = async (text: string) => collect(decodeArmor(streamOf(asciiBytes(text))));
const refused = async (text: string) => assert.rejects(decode(text), hasCode('armor_malformed'), JSON.stringify(text));

test('what is written in any pieces is what typage writes, and is read in any pieces', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 130 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.nat(300), sizes, sizes, async (size, writeSizes, readSizes) => {
      const bytes = patternBytes(size);
      const text = await collect(encodeArmor(cutInto(bytes, ...writeSizes)));
      assert.equal(textOfBytes(text), armor.encode(bytes));
      assert.deepEqual(await collect(decodeArmor(cutInto(text, ...readSizes))), bytes);
    }),
    { numRuns: 200 },
  );
});

test('a changed character is refused, or it is how the other bytes are written', async () => {
  const text = await collect(encodeArmor(streamOf(patternBytes(100))));
  for (let place = 0; place < text.length; place++) {
    for (const byte of [0x0a, 0x0d, 0x20, 0x2b, 0x2d, 0x3d, 0x41, 0x80]) {
      const changed = text.slice();
      changed[place] = byte;
      const { bytes, failure } = await collectUntilFailure(decodeArmor(streamOf(changed)));
      if (failure !== null) assert.ok(hasCode('armor_malformed')(failure));
      else assert.equal(textOfBytes(await collect(encodeArmor(streamOf(bytes)))).trim(), textOfBytes(changed).trim());
    }
  }
});

test('cut anywhere, armor is refused', async () => {
  const text = textOfBytes(await collect(encodeArmor(streamOf(patternBytes(100)))));
  for (let end = 0; end < text.length - 1; end++) await refused(text.slice(0, end));
  assert.deepEqual(await decode(text.slice(0, -1)), patternBytes(100));
});

test('nothing is written as two lines', async () => {
  assert.equal(textOfBytes(await collect(encodeArmor(streamOf()))), `${BEGIN}\n${END}\n`);
});

const vectors = ageVectors('armor');

for (const { name, text, bytes } of vectors.accept) {
  test(`accepted: ${name}`, async () => {
    assert.equal(Buffer.from(await decode(text)).toString('hex'), bytes);
  });
}

for (const { name, text } of vectors.reject) {
  test(`refused: ${name}`, async () => refused(text));
}

test('whitespace before and after is taken, up to a limit for each', async () => {
  const body = `${BEGIN}\nQUFB\n${END}`;
  const space = (count: number) => ' \t\r\n'.repeat(count / 4);
  assert.equal(textOfBytes(await decode(`${space(1024)}${body}${space(1024)}`)), 'AAA');
  await refused(`${space(1024)} ${body}`);
  await refused(`${body}${space(1024)} `);
});

test('twenty megabytes in one piece', async () => {
  const bytes = patternBytes(20 * 1024 * 1024);
  const text = await collect(encodeArmor(streamOf(bytes)));
  assert.ok(Buffer.from(await collect(decodeArmor(streamOf(text)))).equals(bytes));
});

test('a bad line comes after the bytes before it; nothing is held without bound', async () => {
  let given = 0;
  const endless = async function* () {
    yield asciiBytes(`${BEGIN}\n${LINE}\n`);
    for (;;) {
      given++;
      yield asciiBytes('A');
    }
  };
  const { bytes, failure } = await collectUntilFailure(decodeArmor(endless()));
  assert.ok(hasCode('armor_malformed')(failure));
  assert.equal(bytes.length, 48);
  assert.ok(given <= 67);
});
