import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '@noble/hashes/sha2.js';
import { positionsHash } from '../positions.ts';
import { PositionLists } from './position-lists.ts';

test('many lists keep their positions and counts apart', () => {
  const lists = new PositionLists(sha256);
  const kept = Array.from({ length: 300 }, (): number[] => []);
  for (let position = 0; position < 2000; position += 1) {
    const list = position < 300 ? position : (position * position) % 300;
    assert.equal(lists.append(list, position), kept[list]?.length);
    kept[list]?.push(position);
  }
  kept.forEach((positions, list) => {
    assert.deepEqual(lists.list(list), positions);
    assert.deepEqual(lists.hash(list), positionsHash(positions));
  });
  assert.deepEqual(lists.list(300), []);
});

test('a position has all four of its bytes in the hash', () => {
  const lists = new PositionLists(sha256);
  for (const position of [0x01_02, 0x01_02_03, 0x01_02_03_04]) lists.append(0, position);
  assert.deepEqual(lists.hash(0), positionsHash([0x01_02, 0x01_02_03, 0x01_02_03_04]));
});

test('a long list is hashed on from where it was, whenever it is asked', () => {
  const lists = new PositionLists(sha256);
  const positions: number[] = [];
  for (let position = 0; position < 200; position += 1) {
    positions.push(position * 3);
    lists.append(0, position * 3);
    if (position % 3 === 0) assert.deepEqual(lists.hash(0), positionsHash(positions));
  }
  assert.deepEqual(lists.hash(0), positionsHash(positions));
  assert.deepEqual(lists.hash(0), positionsHash(positions));
});
