import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode, collect, cutInto, streamOf } from '../../test/streams.ts';
import { asciiBytes, textOfBytes } from './bytes.ts';
import { decodeArmor } from './decode-armor.ts';

const BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----';
const END = '-----END AGE ENCRYPTED FILE-----';
const LINE = 'A'.repeat(64);

test('a second armored file after the first is refused, never joined to it', async () => {
  // Only whole lines in the first: its end says nothing about whether more may follow.
  for (const first of ['', `${LINE}\n`, `${LINE}\n${LINE}\n`]) {
    const text = `${BEGIN}\n${first}${END}\n${BEGIN}\nQUFB\n${END}\n`;
    await assert.rejects(collect(decodeArmor(streamOf(asciiBytes(text)))), hasCode('armor_malformed'));
  }
});

test('no empty piece is given out', async () => {
  const text = `${BEGIN}\n${LINE}\nQUFB\n${END}\n`;
  const pieces: string[] = [];
  for await (const piece of decodeArmor(cutInto(asciiBytes(text), 7))) pieces.push(textOfBytes(piece));
  assert.equal(pieces.join(''), `${'\0'.repeat(48)}AAA`);
  assert.ok(!pieces.includes(''));
});
