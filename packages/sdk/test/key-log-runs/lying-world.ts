/**
 * Owners, their clients and a key log whose operator lies; what must never happen is looked at after every call. The
 * reader's side is the real one; the rules here are written from the design, not from its code.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import {
  commit,
  encodeIndexLeaf,
  encodeLeaf,
  IndexTree,
  positionsHash,
  type LeafFlag,
  type Replay,
} from '@latchkey/key-directory';
import { canonicalAddress } from '@latchkey/protocol';
import { formatVerifierKey, treeRoot } from '@latchkey/tlog';
import { parseStored } from '../../src/account/stored-json.ts';
import { evidenceFile } from '../../src/directory/key-log/evidence.ts';
import { verifyEvidence } from '../../src/directory/key-log/verify-evidence.ts';
import { keptHeadSchema, type KeptHead } from '../../src/directory/key-log/kept-head.ts';
import type { PinningDirectory } from '../../src/directory/pinning-directory.ts';
import { provingDirectory } from '../../src/directory/proving-directory.ts';
import type { MadeStatement } from '../key-owner.ts';
import { MemoryKeyLog, testWitness, type KtAnswer, type KtRequest } from '../memory-key-log.ts';
import { memoryVault, type MemoryVault } from '../memory-vault.ts';
import { Owner, type Published } from './owner.ts';

export const HOUR = 3_600;
const DAY = 24 * HOUR;
const START = 1_795_600_000;
const NAMES = ['alice', 'bob', 'carol'] as const;

/** `witnessed`: two of three outside witnesses and an auditor, all honest. `alone`: the operator's word. */
export type Kind = 'witnessed' | 'alone';
export type Lie = (answer: KtAnswer, request: KtRequest) => KtAnswer | Promise<KtAnswer>;

const [north, south, west, auditor] = (await Promise.all(['north', 'south', 'west', 'auditor'].map(testWitness))) as [
  Awaited<ReturnType<typeof testWitness>>,
  Awaited<ReturnType<typeof testWitness>>,
  Awaited<ReturnType<typeof testWitness>>,
  Awaited<ReturnType<typeof testWitness>>,
];
export const COSIGNERS = { north, south, west, auditor };
const POLICY = [
  ...[north, south, west, auditor].map(({ name, key }) => `witness ${name} ${formatVerifierKey(key)}`),
  'group witnesses 2 north south west',
  'group auditors any auditor',
  'group both all witnesses auditors',
  'quorum both',
  '',
].join('\n');

/** What both have signed who contradict themselves: a file about it must be kept, and hold. */
const CONTRADICTIONS: ReadonlySet<string> = new Set([
  'index_forked',
  'keys_forked',
  'genesis_twice',
  'ghost_version',
  'flag_mismatch',
  'reset_unsigned',
  'reset_vetoed',
  'reissue_as_rotation',
  'own_history_foreign',
]);

/** What somebody was told about one address. */
export interface Told {
  /** `known VERSION`, `unknown`, or rule and reason. */
  readonly words: string;
  readonly hash: Uint8Array | null;
}

export class Reader {
  readonly owner: Owner;
  readonly vault: MemoryVault = memoryVault();
  #lie: Lie | null = null;
  /** Has taken a head that the log which everybody else sees does not hold. */
  isSplit = false;
  readonly #world: LyingWorld;
  #directory: PinningDirectory;
  readonly #held = new Set<string>();

  constructor(world: LyingWorld, owner: Owner) {
    this.#world = world;
    this.owner = owner;
    this.#directory = this.#open();
  }

  restart(): void {
    this.#directory = this.#open();
  }

  #open(): PinningDirectory {
    const { owner, vault } = this;
    const world = this.#world;
    const clock = { nowMs: () => world.nowSeconds * 1_000, sleep: async () => undefined };
    const wire = world.log.wire((answer, request) => this.#lie?.(answer, request) ?? answer);
    const keys = {
      get newest() {
        return owner.keys.newest;
      },
      get all() {
        return owner.keys.all;
      },
    };
    const parts = { engine: nodeEngine, wire, session: '', vault, address: owner.address, keys, clock };
    return provingDirectory({ ...parts, log: world.log.pin });
  }

  /** The last head that was taken; null before the first. */
  get keptHead(): KeptHead | null {
    const body = [...this.vault.bodies.values()].find(({ kind }) => kind === 'key-heads');
    return body === undefined ? null : parseStored(keptHeadSchema, body);
  }

  /** Asks an honest server; and looks whether all that must hold does. */
  async ask(target: Owner): Promise<Told> {
    const told = await this.lied(target, null);
    this.#world.requireService(this, target, told);
    return told;
  }

