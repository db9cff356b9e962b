import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeLeaf, encodeLeaf, leafFlag, type LeafFlag } from './leaf.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const flags: readonly LeafFlag[] = ['genesis', 'signed', 'reset', 'veto', 'tombstone', 'reissue'];

test('what is written is read, and what is read is written so', () => {
  fc.assert(
    fc.property(fc.constantFrom(...flags), bytes32, bytes32, (flag, index, commitment) => {
      const bytes = encodeLeaf({ flag, index, commitment });
      assert.deepEqual([...bytes], [1, flags.indexOf(flag), ...index, ...commitment]);
      assert.deepEqual(decodeLeaf(bytes), { flag, index, commitment });
      assert.equal(leafFlag(bytes), flag);
    }),
  );
});

test('a leaf that was read shares no memory with its bytes', () => {
  const bytes = encodeLeaf({ flag: 'signed', index: new Uint8Array(32), commitment: new Uint8Array(32) });
  const leaf = decodeLeaf(bytes);
  bytes.fill(9);
  assert.deepEqual([leaf.index, leaf.commitment], [new Uint8Array(32), new Uint8Array(32)]);
});

test('other lengths, types and flags are refused', () => {
  const good = encodeLeaf({ flag: 'veto', index: new Uint8Array(32), commitment: new Uint8Array(32) });
  const bad = [new Uint8Array(0), good.subarray(1), new Uint8Array([...good, 0]), good.with(0, 0), good.with(0, 2)];
  for (const bytes of [...bad, good.with(1, 6), good.with(1, 255)]) {
    assert.throws(() => decodeLeaf(bytes), { name: 'KeyDirectoryError', code: 'leaf_malformed' });
  }
});

test('a field of another size is not written', () => {
  const [short, right] = [new Uint8Array(31), new Uint8Array(32)];
  const refused = { name: 'KeyDirectoryError', code: 'argument_invalid' };
  assert.throws(() => encodeLeaf({ flag: 'signed', index: short, commitment: right }), refused);
  assert.throws(() => encodeLeaf({ flag: 'signed', index: right, commitment: short }), refused);
});
