import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNote, formatVerifierKey, parseNote, parsePolicy, verifierKey } from '@latchkey/tlog';
import { encodeIndexLeaf } from '../../src/index.ts';
import { MAX_HEAD_AGE_SECONDS, verifyHead, type HeadAnswer, type StoredHead } from '../../src/verify.ts';
import { AUDITOR, hybridLine, NOW, POLICY_TEXT, SmallDirectory, WITNESSES, type Witness } from '../small-directory.ts';

const [NORTH, SOUTH, WEST] = WITNESSES as [Witness, Witness, Witness];

/** A directory that published the labels one by one. */
async function published(...labels: string[]): Promise<SmallDirectory> {
  const small = new SmallDirectory();
  for (const label of labels) {
    await small.add({ label: `${label}@example.org`, note: label });
    await small.publish();
  }
  return small;
}

function sizes(small: SmallDirectory): StoredHead {
  return {
    index: { size: small.index.size, rootHash: small.index.rootHash },
    keys: { size: small.keys.size, rootHash: small.keys.rootHash },
  };
}

async function reasonOf(
  small: SmallDirectory,
  { answer, previous = null, now = NOW }: { answer?: HeadAnswer; previous?: StoredHead | null; now?: number } = {},
): Promise<string> {
  const context = { previous, nowSeconds: now };
  const verdict = await verifyHead(small.directory, answer ?? (await small.head()), context);
  return verdict.refused ? `${verdict.rule} ${verdict.reason}` : 'verified';
}

test('fork of the same size', async () => {
  const shown = await published('alice', 'bob');
  const other = await published('alice', 'carol');
  assert.equal(await reasonOf(other), 'verified');
  assert.equal(await reasonOf(other, { previous: sizes(shown) }), '2 index_forked');
  const onlyKeys = { index: sizes(other).index, keys: sizes(shown).keys };
  assert.equal(await reasonOf(other, { previous: onlyKeys }), '2 keys_forked');
});

test('inconsistent larger tree', async () => {
  const shown = await published('alice', 'bob');
  const other = await published('alice', 'carol', 'dave');
  const answer = await other.head({ index: 2, keys: 2 });
  assert.equal(await reasonOf(other, { answer, previous: sizes(shown) }), '2 index_inconsistent');
});

test('a larger tree without its proof, or with another one', async () => {
  const small = await published('alice', 'bob');
  const previous = sizes(small);
  await small.add({ label: 'carol@example.org', note: 'carol' });
  await small.publish();
  const answer = await small.head({ index: 2, keys: 2 });
  assert.equal(await reasonOf(small, { answer, previous }), 'verified');
  assert.equal(
    await reasonOf(small, { answer: { ...answer, indexConsistency: [] }, previous }),
    '2 index_inconsistent',
  );
  assert.equal(await reasonOf(small, { answer: { ...answer, keysConsistency: [] }, previous }), '2 keys_inconsistent');
});

test('embedded checkpoint inconsistent: the index log is one, the key log in it is two', async () => {
  const small = await published('alice', 'bob');
  const previous = sizes(small);
  const other = await published('alice', 'carol', 'dave');
  small.indexLeaf = encodeIndexLeaf({
    mapRoot: other.replay.mapRoot(),
    checkpoint: await other.keys.checkpoint({ cosigners: WITNESSES }),
  });
  await small.index.append(small.indexLeaf);
  await small.sign();
  const answer = {
    ...(await small.head({ index: 2, keys: 2 })),
    keysConsistency: (await other.head({ index: 2, keys: 2 })).keysConsistency,
  };
  assert.equal(await reasonOf(small, { answer, previous }), '2 keys_inconsistent');
});

test('rollback', async () => {
  const before = await published('alice');
  const now = await published('alice', 'bob');
  assert.equal(await reasonOf(before, { previous: sizes(now) }), '1 index_rolled_back');
  const onlyKeys = { index: sizes(before).index, keys: sizes(now).keys };
  assert.equal(await reasonOf(before, { previous: onlyKeys }), '1 keys_rolled_back');
});

