/** Entries of a log that contradict a head that it has signed (docs/spec/14-proving-directory.md, "Evidence"). */
import {
  compareIndexLeaf,
  decodeLeaf,
  KeyDirectoryError,
  LEAF_BYTES,
  positionsHash,
  readIndexLeaf,
  Replay,
  verifyMapProof,
} from '@latchkey/key-directory';
import type { VerifiedHead } from '@latchkey/key-directory/verify';
import { leafHash, RunningTree, verifyInclusion } from '@latchkey/tlog';
import { utf8 } from '@scure/base';
import { equalBytes } from '../../signing/equal-bytes.ts';

export interface ShownHead {
  readonly checkpoint: string;
  readonly leaf: string;
  /** Of the last index leaf. */
  readonly inclusion: readonly Uint8Array[];
}

/** A leaf under the own address that the map does not have. */
export interface HiddenLeaf {
  readonly what: 'leaf_hidden';
  readonly head: ShownHead;
  readonly vrfProof: Uint8Array;
  readonly positions: readonly number[];
  readonly mapProof: Uint8Array;
  readonly position: number;
  readonly leaf: Uint8Array;
  readonly inclusion: readonly Uint8Array[];
}

/** An index leaf that is not what a replay gives. */
export interface FalseHead {
  readonly what: 'false_head';
  readonly head: ShownHead;
  readonly indexPosition: number;
  readonly indexLeaf: string;
  readonly inclusion: readonly Uint8Array[];
  /** The whole key log up to the head, 66 bytes a leaf. Null: it is too long for a vault, and put into the file. */
  readonly leaves: string | null;
}

type Heads = Pick<VerifiedHead, 'index' | 'keys' | 'mapRoot'>;

/** @param index of the address */
export function isHidden({ keys, mapRoot }: Heads, found: HiddenLeaf, index: Uint8Array): 'leaf_hidden' | null {
  const { positions, position, leaf, inclusion, mapProof } = found;
  try {
    const value = positions.length === 0 ? null : positionsHash(positions);
    const isOwn = equalBytes(decodeLeaf(leaf).index, index) && !positions.includes(position);
    const isShown = verifyMapProof({ root: mapRoot, key: index, value, proof: mapProof });
    const place = { index: position, size: keys.size, root: keys.rootHash };
    const isInLog = verifyInclusion({ ...place, leafHash: leafHash(leaf), proof: inclusion });
    return isOwn && isShown && isInLog ? 'leaf_hidden' : null;
  } catch (error) {
    if (error instanceof KeyDirectoryError) return null;
    throw error;
  }
}

/** Which lie it is; null for none. @param leaves the whole key log up to the head, one after the other */
export function falsehood({ keys, index }: Heads, found: FalseHead, leaves: Uint8Array): string | null {
  if (leaves.length !== keys.size * LEAF_BYTES) return null;
  const all = Array.from({ length: keys.size }, (_, at) => leaves.subarray(at * LEAF_BYTES, (at + 1) * LEAF_BYTES));
  const log = new RunningTree();
  for (const leaf of all) log.append(leafHash(leaf));
  const indexLeaf = utf8.decode(found.indexLeaf);
  const place = { index: found.indexPosition, size: index.size, root: index.rootHash };
  const isInLog = verifyInclusion({ ...place, leafHash: leafHash(indexLeaf), proof: found.inclusion });
  if (!isInLog || !equalBytes(log.rootHash(), keys.rootHash)) return null;
  return falsehoodOf(indexLeaf, all);
}

/** What is wrong with an index leaf over these leaves of the key log. */
function falsehoodOf(indexLeaf: Uint8Array, leaves: readonly Uint8Array[]): string | null {
  const replay = new Replay();
  try {
    const read = readIndexLeaf(indexLeaf);
    if (read.keys.size > leaves.length) return 'keys_rolled_back';
    for (const leaf of leaves.slice(0, read.keys.size)) replay.add(leaf);
    return compareIndexLeaf(replay, read)?.reason ?? null;
  } catch (error) {
    if (error instanceof KeyDirectoryError) return error.code;
    throw error;
  }
}
