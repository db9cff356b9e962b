import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Replay, parseIndexLeaf } from '@latchkey/key-directory';
import {
  decodeEntryBundle,
  formatTilePath,
  leafHash,
  parseCheckpoint,
  parseNote,
  RunningTree,
  TILE_WIDTH,
  type Checkpoint,
  type VerifierKey,
} from '@latchkey/tlog';
import { WireRefused } from '../src/testing/index.ts';
import { directoryOf, logKeysOf, lookedUp, nextVersion, resolveUntil, verifiedHead } from './key-log-client.ts';
import { register, type TestOwner } from './test-owner.ts';
import { startTestWitness, type TestWitness } from './test-witness.ts';

const origin = 'http://kill.test';
/** createAccount, or addStatement; then each log grows and is published. */
const writesOfAnUpdate = 5;

let witness: TestWitness;
let logKeys: readonly VerifierKey[] = [];
let data: string;

before(async () => {
  witness = await startTestWitness('example.org/w', () => logKeys);
  data = mkdtempSync(join(tmpdir(), 'latchkey-key-log-kill-'));
});
const children: ChildProcess[] = [];

after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await witness.stop();
  rmSync(data, { recursive: true });
});

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
}

async function serve(): Promise<Served> {
  const keyLog = { witness: [{ url: witness.url, key: [...witness.keys] }], auditor: [], quorum: null };
  const child = fork(join(import.meta.dirname, 'serve-for-kill.ts'), [data, JSON.stringify(keyLog)]);
  children.push(child);
  const ended = once(child, 'exit').then(() => null);
  const message = await Promise.race([once(child, 'message') as Promise<[number]>, ended]);
  assert.ok(message !== null, 'the server died before it listened');
  return { child, url: `http://127.0.0.1:${message[0]}` };
}

/** A log that is closed makes no more writes at which it could die. */
async function gone({ child }: Served): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const late = AbortSignal.timeout(30_000);
  await once(child, 'exit', { signal: late }).catch((error: unknown) => {
    child.kill('SIGKILL');
    requireOneHeadOfEachSize();
    throw error;
  });
}

function requireOneHeadOfEachSize(): void {
  for (const [place, roots] of witness.seen) assert.equal(roots.size, 1, `two heads: ${place}`);
}

/** What was acknowledged, by address: the statements in order. */
const acknowledged = new Map<string, string[]>();
let reader: TestOwner | null = null;

/** @returns null where the line was cut */
async function untilCut<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    // A cut line is a TypeError of fetch; a repeated write finds what it wrote the first time.
    if (error instanceof TypeError || (error instanceof WireRefused && error.code === 'storage_failed')) return null;
    throw error;
  }
}

/** Every entry from the tiles, replayed, is what the checkpoints say; and every acknowledged statement is proved. */
async function checkAll({ url }: Served): Promise<void> {
  assert.ok(reader !== null);
  reader.wire.origin = url;
  const directory = directoryOf(await reader.wire.call('ktPolicy', {}));
  for (const [address, count] of [...acknowledged].map(([name, notes]) => [name, notes.length] as const)) {
    const resolved = await resolveUntil(reader.wire, address, { versions: count });
    const found = lookedUp(await verifiedHead(directory, resolved), address, resolved.answers[0]);
    assert.ok(!found.refused && found.found, JSON.stringify(found));
    const notes = found.versions.map(({ note }) => Buffer.from(note ?? []).toString('utf8'));
    assert.deepEqual(notes.slice(1), acknowledged.get(address)?.slice(1));
  }
  const keys = await log(url, 'keys');
  const index = await log(url, 'index');
  const replay = new Replay();
  const places = new Map<string, string>();
  for (const leaf of index.entries) {
    const { mapRoot, checkpoint } = parseIndexLeaf(leaf);
    const { size, rootHash } = parseCheckpoint(parseNote(checkpoint).text);
    while (replay.size < size) replay.add(keys.entries[replay.size] ?? new Uint8Array());
    assert.deepEqual(replay.logRoot(), rootHash);
    assert.deepEqual(replay.mapRoot(), mapRoot);
    places.set(`keys ${size}`, 'once');
  }
  assert.equal(places.size, index.entries.length, 'two index leaves over one size of the key log');
  requireOneHeadOfEachSize();
}

