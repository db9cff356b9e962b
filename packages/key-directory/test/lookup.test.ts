import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stillCurrent, verifyHead, verifyLookup, type VerifiedHead } from '../src/verify.ts';
import { NOW, SmallDirectory } from './small-directory.ts';

async function verified(small: SmallDirectory): Promise<VerifiedHead> {
  const head = await verifyHead(small.directory, await small.head(), { previous: null, nowSeconds: NOW });
  assert.ok(!head.refused, JSON.stringify(head));
  return head;
}

test('a label is looked up, found with its notes, and found again after it changed', async () => {
  const small = new SmallDirectory();
  await small.add({ label: 'alice@example.org', note: 'alice 0' });
  await small.add({ label: 'bob@example.org', note: 'bob 0' });
  await small.publish();
  const head = await verified(small);
  assert.equal(head.timeSeconds, NOW);
  assert.deepEqual(
    head.keysWitnesses.map(({ name }) => name),
    ['north', 'south', 'west'],
  );

  const first = verifyLookup(
    head,
    { label: 'alice@example.org', known: null },
    await small.lookup('alice@example.org'),
  );
  assert.ok(!first.refused && first.found);
  assert.equal(first.version, 0);
  assert.deepEqual(first.positions, [0]);
  assert.equal(Buffer.from(first.versions[0]?.note ?? []).toString(), 'alice 0');

  await small.add({ label: 'alice@example.org', note: 'alice 1' });
  await small.add({ label: 'alice@example.org', note: 'alice 2', flag: 'reset' });
  await small.publish();
  const known = { index: head.index.size, keys: head.keys.size };
  const next = await verifyHead(small.directory, await small.head(known), { previous: head, nowSeconds: NOW });
  assert.ok(!next.refused);
  assert.equal(stillCurrent(next, first), false);
  assert.equal(stillCurrent(head, first), true);
  assert.throws(() => stillCurrent({ ...head }, first), { code: 'argument_invalid' });
  const question = { label: 'alice@example.org', known: { version: 0, position: 0 } };
  const second = verifyLookup(next, question, await small.lookup('alice@example.org', 1));
  assert.ok(!second.refused && second.found);
  assert.equal(second.version, 2);
  assert.deepEqual(second.positions, [0, 2, 3]);
  assert.deepEqual(
    second.versions.map(({ version, position, flag, note }) => [
      version,
      position,
      flag,
      Buffer.from(note ?? []).toString(),
    ]),
    [
      [1, 2, 'signed', 'alice 1'],
      [2, 3, 'reset', 'alice 2'],
    ],
  );
});

test('a label that nobody has is shown to be absent', async () => {
  const small = new SmallDirectory();
  for (let at = 0; at < 20; at += 1) await small.add({ label: `user${at}@example.org`, note: `${at}` });
  await small.publish();
  const head = await verified(small);
  const absent = verifyLookup(
    head,
    { label: 'carol@example.org', known: null },
    await small.lookup('carol@example.org'),
  );
  assert.deepEqual(absent, { refused: false, found: false, label: 'carol@example.org', mapRoot: head.mapRoot });
});
