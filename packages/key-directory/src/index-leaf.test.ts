import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeIndexLeaf, parseIndexLeaf } from './index-leaf.ts';

const mapRoot = new Uint8Array(32).map((_, at) => at * 7);
const text = (content: string): Uint8Array => new Uint8Array(Buffer.from(content));

test('an index leaf is the map root in hexadecimal digits, a newline and the note', () => {
  const leaf = encodeIndexLeaf({ mapRoot, checkpoint: text('example.org\n0\n') });
  assert.deepEqual(leaf, text(`${Buffer.from(mapRoot).toString('hex')}\nexample.org\n0\n`));
});

test('what is written is read, and what is read is written so', () => {
  const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(bytes32, fc.uint8Array({ minLength: 1, maxLength: 200 }), (root, checkpoint) => {
      const leaf = encodeIndexLeaf({ mapRoot: root, checkpoint });
      assert.deepEqual(parseIndexLeaf(leaf), { mapRoot: root, checkpoint });
    }),
  );
});

test('what is no index leaf is refused', () => {
  const hex = Buffer.from(mapRoot).toString('hex');
  const malformed = [
    '',
    hex,
    `${hex}\n`,
    `${hex} note`,
    `${hex.slice(1)}\nnote`,
    `${hex}0\nnote`,
    `${hex.slice(0, 63)}g\nnote`,
    `${hex.slice(0, 63)}\u00e9note`,
    `${hex.toUpperCase()}\nnote`,
    `${hex}\n${'n'.repeat(65_471)}`,
  ];
  for (const content of malformed) {
    assert.throws(() => parseIndexLeaf(text(content)), { name: 'KeyDirectoryError', code: 'index_leaf_malformed' });
  }
  assert.equal(parseIndexLeaf(text(`${hex}\n${'n'.repeat(65_470)}`)).checkpoint.length, 65_470);
});

test('what would not be read is not written', () => {
  const refused = { code: 'argument_invalid' };
  assert.throws(() => encodeIndexLeaf({ mapRoot: mapRoot.subarray(1), checkpoint: text('note') }), refused);
  assert.throws(() => encodeIndexLeaf({ mapRoot, checkpoint: new Uint8Array(0) }), refused);
  assert.throws(() => encodeIndexLeaf({ mapRoot, checkpoint: new Uint8Array(65_471) }), refused);
  assert.equal(encodeIndexLeaf({ mapRoot, checkpoint: new Uint8Array(65_470) }).length, 65_535);
});