  /** Asks while the server tells this lie. */
  async lied(target: Owner, lie: Lie | null): Promise<Told> {
    this.#lie = lie;
    const told = await this.#asked(target);
    this.#lie = null;
    this.isSplit ||= !(await this.#world.isPublic(this.keptHead));
    this.#world.requireTruth(this, target, told);
    await this.#requireEvidence(told);
    return told;
  }

  async #asked(target: Owner): Promise<Told> {
    try {
      const [resolution] = await this.#directory.resolve([target.address]);
      assert.ok(resolution !== undefined);
      if (resolution.outcome === 'unknown') return { words: 'unknown', hash: null };
      if (resolution.outcome === 'changed') return { words: `${resolution.rule} ${resolution.reason}`, hash: null };
      const { identity } = resolution;
      return { words: `known ${identity.statement.version}`, hash: identity.hash };
    } catch (error) {
      const { rule, reason } = error as { rule?: number; reason?: string };
      if (rule === undefined) throw error;
      return { words: `${rule} ${reason}`, hash: null };
    }
  }

  async #requireEvidence({ words }: Told): Promise<void> {
    const reasons: string[] = [];
    for (const [id, body] of this.vault.bodies) {
      if (body.kind !== 'evidence') continue;
      reasons.push(String(body['reason']));
      if (this.#held.has(id)) continue;
      const verdict = await verifyEvidence(nodeEngine, evidenceFile(body));
      assert.ok(verdict.holds, `evidence of ${String(body['reason'])} does not hold`);
      this.#held.add(id);
    }
    const [, reason = ''] = words.split(' ');
    if (CONTRADICTIONS.has(reason)) assert.ok(reasons.includes(reason), `nothing was kept of ${reason}`);
  }
}

export class LyingWorld {
  nowSeconds = START;
  readonly kind: Kind;
  readonly log: MemoryKeyLog;
  readonly owners: readonly Owner[] = NAMES.map((name) => new Owner(canonicalAddress(`${name}@localhost`)));
  readonly readers: readonly Reader[];
  /** When each index leaf was published, by position. */
  readonly publishedAt: number[] = [];

  private constructor(kind: Kind) {
    this.kind = kind;
    this.log = this.newLog();
    this.readers = this.owners.map((owner) => new Reader(this, owner));
  }

  static async begin(kind: Kind): Promise<LyingWorld> {
    const world = new LyingWorld(kind);
    for (const owner of world.owners) await world.add(owner, await owner.genesis(), { publish: false });
    await world.publish();
    return world;
  }

  newLog(vrfWord = 'vrf'): MemoryKeyLog {
    const nowSeconds = (): number => this.nowSeconds;
    if (this.kind === 'alone') return new MemoryKeyLog({ nowSeconds, vrfWord });
    return new MemoryKeyLog({ nowSeconds, vrfWord, witnesses: [north, south, west, auditor], policy: POLICY });
  }

  async add(owner: Owner, made: MadeStatement, { publish = true }: { readonly publish?: boolean } = {}): Promise<void> {
    await this.log.add(owner.address, made.note, made.flag);
    owner.tell(made, { indexSize: this.log.index.size + 1, atSeconds: this.nowSeconds });
    if (publish) await this.publish();
  }

  async publish(): Promise<void> {
    await this.log.publish();
    this.publishedAt.push(this.nowSeconds);
  }

  /** Owners look at least once a day: a reset that is not theirs is vetoed before its hold is over. */
  async later(hours: number): Promise<void> {
    for (const owner of this.owners) if (owner.pendingReset !== null) await this.add(owner, await owner.veto());
    this.nowSeconds += hours * HOUR;
    await this.log.beat();
  }

  /** Whether the log that everybody sees has, or had, this head. */
  async isPublic(head: KeptHead | null): Promise<boolean> {
    if (head === null) return true;
    const { size, rootHash } = head.index;
    const { index } = this.log;
    return size <= index.size && Buffer.from(await treeRoot(size, index.tiles)).equals(rootHash);
  }

  /** Nobody's keys but the owner's, and no older ones than the head that was taken says. */
  requireTruth({ owner, keptHead, isSplit }: Reader, target: Owner, { words, hash }: Told): void {
    const isAnswered = words === 'unknown' || hash !== null;
    const seenSize = isSplit ? 0 : (keptHead?.index.size ?? 0);
    if (isAnswered && owner.strangeAt !== null && owner.strangeAt <= seenSize) {
      assert.fail('an owner was not told of a foreign statement under the own address');
    }
    if (isAnswered && words === 'unknown') assert.fail('somebody who is there was said to be absent');
    if (hash === null || target === owner) return;
    const found = target.published.find((each) => Buffer.from(each.hash).equals(hash));
    assert.ok(found !== undefined, 'a false key was taken');
    const mustKnow = ({ indexSize, atSeconds }: Published): boolean =>
      atSeconds < this.nowSeconds - DAY || indexSize <= seenSize;
    const newest = target.published.filter(mustKnow).at(-1);
    assert.ok(newest === undefined || found.version >= newest.version, 'an old key was taken for the newest');
  }

