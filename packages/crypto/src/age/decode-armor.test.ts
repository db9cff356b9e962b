import assert from 'node:assert/strict';
import { test } from 'node:test';
import { armor } from 'age-encryption';
import fc from 'fast-check';
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

test('nothing between the first and the last line is no bytes', async () => {
  assert.equal(textOfBytes(await collect(encodeArmor(streamOf()))), `${BEGIN}\n${END}\n`);
  assert.deepEqual(await decode(`${BEGIN}\n${END}\n`), new Uint8Array(0));
});

test('lines may end with CRLF, all of them', async () => {
  const lines = [BEGIN, LINE, 'QUFB', END];
  assert.equal((await decode(lines.join('\r\n'))).length, 51);
  assert.equal((await decode(`${lines.join('\r\n')}\r\n`)).length, 51);
  await refused([BEGIN, `${LINE}\r`, 'QUFB', END].join('\n'));
  await refused([BEGIN, LINE, 'QUFB\r', END].join('\n'));
  await refused([`${BEGIN}\r`, LINE, 'QUFB\r', END].join('\n'));
  await refused([`${BEGIN}\r`, `${LINE}\r`, 'QUFB', END].join('\n'));
  await refused(lines.join('\r\r\n'));
  await refused(lines.join('\r'));
});

const REFUSED: Readonly<Record<string, string>> = {
  nothing: '',
  'whitespace alone': ' \n',
  'no first line': `${LINE}\n${END}\n`,
  'no last line': `${BEGIN}\n${LINE}\n`,
  'another label': `${BEGIN.replace('AGE', 'PGP')}\n${END}\n`,
  'a label in lower case': `${BEGIN.toLowerCase()}\n${END}\n`,
  'another last line': `${BEGIN}\n${END.replace('AGE', 'PGP')}\n`,
  'a last line with the wrong end': `${BEGIN}\n${END.slice(0, -1)}x\n`,
  'a first line twice': `${BEGIN}\n${BEGIN}\n${END}\n`,
  'a first line that goes on': `${BEGIN}x\n${END}\n`,
  'something before': `x\n${BEGIN}\n${END}\n`,
  'something after': `${BEGIN}\n${END}\nx`,
  'something on the last line': `${BEGIN}\n${END}x\n`,
  headers: `${BEGIN}\nVersion: 1\n\n${LINE}\n${END}\n`,
  'an empty line at first': `${BEGIN}\n\n${LINE}\n${END}\n`,
  'an empty line between': `${BEGIN}\n${LINE}\n\n${LINE}\n${END}\n`,
  'an empty line at last': `${BEGIN}\n${LINE}\n\n${END}\n`,
  'a short line between': `${BEGIN}\nQUFB\n${LINE}\n${END}\n`,
  'two short lines': `${BEGIN}\nQUFB\nQUFB\n${END}\n`,
  'padding on a full line between': `${BEGIN}\n${'A'.repeat(63)}=\n${LINE}\n${END}\n`,
  'a long line': `${BEGIN}\n${LINE}A\n${END}\n`,
  'a line of 68 columns': `${BEGIN}\n${LINE}AAAA\n${END}\n`,
  'a line without its padding': `${BEGIN}\nQUE\n${END}\n`,
  'too much padding': `${BEGIN}\nQUFB====\n${END}\n`,
  'no canonical base64': `${BEGIN}\nQUH=\n${END}\n`,
  'base64 for addresses': `${BEGIN}\nQU-_\n${END}\n`,
  'a space before a line': `${BEGIN}\n ${LINE}\n${END}\n`,
  'a space after a line': `${BEGIN}\n${LINE} \n${END}\n`,
  'a checksum of OpenPGP': `${BEGIN}\n${LINE}\n=AAAA\n${END}\n`,
  'a space after the first line': `${BEGIN} \n${LINE}\n${END}\n`,
};

for (const [name, text] of Object.entries(REFUSED)) {
  test(`refused: ${name}`, async () => refused(text));
}

test('padding on a full last line is taken', async () => {
  assert.equal((await decode(`${BEGIN}\n${'A'.repeat(63)}=\n${END}\n`)).length, 47);
});

test('whitespace before and after is taken, up to a limit for each', async () => {
  const body = `${BEGIN}\nQUFB\n${END}`;
  const space = (count: number) => ' \t\r\n'.repeat(count / 4);
  assert.equal(textOfBytes(await decode(`${space(1024)}${body}${space(1024)}`)), 'AAA');
  await refused(`${space(1024)} ${body}`);
  await refused(`${body}${space(1024)} `);
  await refused(`\v${body}`);
  await refused(`${body}\v`);
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
