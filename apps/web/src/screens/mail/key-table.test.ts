import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEY_TABLE, KeyReader } from './key-table.ts';

test('every row of the table does what it says, and no two rows have the same keys', () => {
  const seen = new Set<string>();
  for (const { keys, action } of KEY_TABLE) {
    const name = keys.join(' ');
    assert.ok(!seen.has(name), name);
    seen.add(name);
    const reader = new KeyReader();
    const read = keys.map((key, at) => reader.read(key, at * 100));
    assert.equal(read.at(-1), action);
    if (read.length === 2) assert.equal(read[0], null);
  }
});

test('the second key of a pair has its time, and a pair that is none falls back to its last key', () => {
  const reader = new KeyReader();
  assert.equal(reader.read('g', 0), null);
  assert.equal(reader.read('i', 1600), null);
  assert.equal(reader.read('g', 2000), null);
  assert.equal(reader.read('e', 2100), 'archive');
  assert.equal(reader.read('i', 2200), null);
});