test('freeze', async () => {
  const small = await published('alice');
  assert.equal(MAX_HEAD_AGE_SECONDS, 86_400);
  assert.equal(await reasonOf(small, { now: NOW + MAX_HEAD_AGE_SECONDS }), 'verified');
  assert.equal(await reasonOf(small, { now: NOW + MAX_HEAD_AGE_SECONDS + 1 }), '1 head_stale');
});

test('a freeze prepared ahead: cosignatures from tomorrow', async () => {
  const small = await published('alice');
  assert.equal(await reasonOf(small, { now: NOW - MAX_HEAD_AGE_SECONDS }), 'verified');
  assert.equal(await reasonOf(small, { now: NOW - MAX_HEAD_AGE_SECONDS - 1 }), '1 head_ahead_of_time');
});

test('freeze with one fresh witness: the second of two counts', async () => {
  const small = await published('alice');
  await small.sign({ cosigners: [SOUTH, WEST, AUDITOR], timeSeconds: NOW - 30 * 3600 });
  const old = parseNote(small.indexCheckpoint);
  await small.sign({ cosigners: [NORTH] });
  const fresh = parseNote(small.indexCheckpoint).signatures.slice(1);
  small.indexCheckpoint = formatNote({ text: old.text, signatures: [...old.signatures, ...fresh] });
  assert.equal(await reasonOf(small), '1 head_stale');
});

test('too few witnesses', async () => {
  const small = await published('alice');
  await small.sign({ cosigners: [NORTH, AUDITOR] });
  assert.equal(await reasonOf(small), '1 witnesses_too_few');
  await small.sign({ cosigners: [] });
  assert.equal(await reasonOf(small), '1 witnesses_too_few');
});

test('one witness under two names: two lines of one key are not two witnesses', async () => {
  const small = await published('alice');
  await small.sign({ cosigners: [NORTH, AUDITOR] });
  const note = parseNote(small.indexCheckpoint);
  const line = note.signatures[1];
  assert.ok(line !== undefined);
  const renamed = verifierKey('south.example', NORTH.key.type, NORTH.key.publicKey);
  const second = { ...line, keyName: renamed.name, keyId: renamed.keyId };
  small.indexCheckpoint = formatNote({ text: note.text, signatures: [...note.signatures, second] });
  assert.equal(await reasonOf(small), '1 witnesses_too_few');
  small.indexCheckpoint = formatNote({ text: note.text, signatures: [...note.signatures, line] });
  assert.equal(await reasonOf(small), '1 signature_repeated');
});

test('one witness under two names: no policy has it', () => {
  const twice = POLICY_TEXT.replace(
    formatVerifierKey(SOUTH.key),
    formatVerifierKey(verifierKey('south.example', NORTH.key.type, NORTH.key.publicKey)),
  );
  assert.throws(() => parsePolicy(twice), { code: 'policy_malformed' });
});

test('auditor missing', async () => {
  const small = await published('alice');
  await small.sign({ cosigners: WITNESSES });
  assert.equal(await reasonOf(small), '1 auditor_missing');
  await small.sign({ cosigners: [NORTH] });
  assert.equal(await reasonOf(small), '1 witnesses_too_few');
});

test('index leaf not last: an older one, with its own good proof', async () => {
  const small = await published('alice');
  const first = small.indexLeaf;
  await small.add({ label: 'bob@example.org', note: 'bob' });
  await small.publish();
  const answer = await small.head();
  assert.equal(await reasonOf(small, { answer: { ...answer, indexLeaf: first } }), '3 index_leaf_not_last');
  const withItsProof = { ...answer, indexLeaf: first, indexInclusion: answer.indexInclusion.toReversed() };
  assert.equal(await reasonOf(small, { answer: withItsProof }), '3 index_leaf_not_last');
  assert.equal(await reasonOf(small, { answer: { ...answer, indexInclusion: [] } }), '3 index_leaf_not_last');
});

