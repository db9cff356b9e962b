// The auditor against directories that tell the truth, and against each way not to.
import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { encodeIndexLeaf } from '@latchkey/key-directory';
import {
  decodeEntryBundle,
  encodeEntryBundle,
  leafHash,
  parseCheckpoint,
  parseCosignatures,
  parseNote,
  verifyConsistency,
  verifyInclusion,
  verifyNote,
  witnessCheckpointPath,
} from '@latchkey/tlog';
import { platformVerifier } from '../src/keys/platform-verifier.ts';
import { originHash } from '../src/state/head-store.ts';
import { keyLeaf, TestDirectory } from './test-directory.ts';
import { ed25519Signer, TestLog } from './test-log.ts';
import { make, run, start } from './witness-process.ts';

const people = (from: number, to: number): Uint8Array[] =>
  Array.from({ length: to - from }, (_, at) => keyLeaf(`person ${from + at}`, 0));

interface Found {
  readonly status: number | null;
  readonly reached: boolean;
  readonly heads: readonly { readonly origin: string; readonly size: number | null }[];
  readonly kinds: readonly string[];
  readonly facts: readonly Readonly<Record<string, string | number>>[];
}

// The directory is served by this process, so the auditor must not block it.
async function auditOnce(data: string): Promise<Found> {
  const { spawn } = await import('node:child_process');
  const command = join(import.meta.dirname, '../bin/latchkey-witness');
  const child = spawn(command, ['audit', '--once', '--json', '--data', data], { env: { PATH: '/usr/bin:/bin' } });
  let text = '';
  let wrong = '';
  child.stdout.on('data', (chunk) => (text += String(chunk)));
  child.stderr.on('data', (chunk) => (wrong += String(chunk)));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  assert.notEqual(text, '', wrong);
  const { reached, heads, evidence } = JSON.parse(text) as Found & { evidence: string[] };
  const files = evidence.map(
    (file) => JSON.parse(readFileSync(file, 'utf8')) as { kind: string; facts: Found['facts'][0] },
  );
  return { status, reached, heads, kinds: files.map(({ kind }) => kind), facts: files.map(({ facts }) => facts) };
}

const sizes = ({ heads }: Found): (number | null)[] => heads.map(({ size }) => size);

async function honest(t: TestContext): Promise<{ directory: TestDirectory; data: string }> {
  const directory = await TestDirectory.start(t);
  await directory.publish(...people(0, 3));
  await directory.publish(keyLeaf('person 1', 1), ...people(3, 5));
  const { data } = make(t, 'auditor', directory.lines);
  return { directory, data };
}

test('an honest directory is mirrored, replayed and cosigned, also over the edge of a bundle and after a start', async (t) => {
  const { directory, data } = await honest(t);
  const first = await auditOnce(data);
  assert.deepEqual([first.status, first.reached, sizes(first), first.kinds], [0, true, [6, 2], []]);
  await directory.publish(...people(5, 600));
  assert.deepEqual(sizes(await auditOnce(data)), [601, 3]);
  await directory.publish(keyLeaf('person 7', 1, 'reset'));
  const asked = directory.asked.length;
  assert.deepEqual(sizes(await auditOnce(data)), [602, 4]);
  const bundles = directory.asked.slice(asked).filter((path) => path.includes('entries'));
  assert.deepEqual(bundles, ['/kt/keys/tile/entries/002.p/90', '/kt/index/tile/entries/000.p/4'], 'only what is new');
  assert.equal(statSync(join(data, 'auditor/entries', originHash(directory.keys.origin))).size, 602 * 68);
});

