import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { encodeLeaf, Replay, type LeafFlag } from '@latchkey/key-directory';
import { canonicalAddress } from '@latchkey/protocol';
import { keyOwner, type MadeIdentity } from '../../../test/key-owner.ts';
import { blobOf, MemoryKeyLog } from '../../../test/memory-key-log.ts';
import { memoryVault } from '../../../test/memory-vault.ts';
import { RefusedError, SdkError } from '../../errors.ts';
import type { BlobBody, StopSignal, Wire } from '../../ports.ts';
import { verifyKeptIdentities } from '../../signing/identity.ts';
import type { OwnKeys } from '../../signing/types.ts';
import { memoryCache } from '../../testing/index.ts';
import { evidenceFacts, evidenceFile } from '../key-log/evidence.ts';
import { verifyEvidence } from '../key-log/verify-evidence.ts';
import { provingDirectory } from '../proving-directory.ts';
import type { TailEffort } from './tail-effort.ts';
import { withLeaves } from './tail-evidence.ts';
import { KeyLogTail, type TailReport } from './tail-key-log.ts';

const alice = canonicalAddress('alice@localhost');
const nowSeconds = 1_795_600_000;
const sha256 = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());

let alices: MadeIdentity;
let keys: OwnKeys;

before(async () => {
  alices = await keyOwner(alice).genesis();
  const [identity] = await verifyKeptIdentities(nodeEngine, [alices.note], { address: alice });
  assert.ok(identity !== undefined);
  const newest = { identity, signer: alices.signer, sealIdentity: '' };
  keys = { newest, all: [newest] };
});

interface Tile {
  readonly log: 'keys' | 'index';
  readonly tile: string;
}

class World {
  readonly vault = memoryVault();
  cache = memoryCache();
  log = new MemoryKeyLog({ nowSeconds: () => nowSeconds });
  readonly asked: string[] = [];
  /** What the operator gives in the place of a tile. */
  lie: (tile: Tile, honest: () => Promise<BlobBody>) => Promise<BlobBody> | BlobBody = (_tile, honest) => honest();
  #fillers = 0;
  #process = this.#begun();

  /** Leaves of other people, so many to a head. */
  async fill(count: number, atOnce = count): Promise<void> {
    for (let added = 0; added < count; added += atOnce) {
      const leaves = Array.from({ length: atOnce }, () => this.leaf(`filler ${(this.#fillers += 1)}`, 'genesis'));
      for (const leaf of leaves) this.log.replay.add(leaf);
      await this.log.keys.append(...leaves);
      await this.log.publish();
    }
  }

  leaf(who: string, flag: LeafFlag): Uint8Array {
    return encodeLeaf({ flag, index: sha256(who), commitment: sha256(`${who} ${flag}`) });
  }

  newProcess(): void {
    this.#process = this.#begun();
  }

  #begun(): { readonly directory: ReturnType<typeof provingDirectory>; readonly tail: KeyLogTail } {
    const clock = { nowMs: () => nowSeconds * 1_000, sleep: () => Promise.resolve() };
    const wire: Wire = {
      ...this.log.wire(),
      read: async (_route, request) => {
        const tile = request as Tile;
        this.asked.push(`${tile.log}/${tile.tile}`);
        return this.lie(tile, () => this.log.read(tile));
      },
    };
    const parts = { engine: nodeEngine, wire, vault: this.vault, address: alice, clock };
    return {
      directory: provingDirectory({ ...parts, session: '', keys, log: this.log.pin }),
      tail: new KeyLogTail({ ...parts, cache: this.cache }),
    };
  }

  async tail(options: { readonly effort?: TailEffort; readonly signal?: StopSignal } = {}): Promise<TailReport> {
    const { directory, tail } = this.#process;
    const look = await directory.ownLook();
    assert.ok(look !== null);
    return tail.readUpTo(look, { effort: 'thorough', ...options });
  }

  /** It is refused so, and what was kept is borne out by the file alone; null where nothing can be. */
  async refuses(reason: string, provedAs: string | null): Promise<void> {
    for (let time = 0; time < 2; time += 1) {
      const error: unknown = await this.tail().catch((thrown: unknown) => thrown);
      assert.ok(error instanceof SdkError && error.code === 'key_log_refused', String(error));
      assert.equal('reason' in error && error.reason, reason);
      this.newProcess();
    }
    assert.deepEqual(await this.proved(), provedAs === null ? [] : [provedAs]);
  }

  async proved(): Promise<readonly string[]> {
    const reasons: string[] = [];
    for (const body of this.vault.bodies.values()) {
      if (body.kind !== 'evidence') continue;
      const verdict = await verifyEvidence(nodeEngine, evidenceFile(body));
      assert.ok(verdict.holds);
      assert.deepEqual([verdict.rule, verdict.reason, verdict.address], [7, body['reason'], alice]);
      assert.deepEqual([verdict.shownBy, verdict.origin], ['log', this.log.index.origin]);
      assert.equal(evidenceFacts(body)?.reason, verdict.reason);
      reasons.push(verdict.reason);
    }
    return reasons;
  }
}