test('an index log without a leaf', async () => {
  const small = await published('alice');
  const empty = new SmallDirectory();
  await empty.sign();
  const answer = { ...(await small.head()), indexCheckpoint: empty.indexCheckpoint, indexInclusion: [] };
  assert.equal(await reasonOf(empty, { answer }), '3 index_leaf_not_last');
});

test('key log forked between index leaves: the fork has no quorum of its own', async () => {
  const small = await published('alice');
  await small.add({ label: 'bob@example.org', note: 'bob' });
  await small.publish({ keys: { cosigners: [NORTH] } });
  assert.equal(await reasonOf(small), '1 witnesses_too_few');
  const fresh = await published('alice');
  await fresh.publish({ keys: { cosigners: [NORTH, SOUTH] } });
  assert.equal(await reasonOf(fresh), 'verified', 'the auditor cosigns the index log alone');
});

test('second VRF key: it is another log, which nobody knows', async () => {
  const known = await published('alice');
  const second = new SmallDirectory({ vrfWord: 'second vrf' });
  await second.add({ label: 'alice@example.org', note: 'ghost' });
  await second.publish();
  assert.notEqual(second.keys.origin, known.keys.origin);
  assert.equal(await reasonOf(known, { answer: await second.head() }), '1 origin_foreign');
  const mixed = encodeIndexLeaf({
    mapRoot: second.replay.mapRoot(),
    checkpoint: await second.keys.checkpoint({ cosigners: WITNESSES }),
  });
  known.indexLeaf = mixed;
  await known.index.append(mixed);
  await known.sign();
  assert.equal(await reasonOf(known), '1 origin_foreign');
});

test('the index log shown as the key log', async () => {
  const small = await published('alice');
  small.indexLeaf = encodeIndexLeaf({ mapRoot: small.replay.mapRoot(), checkpoint: small.indexCheckpoint });
  await small.index.append(small.indexLeaf);
  await small.sign();
  assert.equal(await reasonOf(small), '1 origin_foreign');
});

test('extension line', async () => {
  const small = await published('alice');
  await small.sign({ extensions: ['more'] });
  assert.equal(await reasonOf(small), '1 extension_line');
  await small.publish({ keys: { extensions: ['more'] } });
  assert.equal(await reasonOf(small), '1 extension_line');
});

test('key-id collision with a bad signature: it spoils the note and wins nothing', async () => {
  const small = await published('alice');
  await small.sign({ cosigners: [NORTH, SOUTH, AUDITOR] });
  const note = parseNote(small.indexCheckpoint);
  const [log] = note.signatures;
  assert.ok(log !== undefined);
  const collision = { keyName: WEST.key.name, keyId: WEST.key.keyId, signature: new Uint8Array(72).fill(1) };
  small.indexCheckpoint = formatNote({ text: note.text, signatures: [...note.signatures, collision] });
  assert.equal(await reasonOf(small), '1 signature_wrong');
});

test('nobody of the log has signed', async () => {
  const small = await published('alice');
  const note = parseNote(small.indexCheckpoint);
  small.indexCheckpoint = formatNote({ text: note.text, signatures: note.signatures.slice(1) });
  assert.equal(await reasonOf(small), '1 log_signature_missing');
});

test('a log with two keys has signed with both, or not at all', async () => {
  const small = new SmallDirectory({ hybrid: true });
  await small.add({ label: 'alice@example.org', note: 'alice' });
  const keys = { cosigners: [...WITNESSES, hybridLine(small.keys.origin)] };
  const index = { cosigners: [...WITNESSES, AUDITOR, hybridLine(small.index.origin)] };
  await small.publish({ keys, index });
  assert.equal(await reasonOf(small), 'verified');
  await small.sign();
  assert.equal(await reasonOf(small), '1 log_signature_missing');
  await small.publish({ index });
  assert.equal(await reasonOf(small), '1 log_signature_missing');
});

