/**
 * What the key log's thread does: keeps the map of both states, computes the next heads and proves. It writes nothing:
 * what it computes counts once the writer has it on disk. docs/spec/13-key-log.md.
 */
import { encodeIndexLeaf, parseIndexLeaf, Replay, vrfInput } from '@latchkey/key-directory';
import { proveVrf } from '@latchkey/key-directory/prove';
import {
  growTree,
  inclusionProver,
  leafHash,
  parseCheckpoint,
  parseNote,
  proveConsistency,
  proveInclusion,
  treeRoot,
  type HashTiles,
} from '@latchkey/tlog';
import { ServerError } from '../errors.ts';
import type { LogName } from '../store/schema.ts';
import type { Db } from '../store/sqlite.ts';
import type { AddressIndex, Growth } from '../writes/key-log.ts';
import type { LogSigner } from './log-signer.ts';
import { countLeaves, readHeads, type StoredHead } from './read-heads.ts';
import { storedTiles } from './stored-tiles.ts';

export interface WantedLabel {
  readonly logIndex: Uint8Array;
  readonly fromVersion: number;
}

export interface KnownSizes {
  readonly indexSize: number;
  readonly keysSize: number;
}

export interface ProvedLabel {
  readonly positions: readonly number[];
  readonly mapProof: Uint8Array;
  readonly leaves: readonly { readonly leaf: Uint8Array; readonly inclusion: readonly Uint8Array[] }[];
}

export interface ServedHead {
  readonly indexCheckpoint: string;
  readonly indexLeaf: string;
  readonly indexInclusion: readonly Uint8Array[];
  readonly indexSize: number;
  readonly keysSize: number;
}

export interface Proved {
  readonly head: ServedHead & {
    readonly indexConsistency: readonly Uint8Array[];
    readonly keysConsistency: readonly Uint8Array[];
  };
  readonly labels: readonly ProvedLabel[];
}

/** More than come in a second; a longer queue is taken in several heads. */
const leavesAtOnce = 20_000;

export class LogState {
  readonly #db: Db;
  readonly #signer: LogSigner;
  readonly #vrfSecret: Uint8Array;
  /** Up to the newest signed head of the key log, or further where that was not written. */
  readonly #next = new Replay();
  /** Up to the head that is served. Two of them: while witnesses are away the served one must go on to prove. */
  readonly #served = new Replay();
  #head: ServedHead | null = null;

  constructor(db: Db, signer: LogSigner, vrfSecret: Uint8Array) {
    this.#db = db;
    this.#signer = signer;
    this.#vrfSecret = vrfSecret;
  }