test('run as a service it answers what the log asks, shows what it cosigned, and serves the entries for a restore', async (t) => {
  const directory = await TestDirectory.start(t);
  await directory.publish(...people(0, 300));
  const { data, verifiers } = make(t, 'auditor', directory.lines);
  const auditor = await start(t, 'audit', data);
  const deadline = Date.now() + 20_000;
  while (!auditor.lines().includes(`cosigned ${directory.index.origin} 1`)) {
    assert.ok(Date.now() < deadline, auditor.lines());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await directory.publish(keyLeaf('person 3', 1));
  const keysAnswer = await auditor.post(await directory.keys.request(300));
  assert.equal(keysAnswer.status, 200, keysAnswer.text);
  const answer = await auditor.post(await directory.index.request(1));
  assert.equal(answer.status, 200, answer.text);
  const note = { text: directory.index.text(2), signatures: parseCosignatures(Buffer.from(answer.text)) };
  assert.equal((await verifyNote(note, verifiers, 'all')).verified, true);

  const get = async (path: string): Promise<Uint8Array> =>
    new Uint8Array(await (await fetch(`${auditor.url}/${path}`)).arrayBuffer());
  const shown = parseNote(await get(witnessCheckpointPath(directory.index.origin)));
  assert.equal(shown.text, note.text);
  const hash = originHash(directory.keys.origin);
  const entries = decodeEntryBundle(await get(`${hash}/tile/entries/001.p/45`));
  assert.deepEqual(
    entries.map((entry) => Buffer.from(entry)),
    directory.keys.entries.slice(256).map((entry) => Buffer.from(entry)),
  );
  assert.equal((await fetch(`${auditor.url}/${hash}/tile/entries/001.p/46`)).status, 404);
  assert.equal((await fetch(`${auditor.url}/${hash}/tile/entries/01`)).status, 404);
  assert.equal(await auditor.stop(), 0);
});

test('a map root that no replay gives is evidence, even if the next leaf is right again', async (t) => {
  const { directory, data } = await honest(t);
  await auditOnce(data);
  await directory.addIndexLeaf(new Uint8Array(32).fill(7));
  await directory.addIndexLeaf(directory.mapRoot);
  const found = await auditOnce(data);
  assert.deepEqual([found.status, sizes(found), found.kinds], [3, [6, 2], ['map_root_not_from_replay']]);
  const [facts = {}] = found.facts;
  // Whoever has the file and the log's key sees for himself that the log has signed this leaf.
  const note = parseNote(Buffer.from(String(facts['indexHead'])));
  assert.equal((await verifyNote(note, [platformVerifier(directory.index.signer.key)], 'all')).verified, true);
  const { size, rootHash } = parseCheckpoint(note.text);
  const leaf = Buffer.from(String(facts['indexLeafBase64']), 'base64');
  const proof = String(facts['inclusionProof'])
    .split(' ')
    .map((hash) => new Uint8Array(Buffer.from(hash, 'hex')));
  const index = Number(facts['indexPosition']);
  assert.equal(verifyInclusion({ leafHash: leafHash(leaf), index, size, proof, root: rootHash }), true);
  assert.notEqual(facts['mapRootReplayed'], leaf.toString('utf8', 0, 64));
  // It stays caught, whatever comes later.
  await directory.publish(...people(10, 11));
  const later = await auditOnce(data);
  assert.deepEqual([later.status, sizes(later), later.kinds.length], [3, [6, 2], 1]);
  assert.equal(run('status', '--data', data).status, 3);
});

test('a key log that goes back, forks between index leaves, or has a leaf that cannot be is evidence', async (t) => {
  const back = await honest(t);
  await auditOnce(back.data);
  await back.directory.addIndexLeaf(back.directory.mapRoot, await back.directory.keys.head(3));
  assert.deepEqual((await auditOnce(back.data)).kinds, ['keys_rolled_back']);

  const forked = await honest(t);
  const other = await forked.directory.keys.fork(6);
  await forked.directory.keys.add(...people(20, 22));
  await auditOnce(forked.data);
  await other.add(...people(30, 31));
  await forked.directory.addIndexLeaf(forked.directory.mapRoot, await other.head(7));
  const found = await auditOnce(forked.data);
  assert.deepEqual(found.kinds, ['keys_root_not_from_replay']);
  const [facts = {}] = found.facts;
  const larger = parseCheckpoint(parseNote(Buffer.from(String(facts['keysHead']))).text);
  const proof = String(facts['consistencyProof'])
    .split(' ')
    .map((hash) => new Uint8Array(Buffer.from(hash, 'hex')));
  const oldRoot = new Uint8Array(Buffer.from(String(facts['keysRootReplayed']), 'hex'));
  const claim = { oldSize: 7, oldRoot, newSize: larger.size, newRoot: larger.rootHash, proof };
  assert.equal(verifyConsistency(claim), true, 'the larger head begins with another root than the leaf says');

  const twice = await honest(t);
  await twice.directory.keys.add(keyLeaf('person 2', 0));
  await twice.directory.addIndexLeaf(twice.directory.mapRoot);
  assert.deepEqual((await auditOnce(twice.data)).kinds, ['key_leaf_wrong']);
});

test('an index leaf that is not one, or whose checkpoint the key log never signed, is evidence', async (t) => {
  const garbage = await honest(t);
  await garbage.directory.index.add(new Uint8Array(100).fill(65));
  assert.deepEqual((await auditOnce(garbage.data)).kinds, ['index_leaf_wrong']);

  const unsigned = await honest(t);
  const { keys, mapRoot } = unsigned.directory;
  const impostor = new TestLog(keys.origin, ed25519Signer(keys.origin));
  await impostor.add(...keys.entries);
  await unsigned.directory.index.add(encodeIndexLeaf({ mapRoot, checkpoint: await impostor.head() }));
  assert.deepEqual((await auditOnce(unsigned.data)).kinds, ['index_leaf_wrong']);
});

test('entries that are not those of the head are not kept and accuse nobody for ever', async (t) => {
  const { directory, data } = await honest(t);
  directory.lie = (path, bytes) => (path.includes('/keys/tile/entries/') ? bytes.with(10, 0xff) : bytes);
  const wrong = await auditOnce(data);
  assert.deepEqual([wrong.reached, sizes(wrong)[1]], [false, null]);
  assert.ok(
    wrong.kinds.every((kind) => kind === 'entries_not_of_head'),
    wrong.kinds.join(),
  );
  assert.equal(statSync(join(data, 'auditor/entries', originHash(directory.keys.origin))).size, 0);
  for (const lie of [() => null, () => new Uint8Array(0), () => new Uint8Array(20_000_000)]) {
    directory.lie = (path, bytes) => (path.includes('/tile/') ? lie() : bytes);
    assert.equal((await auditOnce(data)).reached, false);
  }
  directory.lie = (_path, bytes) => bytes;
  assert.deepEqual(sizes(await auditOnce(data)), [6, 2]);
});

test('a fork of the index log is evidence, and an older head is not', async (t) => {
  const { directory, data } = await honest(t);
  await auditOnce(data);
  const { index } = directory;
  directory.index = await index.fork(1);
  assert.deepEqual([(await auditOnce(data)).status, sizes(await auditOnce(data))], [0, [6, 2]]);
  await directory.addIndexLeaf(new Uint8Array(32));
  const found = await auditOnce(data);
  assert.deepEqual([found.kinds, sizes(found)], [['two_heads_of_one_size'], [6, 2]]);
});

test('its own entries, damaged, accuse nobody: it does not start', async (t) => {
  const { directory, data } = await honest(t);
  await auditOnce(data);
  for (const { origin } of [directory.keys, directory.index]) {
    const file = join(data, 'auditor/entries', originHash(origin));
    const whole = readFileSync(file);
    writeFileSync(file, new Uint8Array(whole).with(40, (whole[40] ?? 0) ^ 1));
    assert.match(run('audit', '--once', '--data', data).stderr, /\[state_damaged\]/);
    writeFileSync(file, whole.subarray(0, 100));
    assert.match(run('audit', '--once', '--data', data).stderr, /\[state_damaged\]/);
    writeFileSync(file, whole);
  }
  assert.ok(!readdirSync(join(data, 'auditor')).includes('evidence'));
  assert.deepEqual(sizes(await auditOnce(data)), [6, 2]);
});

test("what a kill left over of a fetch is dropped, even if it was not the log's", async (t) => {
  const { directory, data } = await honest(t);
  await auditOnce(data);
  for (const { origin } of [directory.keys, directory.index]) {
    const file = join(data, 'auditor/entries', originHash(origin));
    appendFileSync(file, encodeEntryBundle([new Uint8Array(66), new Uint8Array(66)]));
    appendFileSync(file, Buffer.of(0, 66, 1));
  }
  await directory.publish(...people(5, 8));
  const found = await auditOnce(data);
  assert.deepEqual([found.status, sizes(found)], [0, [9, 3]]);
});

test('the list of an auditor has whole directories with their URLs, and nothing else', async (t) => {
  const directory = await TestDirectory.start(t);
  const [keys = '', index = ''] = directory.lines;
  for (const lines of [
    [],
    [keys],
    [index],
    [keys, directory.index.line],
    [keys, index, new TestLog('log.example').line],
  ]) {
    const { data } = make(t, 'auditor', lines);
    assert.match(run('audit', '--once', '--data', data).stderr, /\[logs_malformed\]/, lines.join('\n'));
  }
});