test('what is no checkpoint, no note, no index leaf', async () => {
  const small = await published('alice');
  const answer = await small.head();
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
  const notNote = { ...answer, indexCheckpoint: bytes('no note') };
  assert.equal(await reasonOf(small, { answer: notNote }), '1 index_checkpoint_malformed');
  const signed = await small.index.signText('no checkpoint\n', { cosigners: WITNESSES.slice(0, 0) });
  assert.equal(
    await reasonOf(small, { answer: { ...answer, indexCheckpoint: signed } }),
    '1 index_checkpoint_malformed',
  );
  assert.equal(await reasonOf(small, { answer: { ...answer, indexLeaf: bytes('no leaf') } }), '1 index_leaf_malformed');
  const emptyLeaf = encodeIndexLeaf({ mapRoot: small.replay.mapRoot(), checkpoint: bytes('no note') });
  assert.equal(await reasonOf(small, { answer: { ...answer, indexLeaf: emptyLeaf } }), '1 keys_checkpoint_malformed');
  const text = await small.keys.signText('no checkpoint\n');
  const textLeaf = encodeIndexLeaf({ mapRoot: small.replay.mapRoot(), checkpoint: text });
  assert.equal(await reasonOf(small, { answer: { ...answer, indexLeaf: textLeaf } }), '1 keys_checkpoint_malformed');
});

test('a policy that asks nobody gives no time, and no freeze is seen', async () => {
  const small = new SmallDirectory({ policyText: 'quorum none\n' });
  await small.add({ label: 'alice@example.org', note: 'alice' });
  await small.publish({ keys: { cosigners: [] }, index: { cosigners: [] } });
  const context = { previous: null, nowSeconds: NOW + 10 * MAX_HEAD_AGE_SECONDS };
  const head = await verifyHead(small.directory, await small.head(), context);
  assert.ok(!head.refused);
  assert.equal(head.timeSeconds, null);
  assert.deepEqual(head.indexWitnesses, []);
});

test('one changed byte anywhere in the answer is refused', async () => {
  const small = await published('alice', 'bob', 'carol');
  const previous = sizes(small);
  for (const label of ['dave', 'erin']) {
    await small.add({ label: `${label}@example.org`, note: label });
    await small.publish();
  }
  const answer = await small.head({ index: 3, keys: 3 });
  assert.equal(await reasonOf(small, { answer, previous }), 'verified');
  const parts = ['indexCheckpoint', 'indexLeaf'] as const;
  for (const part of parts) {
    for (let at = 0; at < answer[part].length; at += 7) {
      const changed = answer[part].slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      // Lines of a witness that are no longer its own are lines of a stranger: two witnesses and the auditor are enough.
      const reason = await reasonOf(small, { answer: { ...answer, [part]: changed }, previous });
      const strangerOf = part === 'indexCheckpoint' && isWitnessLine(answer[part], at);
      assert.ok(reason !== 'verified' || strangerOf, `${part} ${at}`);
    }
  }
  for (const part of ['indexInclusion', 'indexConsistency', 'keysConsistency'] as const) {
    for (const [place, hash] of answer[part].entries()) {
      const changed = answer[part].with(place, hash.with(place % 32, (hash[place % 32] ?? 0) ^ 1));
      assert.notEqual(await reasonOf(small, { answer: { ...answer, [part]: changed }, previous }), 'verified');
    }
  }
});

/** Name or key id of one of the three witnesses, whose quorum is two. */
function isWitnessLine(note: Uint8Array, at: number): boolean {
  const text = Buffer.from(note);
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const line = text.subarray(start, text.indexOf('\n', at)).toString();
  return /^\u2014 (north|south|west)/u.test(line) && at - start < 'wwwww.example '.length + 10;
}
