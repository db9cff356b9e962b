import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress } from '@latchkey/protocol';
import { keyOwner, type MadeStatement } from '../../../test/key-owner.ts';
import type { ShownStatement } from '../history/judge-history.ts';
import { judgeOwnHistory } from './own-history.ts';

const alice = canonicalAddress('alice@localhost');
const owner = keyOwner(alice);
const zero = await owner.genesis();
const one = await owner.rotation({ after: zero });
const other = await keyOwner(alice).genesis();
const own = [one.note, zero.note];

async function says(...shown: readonly ShownStatement[]): Promise<string> {
  const verdict = await judgeOwnHistory(nodeEngine, { address: alice, shown, own, nowSeconds: 1_795_600_000 });
  return verdict.taken ? 'taken' : verdict.reason;
}
const deleted = ({ version, flag }: MadeStatement): ShownStatement => ({ version, flag, note: null });

test('a leaf whose statement was deleted, or lost with a disk, is missing and accuses nobody', async () => {
  assert.equal(await says(zero, one), 'taken');
  assert.equal(await says(deleted(zero), one), 'own_history_missing');
  assert.equal(await says(zero, deleted(one)), 'own_history_missing');
  assert.equal(await says(zero), 'own_history_missing');
});

test('another statement in the place of an own one is foreign, whatever is missing besides', async () => {
  assert.equal(await says({ ...zero, note: other.note }, one), 'own_history_foreign');
  assert.equal(await says({ ...zero, note: other.note }, deleted(one)), 'own_history_foreign');
  assert.equal(await says(deleted(zero), { ...one, note: other.note }), 'own_history_foreign');
});