async function world(fillers = 3): Promise<World> {
  const w = new World();
  await w.log.add(alice, alices.note);
  await w.log.publish();
  if (fillers > 0) await w.fill(fillers, 1);
  return w;
}

test('an honest log is read once, and replayed head by head', async () => {
  const w = await world(5);
  assert.deepEqual(await w.tail(), {
    isComplete: true,
    leaves: { read: 6, of: 6 },
    heads: { first: 0, read: 6, of: 6 },
    own: [0],
  });
  w.asked.length = 0;
  await w.tail();
  assert.deepEqual(w.asked, [], 'nothing is new');
  await w.fill(1);
  await w.tail();
  assert.deepEqual(w.asked, ['keys/entries/000.p/7'], 'the newest index leaf came with the head');
  assert.deepEqual(await w.proved(), []);
});

test('a new process goes on where the last one stopped', async () => {
  const w = await world(5);
  await w.tail();
  w.asked.length = 0;
  await w.fill(2, 1);
  w.newProcess();
  const { leaves, heads } = await w.tail();
  assert.deepEqual(
    [leaves, heads],
    [
      { read: 8, of: 8 },
      { first: 0, read: 8, of: 8 },
    ],
  );
  assert.deepEqual(w.asked, ['keys/entries/000.p/8', 'index/entries/000.p/8']);
});

test('a long log is read piece by piece; stopped, it goes on from there', async () => {
  const w = await world(0);
  await w.fill(2_600);
  const stop = { aborted: false };
  w.lie = async (_tile, honest) => {
    if (stop.aborted) throw new SdkError('stopped', 'stopped');
    if (w.asked.length >= 8) stop.aborted = true;
    return honest();
  };
  const first = await w.tail({ signal: stop });
  assert.deepEqual([first.isComplete, first.leaves], [false, { read: 2_048, of: 2_601 }]);
  stop.aborted = false;
  w.asked.length = 0;
  w.lie = (_tile, honest) => honest();
  w.newProcess();
  const second = await w.tail();
  assert.deepEqual([second.isComplete, second.leaves], [true, { read: 2_601, of: 2_601 }]);
  assert.equal(w.asked[0], 'keys/entries/008');
});

test('map flip and flip back: a head that lied for a moment is found, and proved to anybody', async () => {
  const w = await world();
  await w.tail();
  const without = new Replay();
  for (const leaf of w.log.keys.entries.slice(1)) without.add(leaf);
  await w.log.publish({ mapRoot: without.mapRoot() });
  await w.fill(2, 1);
  await w.refuses('map_root_not_from_replay', 'map_root_not_from_replay');
});

test('a lie of a log that is too long for a vault record is kept, and its leaves go into the file', async () => {
  const w = await world();
  await w.fill(8_192);
  const without = new Replay();
  for (const leaf of w.log.keys.entries.slice(1)) without.add(leaf);
  await w.log.publish({ mapRoot: without.mapRoot() });
  await w.fill(1);
  await assert.rejects(w.tail(), { code: 'key_log_refused', reason: 'map_root_not_from_replay' });
  const [body] = [...w.vault.bodies.values()].filter(({ kind }) => kind === 'evidence');
  assert.ok(body !== undefined && evidenceFile(body).length < 40_000);
  // Without the leaves nobody can say.
  assert.deepEqual(await verifyEvidence(nodeEngine, evidenceFile(body)), { holds: false, lacksLeaves: true });
  const host = { engine: nodeEngine, cache: w.cache };
  const file = evidenceFile(await withLeaves(host, body));
  const verdict = await verifyEvidence(nodeEngine, file);
  assert.ok(verdict.holds && verdict.reason === 'map_root_not_from_replay' && verdict.shownBy === 'log');
  // Another leaf in the place of one is not what the log has signed.
  const text = Buffer.from(file).toString();
  const at = text.indexOf('"leaves": "') + 30;
  const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
  assert.deepEqual(await verifyEvidence(nodeEngine, Buffer.from(changed)), { holds: false });
  // A device that has read nothing has nothing to put in, and says so.
  const elsewhere = await withLeaves({ ...host, cache: memoryCache() }, body);
  assert.equal(elsewhere, body);
});

test('a ghost leaf under the own index that the map hides is found without any replay', async () => {
  const w = await world();
  const index = w.log.vrf(alice).output.slice(0, 32);
  await w.log.keys.append(encodeLeaf({ flag: 'signed', index, commitment: sha256('ghost') }));
  w.log.replay.add(w.leaf('somebody in its place', 'genesis'));
  await w.log.publish();
  await w.refuses('leaf_hidden', 'leaf_hidden');
});