  /** Reads the whole key log. @throws ServerError `data_damaged` where it is not what was signed */
  async open(): Promise<void> {
    const { keys, index } = await readHeads(this.#db);
    await this.#advance(this.#next, keys.signed?.size ?? 0);
    for (const [log, head] of [
      ['keys', keys.signed],
      ['index', index.signed],
    ] as const) {
      if (head === null) continue;
      requireSame(head.root, await treeRoot(head.size, storedTiles(this.#db, log)), `the tiles of the ${log} log`);
    }
    if (keys.signed !== null) requireSame(keys.signed.root, this.#next.logRoot(), 'the key log');
    await this.adopt();
  }

  /** Takes the newest published head for the one that is served. */
  async adopt(): Promise<ServedHead | null> {
    const { index } = await readHeads(this.#db);
    if (index.published === null) return null;
    const { size, note } = index.published;
    if (this.#head?.indexSize === size) {
      this.#head = { ...this.#head, indexCheckpoint: note };
      return this.#head;
    }
    const entry = await this.#indexEntry(size - 1);
    const { mapRoot, checkpoint } = parseIndexLeaf(entry);
    const keys = parseCheckpoint(parseNote(checkpoint).text);
    await this.#advance(this.#served, keys.size);
    requireSame(keys.rootHash, this.#served.logRoot(), 'the key log');
    requireSame(mapRoot, this.#served.mapRoot(), 'the map');
    this.#head = {
      indexCheckpoint: note,
      indexLeaf: Buffer.from(entry).toString('utf8'),
      indexInclusion: await proveInclusion({ index: size - 1, size }, storedTiles(this.#db, 'index')),
      indexSize: size,
      keysSize: keys.size,
    };
    return this.#head;
  }

  /** The next head of the key log over what was accepted since the last; null where there is nothing. */
  async growKeys({ nowMs }: { readonly nowMs: number }): Promise<Growth | null> {
    const { keys } = await readHeads(this.#db);
    const fromSize = keys.signed?.size ?? 0;
    const count = await countLeaves(this.#db);
    // What was computed and not written is computed again, never for a smaller head.
    const size = Math.max(this.#next.size, Math.min(count, fromSize + leavesAtOnce));
    if (size === fromSize) return null;
    const rows = await this.#leaves(fromSize, size);
    if (rows.length !== size - fromSize) throw new Error('the leaves of the key log have gaps');
    const leafHashes = rows.map((leaf) => leafHash(leaf));
    const grown = await growTree({ oldSize: fromSize, tiles: storedTiles(this.#db, 'keys'), leafHashes });
    for (const leaf of rows.slice(this.#next.size - fromSize)) this.#next.add(leaf);
    requireSame(grown.rootHash, this.#next.logRoot(), 'the key log');
    const note = await this.#signer.signHead('keys', { size, rootHash: grown.rootHash }, nowMs);
    return { log: 'keys', fromSize, size, root: grown.rootHash, note, tiles: grown.tiles, entry: null };
  }

  /**
   * The next head of the index log, over the newest published head of the key log; null where that is in it, with `renew`
   * byte for byte: it may have been signed again, by witnesses who are asked only now.
   */
  async growIndex({ nowMs, renew }: { readonly nowMs: number; readonly renew: boolean }): Promise<Growth | null> {
    const { keys, index } = await readHeads(this.#db);
    if (keys.published === null) return null;
    const fromSize = index.signed?.size ?? 0;
    if (fromSize > 0) {
      const embedded = await this.#embedded(fromSize - 1);
      const isSame = embedded.note === keys.published.note || !renew;
      if (embedded.size > keys.published.size || (embedded.size === keys.published.size && isSame)) return null;
    }
    if (this.#next.size !== keys.published.size) throw new Error('the map is not that of the published head');
    const checkpoint = Buffer.from(keys.published.note, 'utf8');
    const entry = encodeIndexLeaf({ mapRoot: this.#next.mapRoot(), checkpoint });
    const leafHashes = [leafHash(entry)];
    const tiles = storedTiles(this.#db, 'index');
    const { size, rootHash, ...grown } = await growTree({ oldSize: fromSize, tiles, leafHashes });
    const note = await this.#signer.signHead('index', { size, rootHash }, nowMs);
    return { log: 'index', fromSize, size, root: rootHash, note, tiles: grown.tiles, entry };
  }

  /** The same head with the time of now. */
  async signAgain({ log, nowMs }: { readonly log: LogName; readonly nowMs: number }): Promise<StoredHead | null> {
    const { signed } = (await readHeads(this.#db))[log];
    if (signed === null) return null;
    const { size, root } = signed;
    return { size, root, note: await this.#signer.signHead(log, { size, rootHash: root }, nowMs) };
  }

  /** For a witness that knows the log at `oldSize`. */
  consistency(input: {
    readonly log: LogName;
    readonly oldSize: number;
    readonly newSize: number;
  }): Promise<readonly Uint8Array[]> {
    const { log, ...sizes } = input;
    return proveConsistency(sizes, storedTiles(this.#db, log));
  }

  /** Takes about ten milliseconds: it is done once for an address that exists. */
  indexOf({ label }: { readonly label: string }): AddressIndex {
    const { output, proof } = proveVrf(this.#vrfSecret, vrfInput(label));
    return { logIndex: output.slice(0, 32), proof };
  }

  /** Where in the signed log a version of an address stands; null where it is not in it. */
  positionOf({ logIndex, version }: { readonly logIndex: Uint8Array; readonly version: number }): number | null {
    return this.#next.positionsOf(logIndex)[version] ?? null;
  }

  /** Whether an address has entries, served yet or not: one whose account was lost with a disk keeps them. */
  hasEntries({ logIndex }: { readonly logIndex: Uint8Array }): boolean {
    return this.#next.positionsOf(logIndex).length > 0;
  }

  /** @returns null while there is no head */
  async prove(input: {
    readonly wanted: readonly WantedLabel[];
    readonly known: KnownSizes | null;
  }): Promise<Proved | null> {
    const head = this.#head;
    if (head === null) return null;
    const { known } = input;
    const keysTiles = storedTiles(this.#db, 'keys');
    const inclusionOf = inclusionProver(head.keysSize, keysTiles);
    const labels: ProvedLabel[] = [];
    for (const wanted of input.wanted) labels.push(await this.#proveLabel(wanted, inclusionOf));
    const indexTiles = storedTiles(this.#db, 'index');
    return {
      head: {
        ...head,
        indexConsistency: await between(known?.indexSize ?? 0, head.indexSize, indexTiles),
        keysConsistency: await between(known?.keysSize ?? 0, head.keysSize, keysTiles),
      },
      labels,
    };
  }

  async #proveLabel(
    { logIndex, fromVersion }: WantedLabel,
    inclusionOf: (position: number) => Promise<readonly Uint8Array[]>,
  ): Promise<ProvedLabel> {
    const positions = this.#served.positionsOf(logIndex);
    const leaves: { leaf: Uint8Array; inclusion: readonly Uint8Array[] }[] = [];
    for (const position of positions.slice(fromVersion)) {
      const [leaf] = await this.#leaves(position, position + 1);
      if (leaf === undefined) throw new Error('a leaf of the key log is missing');
      leaves.push({ leaf, inclusion: await inclusionOf(position) });
    }
    return { positions, mapProof: this.#served.prove(logIndex).proof, leaves };
  }

  async #advance(replay: Replay, size: number): Promise<void> {
    while (replay.size < size) {
      const leaves = await this.#leaves(replay.size, Math.min(size, replay.size + leavesAtOnce));
      if (leaves.length === 0) throw new ServerError('data_damaged', 'leaves of the key log are missing');
      for (const leaf of leaves) replay.add(leaf);
    }
  }

  async #leaves(from: number, to: number): Promise<Uint8Array[]> {
    const rows = await this.#db
      .selectFrom('key_leaf')
      .select('leaf')
      .where('position', '>=', from)
      .where('position', '<', to)
      .orderBy('position')
      .execute();
    return rows.map((row) => row.leaf);
  }

  async #indexEntry(position: number): Promise<Uint8Array> {
    const { leaf } = await this.#db
      .selectFrom('index_leaf')
      .select('leaf')
      .where('position', '=', position)
      .executeTakeFirstOrThrow();
    return leaf;
  }

  async #embedded(position: number): Promise<{ readonly size: number; readonly note: string }> {
    const { checkpoint } = parseIndexLeaf(await this.#indexEntry(position));
    const { size } = parseCheckpoint(parseNote(checkpoint).text);
    return { size, note: Buffer.from(checkpoint).toString('utf8') };
  }
}

async function between(oldSize: number, newSize: number, tiles: HashTiles): Promise<readonly Uint8Array[]> {
  // A client that knows a larger head has evidence; there is nothing to prove to it.
  return oldSize > newSize ? [] : proveConsistency({ oldSize, newSize }, tiles);
}

function requireSame(one: Uint8Array, other: Uint8Array, what: string): void {
  if (Buffer.compare(one, other) !== 0) throw new ServerError('data_damaged', `${what} is not what was signed`);
}