async function log(url: string, name: 'keys' | 'index'): Promise<{ head: Checkpoint; entries: Uint8Array[] }> {
  const get = async (path: string): Promise<Uint8Array> => {
    const response = await fetch(`${url}/kt/${name}/${path}`);
    assert.equal(response.status, 200, path);
    return new Uint8Array(await response.arrayBuffer());
  };
  const head = parseCheckpoint(parseNote(await get('checkpoint')).text);
  const entries: Uint8Array[] = [];
  for (let index = 0; index * TILE_WIDTH < head.size; index++) {
    const width = Math.min(TILE_WIDTH, head.size - index * TILE_WIDTH);
    const bytes = await get(formatTilePath({ level: 'entries', index, width }));
    entries.push(...decodeEntryBundle(bytes, { width }));
  }
  const tree = new RunningTree();
  for (const entry of entries) tree.append(leafHash(entry));
  assert.deepEqual(tree.rootHash(), head.rootHash, `the ${name} log is not what was signed`);
  return { head, entries };
}

test('killed before and after each write of an update, nothing acknowledged is lost and no head is signed twice', async () => {
  const first = await serve();
  reader = await register(origin, 'reader@localhost', { connectTo: first.url });
  logKeys = logKeysOf(await reader.wire.call('ktPolicy', {}));
  acknowledged.set(reader.address, ['genesis']);
  let owner = reader;
  let served = first;
  for (let atWrite = 1; atWrite <= writesOfAnUpdate; atWrite++) {
    for (const when of ['before', 'after']) {
      await checkAll(served);
      served.child.send({ atWrite, when });
      owner.wire.origin = served.url;
      const next = await nextVersion(owner);
      const answered = await untilCut(owner.wire.call('directoryUpdate', { statement: next.statement }));
      await gone(served);

      served = await serve();
      owner.wire.origin = served.url;
      if (answered === null) {
        // Written or not: the repetition says so.
        await owner.wire.call('directoryUpdate', { statement: next.statement }).catch((error: unknown) => {
          if (!(error instanceof WireRefused && error.code === 'statement_refused')) throw error;
        });
      }
      owner = next.owner;
      acknowledged.get(owner.address)?.push(next.statement);
    }
  }
  await checkAll(served);
  served.child.kill('SIGKILL');
  await gone(served);
});

// Again and again, with witness and auditor, in bench/keys/kill-all.soak.ts.
test('killed anywhere under load', async () => {
  const served = await serve();
  const timer = setTimeout(() => served.child.kill('SIGKILL'), 700);
  const lanes = Array.from({ length: 4 }, async (_each, lane) => {
    let owner = await untilCut(register(origin, `load-${lane}@localhost`, { connectTo: served.url }));
    if (owner === null) return;
    const notes = ['genesis'];
    acknowledged.set(owner.address, notes);
    for (;;) {
      const next = await nextVersion(owner);
      const answered = await untilCut(owner.wire.call('directoryUpdate', { statement: next.statement }));
      if (answered === null) break;
      notes.push(next.statement);
      owner = next.owner;
    }
    // The last one may have been written all the same.
    acknowledged.delete(owner.address);
    halfKnown.set(owner.address, notes);
  });
  await Promise.all(lanes);
  clearTimeout(timer);
  await gone(served);
  const again = await serve();
  await settleHalfKnown(again);
  await checkAll(again);
  again.child.kill('SIGKILL');
  await gone(again);
});

/** Statements of whose last one nobody knows whether it was written. */
const halfKnown = new Map<string, string[]>();

async function settleHalfKnown({ url }: Served): Promise<void> {
  assert.ok(reader !== null);
  reader.wire.origin = url;
  for (const [address, notes] of halfKnown) {
    const stored = await storedNotes(reader, address);
    assert.ok(stored.length === notes.length || stored.length === notes.length + 1);
    assert.deepEqual(stored.slice(1, notes.length), notes.slice(1));
    acknowledged.set(address, ['genesis', ...stored.slice(1)]);
  }
  halfKnown.clear();
}

async function storedNotes({ wire }: TestOwner, address: string): Promise<readonly string[]> {
  const { answers } = await wire.call('directoryResolve', { wanted: [{ address, fromVersion: 0 }] });
  const [answer] = answers;
  assert.ok(answer?.answer === 'known');
  assert.equal(answer.more, false);
  return answer.notes;
}
