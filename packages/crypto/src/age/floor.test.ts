import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floorOf } from './floor.ts';
import type { WrapKind } from './kinds.ts';

const KINDS: readonly WrapKind[] = ['mlkem768x25519', 'secret256', 'X25519', 'scrypt'];

/** Every pair, written out: what one file key may be wrapped to, in one header or in two. */
const PAIRS: Readonly<Record<string, 'post-quantum' | 'classical' | null>> = {
  'mlkem768x25519 mlkem768x25519': 'post-quantum',
  'mlkem768x25519 secret256': 'post-quantum',
  'mlkem768x25519 X25519': null,
  'mlkem768x25519 scrypt': null,
  'secret256 mlkem768x25519': 'post-quantum',
  'secret256 secret256': 'post-quantum',
  'secret256 X25519': null,
  'secret256 scrypt': null,
  'X25519 mlkem768x25519': null,
  'X25519 secret256': null,
  'X25519 X25519': 'classical',
  'X25519 scrypt': 'classical',
  'scrypt mlkem768x25519': null,
  'scrypt secret256': null,
  'scrypt X25519': 'classical',
  'scrypt scrypt': 'classical',
};

test('every pair of kinds has its floor', () => {
  const found = KINDS.flatMap((one) => KINDS.map((other) => [`${one} ${other}`, floorOf([one, other])]));
  assert.deepEqual(Object.fromEntries(found), PAIRS);
});

test('one kind has its own floor, and none has none', () => {
  assert.deepEqual(
    KINDS.map((kind) => floorOf([kind])),
    ['post-quantum', 'post-quantum', 'classical', 'classical'],
  );
  assert.equal(floorOf([]), null);
});

test('one below the floor among many is enough', () => {
  assert.equal(floorOf(['mlkem768x25519', 'secret256', 'mlkem768x25519', 'X25519']), null);
  assert.equal(floorOf(['mlkem768x25519', 'secret256', 'mlkem768x25519']), 'post-quantum');
});
