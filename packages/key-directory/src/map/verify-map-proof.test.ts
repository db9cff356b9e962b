import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { modelRoot } from '../../test/map-model.ts';
import { IndexTree } from './index-tree.ts';
import { EMPTY_MAP_ROOT, encodeVarint, keyBit, mapLeafHash, mapNodeHash } from './map-hash.ts';
import { verifyMapProof } from './verify-map-proof.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

function treeOf(keys: readonly Uint8Array[]): IndexTree {
  const tree = new IndexTree();
  for (const one of keys) tree.set(one, key(0xcc));
  return tree;
}

test('a changed, cut or longer proof is refused', () => {
  fc.assert(
    fc.property(
      fc.array(bytes32, { minLength: 1, maxLength: 60 }),
      bytes32,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (keys, absent, place, change) => {
        const tree = treeOf(keys);
        for (const asked of [keys[place % keys.length] ?? absent, absent]) {
          const { value, proof } = tree.prove(asked);
          const claim = { root: tree.root, key: asked, value };
          assert.equal(verifyMapProof({ ...claim, proof }), true);
          assert.equal(verifyMapProof({ ...claim, proof: new Uint8Array([...proof, change]) }), false);
          if (proof.length === 0) continue;
          const at = place % proof.length;
          assert.equal(verifyMapProof({ ...claim, proof: proof.with(at, (proof[at] ?? 0) ^ change) }), false);
          assert.equal(verifyMapProof({ ...claim, proof: proof.subarray(0, at) }), false);
          assert.equal(verifyMapProof({ ...claim, proof: proof.subarray(at + 1) }), false);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('a proof holds for its root, key and value alone', () => {
  const tree = treeOf([key(1), key(2), key(0x80)]);
  const { value, proof } = tree.prove(key(1));
  const claim = { root: tree.root, key: key(1), value, proof };
  assert.equal(verifyMapProof(claim), true);
  assert.equal(verifyMapProof({ ...claim, root: treeOf([key(1), key(2)]).root }), false);
  assert.equal(verifyMapProof({ ...claim, key: key(2) }), false);
  assert.equal(verifyMapProof({ ...claim, value: key(0xcd) }), false);
  assert.equal(verifyMapProof({ ...claim, value: new Uint8Array(0) }), false);
});

test('a proof of absence may not end where the look-up would not', () => {
  const tree = treeOf([key(0x00), key(0x80), key(0xc0)]);
  const elsewhere = tree.prove(key(0x01));
  assert.equal(verifyMapProof({ root: tree.root, key: key(0x01), value: null, proof: elsewhere.proof }), true);
  // The same bytes show that 0x00 is there. They do not show that 0x81, whose way parts at bit 0, is not.
  assert.equal(verifyMapProof({ root: tree.root, key: key(0x81), value: null, proof: elsewhere.proof }), false);
});

test('nothing is absent from a map by an empty proof, but from the empty one', () => {
  const empty = { key: key(1), value: null, proof: new Uint8Array(0) };
  assert.equal(verifyMapProof({ ...empty, root: EMPTY_MAP_ROOT }), true);
  assert.equal(verifyMapProof({ ...empty, root: new IndexTree().root }), true);
  assert.equal(verifyMapProof({ ...empty, root: treeOf([key(2)]).root }), false);
  assert.equal(verifyMapProof({ ...empty, root: EMPTY_MAP_ROOT, proof: Uint8Array.of(0) }), false);
});

test('lengths and bits have one spelling', () => {
  const tree = treeOf([key(0x00), key(0x80)]);
  const { proof } = tree.prove(key(0x00));
  const claim = { root: tree.root, key: key(0x00), value: key(0xcc) };
  assert.equal(proof[0], 0, 'the keys part at bit 0');
  assert.equal(verifyMapProof({ ...claim, proof }), true);
  const longBit = new Uint8Array([0x80, 0x00, ...proof.subarray(1)]);
  assert.equal(verifyMapProof({ ...claim, proof: longBit }), false);
  const absent = tree.prove(key(0x01)).proof;
  const longLength = new Uint8Array([0xa0, 0x00, ...absent.subarray(1)]);
  assert.equal(verifyMapProof({ root: tree.root, key: key(0x01), value: null, proof: absent }), true);
  assert.equal(verifyMapProof({ root: tree.root, key: key(0x01), value: null, proof: longLength }), false);
  const endless = new Uint8Array(40).fill(0x80);
  assert.equal(verifyMapProof({ ...claim, proof: endless }), false);
  assert.equal(verifyMapProof({ root: tree.root, key: key(0x01), value: null, proof: endless }), false);
});

test('bits fall from the leaf to the root: an upside-down tree is none', () => {
  const leaf = mapLeafHash({ key: key(0), value: key(1) });
  const [one, other] = [key(7), key(8)];
  const steps = (low: number, high: number): Uint8Array =>
    new Uint8Array([...encodeVarint(low), ...one, ...encodeVarint(high), ...other]);
  const root = (low: number, high: number): Uint8Array =>
    mapNodeHash({ bit: high, left: mapNodeHash({ bit: low, left: leaf, right: one }), right: other });
  const claim = { key: key(0), value: key(1) };
  assert.equal(verifyMapProof({ ...claim, root: root(9, 4), proof: steps(9, 4) }), true);
  assert.equal(verifyMapProof({ ...claim, root: root(4, 9), proof: steps(4, 9) }), false);
  assert.equal(verifyMapProof({ ...claim, root: root(4, 4), proof: steps(4, 4) }), false);
});

test('the longest proof is that of a key that parts from others in every bit', () => {
  const all = new Uint8Array(32);
  const keys = Array.from({ length: 256 }, (_, bit) => all.with(bit >> 3, 0x80 >> (bit & 7)));
  const tree = treeOf([all, ...keys]);
  assert.deepEqual(tree.root, modelRoot([all, ...keys].map((one) => ({ key: one, value: key(0xcc) }))));
  for (const one of [all, ...keys]) {
    const { value, proof } = tree.prove(one);
    assert.equal(verifyMapProof({ root: tree.root, key: one, value, proof }), true);
  }
  assert.equal(tree.prove(all).proof.length, 128 * 33 + 128 * 34);
  const absent = tree.prove(all.with(31, 0x03));
  assert.equal(absent.value, null);
  assert.equal(verifyMapProof({ root: tree.root, key: all.with(31, 0x03), value: null, proof: absent.proof }), true);
});

test('a proof of absence is longer by the other key, and none is longer than that', () => {
  const all = new Uint8Array(32);
  const keys = Array.from({ length: 255 }, (_, bit) => all.with((bit + 1) >> 3, 0x80 >> ((bit + 1) & 7)));
  const tree = treeOf([all, ...keys]);
  const absent = all.with(0, 0x80);
  const { value, proof } = tree.prove(absent);
  assert.equal(proof.length, 8609);
  assert.equal(verifyMapProof({ root: tree.root, key: absent, value, proof }), true);
});

test('a longer proof is not looked at, even if it is right', () => {
  const long = new Uint8Array(8600);
  const proof = new Uint8Array([...encodeVarint(long.length), ...long, 1, 7]);
  const root = mapLeafHash({ key: long, value: Uint8Array.of(7) });
  assert.equal(proof.length, 8604);
  assert.equal(verifyMapProof({ root, key: key(1), value: null, proof }), true);
  const longer = new Uint8Array(8606);
  const tooLong = new Uint8Array([...encodeVarint(longer.length), ...longer, 1, 7]);
  assert.equal(tooLong.length, 8610);
  const claim = { root: mapLeafHash({ key: longer, value: Uint8Array.of(7) }), key: key(1), value: null };
  assert.equal(verifyMapProof({ ...claim, proof: tooLong }), false);
});

test('a sibling has 32 bytes, whatever the root is made of', () => {
  const leaf = mapLeafHash({ key: key(0), value: key(1) });
  const claim = { key: key(0), value: key(1) };
  for (const length of [31, 32]) {
    const sibling = new Uint8Array(length).fill(9);
    const root = mapNodeHash({ bit: 5, left: leaf, right: sibling });
    assert.equal(verifyMapProof({ ...claim, root, proof: new Uint8Array([5, ...sibling]) }), length === 32);
  }
});

test('in a map whose halves are made alike a look-up still goes its own way', () => {
  const other = key(0x00);
  const leaf = mapLeafHash({ key: other, value: key(1) });
  const root = mapNodeHash({ bit: 0, left: leaf, right: leaf });
  const proof = new Uint8Array([32, ...other, 32, ...key(1), 0, ...leaf]);
  assert.equal(verifyMapProof({ root, key: key(0x01), value: null, proof }), true);
  assert.equal(verifyMapProof({ root, key: key(0x81), value: null, proof }), false);
});

test('keys go on as 00 ff ff … after their end', () => {
  const short = Uint8Array.of(0b1010_0101);
  assert.deepEqual(
    Array.from({ length: 26 }, (_, at) => keyBit(short, at)),
    [1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
  );
});

test('a varint has seven bits a byte, the lowest first', () => {
  assert.deepEqual([0, 1, 127, 128, 255, 300, 16_384].map(encodeVarint), [
    [0],
    [1],
    [127],
    [0x80, 1],
    [0xff, 1],
    [0xac, 2],
    [0x80, 0x80, 1],
  ]);
});
