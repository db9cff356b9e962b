import { leafHash, RunningTree, sha256 as defaultSha256, type Sha256 } from '@latchkey/tlog';
import { KeyDirectoryError } from '../errors.ts';
import { COMMITMENT_AT, INDEX_AT, leafFlag, type LeafFlag } from '../leaf.ts';
import { MAX_REPLAY_LEAVES } from '../limits.ts';
import { IndexTree, type MapProof } from '../map/index-tree.ts';
import { PositionLists } from './position-lists.ts';

/** Keeps the set of changed slots small while millions of leaves are read without a look at the map. */
const MOST_CHANGED = 65_536;

/**
 * The key log read from its beginning: what its root and the map's root must be. For auditors, for clients that tail
 * the log, and for a server that starts (docs/spec/12-key-directory.md, "Replay"). Leaves are given in order, each once.
 */
export class Replay {
  readonly #tree: IndexTree;
  readonly #log: RunningTree;
  readonly #positions: PositionLists;
  readonly #sha256: Sha256;
  /** Slots whose value is out of date; the values are computed when the map is asked for. */
  #changed = new Set<number>();

  constructor(sha256: Sha256 = defaultSha256) {
    this.#sha256 = sha256;
    this.#tree = new IndexTree(sha256);
    this.#log = new RunningTree({ sha256 });
    this.#positions = new PositionLists(sha256);
  }

  /** How many leaves were read. */
  get size(): number {
    return this.#log.size;
  }

  /**
   * Reads the next leaf and gives its version: its ordinal among those of its index.
   * @throws KeyDirectoryError `leaf_malformed`, `genesis_missing`, `genesis_twice`, `log_full`; nothing is changed then
   */
  add(leaf: Uint8Array): number {
    const flag = leafFlag(leaf);
    if (this.#log.size >= MAX_REPLAY_LEAVES) throw new KeyDirectoryError('log_full', 'this log is too long to replay');
    const key = leaf.subarray(INDEX_AT, COMMITMENT_AT);
    const slot = flag === 'genesis' ? this.#tree.add(key) : this.#tree.slotOf(key);
    if (slot === -1) throw misplaced(flag);
    const version = this.#positions.append(slot, this.#log.size);
    this.#log.append(leafHash(leaf, this.#sha256));
    this.#changed.add(slot);
    if (this.#changed.size === MOST_CHANGED) this.#current();
    return version;
  }

  /** The root of the key log over all leaves read. */
  logRoot(): Uint8Array {
    return this.#log.rootHash();
  }

  /** The root of the map over all leaves read. */
  mapRoot(): Uint8Array {
    return this.#current().root;
  }

  /** What the map says about an index, with its proof against `mapRoot()`. */
  prove(index: Uint8Array): MapProof {
    return this.#current().prove(index);
  }

  /** All positions of an index, rising; none where it has none. */
  positionsOf(index: Uint8Array): number[] {
    const slot = this.#tree.slotOf(index);
    return slot === -1 ? [] : this.#positions.list(slot);
  }

  #current(): IndexTree {
    for (const slot of this.#changed) this.#tree.setSlot(slot, this.#positions.hash(slot));
    this.#changed = new Set();
    return this.#tree;
  }
}

function misplaced(flag: LeafFlag): KeyDirectoryError {
  return flag === 'genesis'
    ? new KeyDirectoryError('genesis_twice', 'an index has a second genesis')
    : new KeyDirectoryError('genesis_missing', 'an index begins with another leaf than a genesis');
}