  /** Whoever is told the truth, about somebody of whom it is all the truth, is served. */
  requireService({ owner, isSplit }: Reader, target: Owner, { words }: Told): void {
    if (isSplit || owner.foreignAt !== null || target.foreignAt !== null) return;
    assert.equal(words, `known ${target.published.at(-1)?.version}`, 'the truth was refused');
  }

  /** A leaf for the next statement of somebody, wherever it is to stand. */
  leafOf(owner: Owner, { note, version, flag }: { note: string; version: number; flag: LeafFlag }): ForgedLeaf {
    const label = owner.address;
    const opening = new Uint8Array(createHash('sha256').update(`${label} ${version}`).digest().subarray(0, 16));
    const index = this.indexOf(owner);
    const commitment = commit({ opening, label, version, note: new Uint8Array(Buffer.from(note)) });
    return { leaf: encodeLeaf({ flag, index, commitment }), opened: { opening, note } };
  }

  indexOf({ address }: Owner): Uint8Array {
    return this.log.vrf(address).output.slice(0, 32);
  }

  positionsOf(owner: Owner, log: MemoryKeyLog = this.log): number[] {
    return positionsIn(log).get(Buffer.from(this.indexOf(owner)).toString('hex'))?.positions ?? [];
  }

  /**
   * The log as far as told, with some leaves exchanged, and more behind them. Whatever is published in it, nobody honest
   * cosigns.
   */
  async branch({ keysSize, indexSize, exchanged = new Map() }: BranchWish = {}): Promise<MemoryKeyLog> {
    const copy = this.newLog();
    const leaves = this.log.keys.entries.slice(0, keysSize ?? this.log.keys.size);
    const changed = leaves.map((leaf, position) => exchanged.get(position)?.leaf ?? leaf);
    await copy.keys.append(...changed);
    for (const [position, opened] of this.log.notes) copy.notes.set(position, opened);
    for (const [position, { opened }] of exchanged) copy.notes.set(position, opened);
    for (const leaf of changed) copy.replay.add(leaf);
    await copy.index.append(...this.log.index.entries.slice(0, indexSize ?? this.log.index.size));
    copy.indexLeaf = copy.index.entries.at(-1) ?? new Uint8Array();
    return copy;
  }
}

interface BranchWish {
  readonly keysSize?: number;
  readonly indexSize?: number;
  readonly exchanged?: ReadonlyMap<number, ForgedLeaf>;
}

export interface ForgedLeaf {
  readonly leaf: Uint8Array;
  readonly opened: { readonly opening: Uint8Array; readonly note: string };
}

function positionsIn({ keys }: MemoryKeyLog): Map<string, { index: Uint8Array; positions: number[] }> {
  const found = new Map<string, { index: Uint8Array; positions: number[] }>();
  for (const [position, leaf] of keys.entries.entries()) {
    const index = leaf.slice(2, 34);
    const name = Buffer.from(index).toString('hex');
    const one = found.get(name) ?? { index, positions: [] };
    one.positions.push(position);
    found.set(name, one);
  }
  return found;
}

/** Makes the log show a map that says what its operator likes of one index; and follow no rule of a replay. */
export function putMap(log: MemoryKeyLog, index: Uint8Array, positions: readonly number[] | null = null): void {
  const tree = new IndexTree();
  const name = Buffer.from(index).toString('hex');
  const all = positionsIn(log);
  if (positions !== null) all.set(name, { index, positions: [...positions] });
  for (const each of all.values()) if (each.positions.length > 0) tree.set(each.index, positionsHash(each.positions));
  const shown = {
    size: log.keys.size,
    mapRoot: () => tree.root,
    prove: (key: Uint8Array) => tree.prove(key),
    positionsOf: (key: Uint8Array) => all.get(Buffer.from(key).toString('hex'))?.positions ?? [],
  };
  log.replay = shown as unknown as Replay;
}

/** An index leaf over what the log has now, and a head over it that only the log has signed. */
export async function publishAlone(
  log: MemoryKeyLog,
  { embedded }: { readonly embedded?: Uint8Array } = {},
): Promise<void> {
  const checkpoint = embedded ?? (await log.sign(log.keys, { cosigners: [] }));
  log.indexLeaf = encodeIndexLeaf({ mapRoot: log.replay.mapRoot(), checkpoint });
  await log.index.append(log.indexLeaf);
  log.indexCheckpoint = await log.sign(log.index, { cosigners: [] });
}
