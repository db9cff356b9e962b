import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageVectors } from '../../test/age-vectors.ts';
import { floorOf } from './floor.ts';
import type { WrapKind } from './kinds.ts';

const KINDS: readonly WrapKind[] = ['mlkem768x25519', 'secret256', 'X25519', 'scrypt'];

test('every pair of kinds has its floor', () => {
  const found = KINDS.flatMap((one) => KINDS.map((other) => ({ kinds: [one, other], floor: floorOf([one, other]) })));
  assert.deepEqual(found, ageVectors('floor').pairs);
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
