import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { canonicalAddress, type Party } from '@latchkey/protocol';
import { host } from '../../test/message-people.ts';
import { growBlindTree, opensBlind } from './blind-tree.ts';

const { engine } = host;
const party = (index: number): Party => ({
  address: canonicalAddress(`r${index}@example.org`),
  version: index,
  identity: Uint8Array.from(randomBytes(32)),
});
const parties = (count: number): Party[] => Array.from({ length: count }, (_, index) => party(index));
const seedOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

test('every recipient’s opening proves that recipient, and no other', async () => {
  for (const [count, depth] of [
    [1, 10],
    [2, 10],
    [1024, 10],
    [1025, 11],
  ] as const) {
    const people = parties(count);
    const { root, openings } = await growBlindTree(engine, seedOf(count % 251), people);
    assert.equal(openings.length, count);
    assert.equal(new Set(openings.map(({ index }) => index)).size, count);
    for (const at of [0, Math.floor(count / 2), count - 1]) {
      const [opening, mine, other] = [openings[at], people[at], people[(at + 1) % count]];
      assert.ok(opening !== undefined && mine !== undefined && other !== undefined);
      assert.equal(opening.path.length, depth);
      assert.equal(await opensBlind(engine, root, { opening, party: mine }), true);
      if (other !== mine) assert.equal(await opensBlind(engine, root, { opening, party: other }), false);
    }
  }
});

test('the same seed gives the same tree; another one, another', async () => {
  const people = parties(3);
  const tree = await growBlindTree(engine, seedOf(1), people);
  assert.deepEqual(await growBlindTree(engine, seedOf(1), people), tree);
  const other = await growBlindTree(engine, seedOf(2), people);
  assert.notDeepEqual(other.root, tree.root);
  assert.notDeepEqual(
    other.openings.map(({ index }) => index),
    tree.openings.map(({ index }) => index),
  );
});

test('places are spread over the whole tree and do not follow the order of the recipients', async () => {
  const { openings } = await growBlindTree(engine, seedOf(3), parties(64));
  const places = openings.map(({ index }) => index);
  assert.notDeepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  // All in one half: 2^-63.
  assert.ok(places.some((place) => place < 512) && places.some((place) => place >= 512));
  // Nobody's salt is a leaf of somebody else's way.
  const salts = new Set(openings.map(({ salt }) => Buffer.from(salt).toString('hex')));
  for (const { path } of openings) {
    for (const beside of path) assert.ok(!salts.has(Buffer.from(beside).toString('hex')));
  }
});

test('more than fit are refused', async () => {
  await assert.rejects(growBlindTree(engine, seedOf(4), Array<Party>(4097).fill(party(0))), {
    name: 'SdkError',
    code: 'recipients_too_many',
  });
});