test('a ghost leaf that the map shows is the own history’s affair', async () => {
  const w = await world();
  const ghost = await keyOwner(alice).alone({ after: alices, flag: 'signed' });
  await w.log.add(alice, ghost.note, 'signed');
  await w.log.publish();
  await assert.rejects(w.tail(), { code: 'key_log_refused', reason: 'own_history_foreign' });
});

test('a key log that is another one between two index leaves', async () => {
  const w = await world();
  const fork = new MemoryKeyLog({ nowSeconds: () => nowSeconds });
  for (const leaf of [...w.log.keys.entries, w.leaf('somebody else', 'genesis')]) await fork.keys.append(leaf);
  await w.log.publish({ keysCheckpoint: await w.log.sign(fork.keys) });
  await w.fill(1);
  await w.refuses('keys_root_not_from_replay', 'keys_root_not_from_replay');
});

test('a second genesis of somebody is no log to replay', async () => {
  const w = await world();
  await w.log.keys.append(w.leaf('filler 1', 'genesis'));
  w.log.replay.add(w.leaf('somebody in its place', 'genesis'));
  await w.log.publish();
  await w.refuses('genesis_twice', 'genesis_twice');
});

test('bad tiles and partial tiles are noticed, and read again when they are good', async () => {
  for (const [name, reason] of [
    ['another leaf', 'entries_not_of_head'],
    ['one leaf less', 'entries_malformed'],
    ['cut', 'entries_malformed'],
    ['longer than it may be', 'entries_malformed'],
    ['no leaf', 'leaf_malformed'],
    ['withheld', 'entries_missing'],
  ] as const) {
    const w = await world();
    w.lie = async (tile, honest) => {
      const body = await honest();
      if (tile.log !== 'keys') return body;
      const bytes = new Uint8Array(body.totalBytes);
      for await (const piece of body.stream()) bytes.set(piece);
      if (name === 'withheld') throw new RefusedError('not_found');
      if (name === 'another leaf') bytes[bytes.length - 1] = 1 ^ (bytes.at(-1) ?? 0);
      if (name === 'no leaf') bytes[2] = 9;
      if (name === 'one leaf less') return blobOf(bytes.subarray(0, bytes.length - 68));
      if (name === 'cut') return blobOf(bytes.subarray(0, bytes.length - 1));
      if (name === 'longer than it may be') return blobOf(new Uint8Array(1_000_000));
      return blobOf(bytes);
    };
    await w.refuses(reason, null);
    w.lie = (_tile, honest) => honest();
    assert.equal((await w.tail()).isComplete, true, name);
  }
});

test('bad entries of the index log accuse nobody', async () => {
  const w = await world();
  w.lie = async (tile, honest) => {
    if (tile.log === 'keys' || !tile.tile.startsWith('entries')) return honest();
    const { index } = w.log;
    const other = new MemoryKeyLog({ nowSeconds: () => nowSeconds });
    await other.publish();
    const entries = [...index.entries];
    entries[1] = other.indexLeaf;
    return blobOf(Buffer.concat(entries.flatMap((entry) => [Buffer.of(entry.length >> 8, entry.length & 255), entry])));
  };
  // The false leaf is none of the head's: without a proof that it is, nothing is kept.
  const error: unknown = await w.tail().catch((thrown: unknown) => thrown);
  assert.ok(error instanceof SdkError && error.code === 'key_log_refused');
  assert.deepEqual(await w.proved(), []);
  w.lie = (_tile, honest) => honest();
  w.newProcess();
  assert.equal((await w.tail()).isComplete, true);
});

test('rollback while tailing: an older head is not tailed to', async () => {
  const w = await world();
  await w.tail();
  const older = new World();
  await older.log.add(alice, alices.note);
  await older.log.publish();
  w.log = older.log;
  w.newProcess();
  await assert.rejects(w.tail(), { code: 'key_log_refused', rule: 1, reason: 'index_rolled_back' });
  // A vault that lost the head does not help: this device has read further.
  for (const id of w.vault.bodies.keys()) (w.vault.bodies as Map<string, unknown>).delete(id);
  w.newProcess();
  await assert.rejects(w.tail(), { code: 'key_log_refused', reason: 'keys_rolled_back' });
});

test('an endless answer is not read, and a slow one ends with the signal', async () => {
  const w = await world();
  w.lie = () => ({
    totalBytes: 1e12,
    stream: () => assert.fail('it was read'),
  });
  await assert.rejects(w.tail(), { reason: 'entries_malformed' });
  w.lie = () => Promise.reject(new SdkError('stopped', 'stopped'));
  assert.deepEqual((await w.tail()).isComplete, false);
});

test('beside another command a longer log is tailed only', async () => {
  const w = await world(0);
  await w.fill(16_400);
  const { leaves, heads } = await w.tail({ effort: 'brief' });
  assert.deepEqual([leaves.read, heads], [16_401, null]);
  assert.deepEqual((await w.tail()).heads, { first: 0, read: 2, of: 2 });
});
